/** What becomes of a guest that has shut down, as its definition says: on_poweroff, on_reboot, on_crash. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { formatUuid } from "../../../driver/object-list.ts";
import { makeFolder } from "../../../host/files.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import {
  DomainCrashedReason,
  DomainEventCrashedDetailType,
  DomainEventShutdownDetailType,
  DomainEventStoppedDetailType,
  DomainEventType,
  DomainShutdownReason,
  DomainShutoffReason,
  DomainState,
} from "../../../protocol/index.ts";
import { type Ending, type LiveDomain, liveDomain, XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";
import type { ShutdownReason } from "../hypervisor/index.ts";
import { endGuest } from "./end.ts";
import { startDomain } from "./start.ts";

type Action = Definition["on_crash"];

const crashed: Ending = { reason: DomainShutoffReason.CRASHED, detail: DomainEventStoppedDetailType.CRASHED };
const shutDown: Ending = { reason: DomainShutoffReason.SHUTDOWN, detail: DomainEventStoppedDetailType.SHUTDOWN };

const isCrash = (reason: ShutdownReason): boolean => reason === "crash" || reason === "watchdog";

function actionFor({ on_poweroff, on_reboot, on_crash }: Definition, reason: ShutdownReason): Action {
  if (isCrash(reason)) return on_crash;
  return reason === "reboot" || reason === "soft-reset" ? on_reboot : on_poweroff;
}

/** Does what the definition says, in the domain's job. */
export async function afterShutdown(
  host: XenHost,
  domain: XenDomain,
  live: LiveDomain,
  reason: ShutdownReason,
): Promise<void> {
  const action = actionFor(live.definition, reason);
  if (action.startsWith("coredump")) await dumpCrashed(host, domain, live);
  if (action === "preserve") return preserve(host, domain, live, reason);
  if (action === "rename-restart") await setAside(host, domain, live, reason);
  const ending = isCrash(reason) ? crashed : shutDown;
  if (!action.endsWith("restart")) return endGuest(host, domain, live, ending);
  await restart(host, domain, live, ending, reason);
}

/** The guest is made anew with what it had; it gets another number. */
async function restart(
  host: XenHost,
  domain: XenDomain,
  live: LiveDomain,
  ending: Ending,
  reason: ShutdownReason,
): Promise<void> {
  const { definition } = live;
  if (domain.live === live) await endGuest(host, domain, live, ending);
  if (reason === "reboot") host.hub.emit("domainEventCallbackReboot", { dom: domain.ref });
  await startDomain(host, domain, definition, { paused: false });
}

/** It stays as it is, to be looked at, until somebody ends it. */
function preserve(host: XenHost, domain: XenDomain, live: LiveDomain, reason: ShutdownReason): void {
  live.preserved = true;
  if (isCrash(reason)) {
    live.status = { state: DomainState.CRASHED, reason: DomainCrashedReason.UNKNOWN };
    host.emitLifecycle(domain, DomainEventType.CRASHED, DomainEventCrashedDetailType.PANICKED);
  } else {
    live.status = { state: DomainState.SHUTDOWN, reason: DomainShutdownReason.USER };
    host.emitLifecycle(domain, DomainEventType.SHUTDOWN, DomainEventShutdownDetailType.GUEST);
  }
}

/** It stays under another name and another UUID, and what it was is free to start anew. */
async function setAside(host: XenHost, domain: XenDomain, live: LiveDomain, reason: ShutdownReason): Promise<void> {
  const uuid = new Uint8Array(randomBytes(16));
  const name = freeName(host, domain.name);
  await host.roads.tools.rename(live.id, name);
  const definition = { ...live.definition, name, uuid: formatUuid(uuid) };
  const kept = new XenDomain(name, uuid);
  const half = liveDomain(live.id, definition, live.status, true);
  kept.begin(half);
  host.domains.add(kept);
  await host.noteStatus(kept);
  const ending = isCrash(reason) ? crashed : shutDown;
  domain.end(ending.reason);
  await host.noteEnded(domain);
  host.emitLifecycle(domain, DomainEventType.STOPPED, ending.detail);
  preserve(host, kept, half, reason);
}

function freeName(host: XenHost, name: string): string {
  let number = 1;
  while (host.domains.byName(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}

/** Writes the memory of a guest that crashed to where dumps are; one that cannot be written keeps nobody. */
async function dumpCrashed(host: XenHost, { name }: XenDomain, { id }: LiveDomain): Promise<void> {
  await makeFolder(host.layout.dumps, 0o700, "XEN");
  const time = new Date().toISOString().replace(/[-:]/g, "").replace(/\..*/, "");
  try {
    await host.roads.tools.dumpCore(id, join(host.layout.dumps, `${time}-${name}.${id}.core`));
  } catch (error) {
    process.emitWarning(`core of domain '${name}': ${String(error)}`, "TsvirtWarning");
  }
}
