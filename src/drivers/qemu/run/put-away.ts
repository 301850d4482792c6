/** What is done when a guest's QEMU has gone: nothing of the run stays behind. */
import { rm } from "node:fs/promises";
import { formatUuid } from "../../../driver/object-list.ts";
import {
  DomainEventStoppedDetailType,
  DomainEventType,
  DomainShutoffReason,
  DomainState,
} from "../../../protocol/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { Ending, LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import type { Status } from "../state/status.ts";
import { removeMemory } from "./memory-folders.ts";
import { deleteTaps } from "./taps.ts";
import { endTpm, keepsTpm, removeTpm } from "./tpm.ts";

/** Clears up after a run and tells its end. It never fails: the guest has gone in any case. */
export async function putAway(host: QemuHost, domain: QemuDomain, live: LiveDomain): Promise<void> {
  live.monitor.close();
  live.agent?.close();
  const { id, folder, owners, definition } = live;
  await clearRun(host, { id, name: domain.name, folder, owners, definition });
  const { reason, detail } = live.ending ?? unannounced(live.status.state);
  domain.end(reason as DomainShutoffReason);
  // A start that failed was never told.
  if (live.started) host.emitLifecycle(domain, DomainEventType.STOPPED, detail);
  if (domain.persistent) return;
  if (host.domains.byUuid(domain.uuid) === domain) await host.forget(domain);
  if (!keepsTpm(definition)) await removeTpm(host, formatUuid(domain.uuid)).catch(report);
}

function report(error: unknown): void {
  process.emitWarning(String(error), "TsvirtWarning");
}

/** What the end of a guest means that nobody announced: after a shutdown it is the shutdown's, otherwise a crash. */
export function unannounced(state: DomainState): Ending {
  return state === DomainState.SHUTDOWN
    ? { reason: DomainShutoffReason.SHUTDOWN, detail: DomainEventStoppedDetailType.SHUTDOWN }
    : { reason: DomainShutoffReason.CRASHED, detail: DomainEventStoppedDetailType.FAILED };
}

export type Leftovers = Pick<Status, "id" | "name" | "folder" | "owners" | "definition">;

/**
 * Gives images back and removes the run's files; what cannot be removed is reported and left.
 * @param madeTaps whether the start came so far that devices of such names are the guest's and not somebody else's.
 */
export async function clearRun(
  host: QemuHost,
  { id, name, folder, owners, definition }: Leftovers,
  madeTaps = true,
): Promise<void> {
  await host.ownership.giveBack(owners);
  const channels = host.layout.channelFolder(id, name);
  const steps = [
    deleteTaps(madeTaps ? definition.devices.interfaces : []),
    endTpm(host, definition),
    removeMemory(host, definition, folder),
    ...[folder, channels].map((path) => rm(path, { recursive: true, force: true })),
    host.statuses.remove(name),
  ];
  for (const step of await Promise.allSettled(steps)) {
    if (step.status === "rejected") report(step.reason);
  }
}
