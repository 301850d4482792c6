/** What is done when a guest's QEMU has gone: nothing of the run stays behind. */
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { formatUuid } from "../../../driver/object-list.ts";
import { isTemporary } from "../../../host/durable.ts";
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
import { removeMemory } from "./files/memory-folders.ts";
import { removeOverlays } from "./images/overlays.ts";
import { unbindFilters } from "./network/filters.ts";
import { releasePorts } from "./network/ports.ts";
import { deleteTaps } from "./network/taps.ts";
import { endTpm, keepsTpm, removeTpm } from "./tpm/tpm.ts";

/** Clears up after a run and tells its end. It never fails: the guest has gone in any case. */
export async function putAway(host: QemuHost, domain: QemuDomain, live: LiveDomain): Promise<void> {
  live.monitor.close();
  live.agent?.close();
  // A save that QEMU has just finished counts even though QEMU has gone.
  await live.written;
  const { id, folder, owners, definition, writing } = live;
  await clearRun(host, { id, name: domain.name, folder, owners, definition, writing });
  const { reason, detail } = live.ending ?? unannounced(live.status.state);
  domain.end(reason as DomainShutoffReason);
  // A start that failed was never told.
  if (live.started) host.emitLifecycle(domain, DomainEventType.STOPPED, detail);
  if (domain.persistent) return;
  await host.forget(domain);
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

export type Leftovers = Pick<Status, "id" | "name" | "folder" | "owners" | "definition" | "writing">;

/**
 * Gives images back and removes the run's files; what cannot be removed is reported and left.
 * @param madeTaps whether the start came so far that devices of such names are the guest's and not somebody else's.
 */
export async function clearRun(
  host: QemuHost,
  { id, name, folder, owners, definition, writing }: Leftovers,
  madeTaps = true,
): Promise<void> {
  await host.ownership.giveBack(owners);
  if (writing !== null) await removeWriting(writing);
  const channels = host.layout.channelFolder(id, name);
  const steps = [
    putTapsAway(host, madeTaps ? definition.devices.interfaces : []),
    releasePorts(host.peers, definition.devices.interfaces),
    endTpm(host, definition),
    removeMemory(host, definition, folder),
    removeOverlays(definition),
    ...[folder, channels].map((path) => rm(path, { recursive: true, force: true })),
  ];
  for (const step of await Promise.allSettled(steps)) {
    if (step.status === "rejected") report(step.reason);
  }
  // Last: whoever finds it does what is left to do.
  await host.statuses.remove(name).catch(report);
}

/** Another guest may have a device of the same name at once: what is at work on it goes first. */
async function putTapsAway(
  { peers }: QemuHost,
  cards: Leftovers["definition"]["devices"]["interfaces"],
): Promise<void> {
  await unbindFilters(peers, cards);
  await deleteTaps(cards);
}

/** Removes a file that was half written for a guest when its program was killed. Nothing else has such a name. */
export async function removeWriting(path: string): Promise<void> {
  if (!isTemporary(basename(path))) return;
  await rm(path, { force: true }).catch(report);
}
