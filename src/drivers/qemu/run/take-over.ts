/** Guests that an earlier program started and left running: they are found, and what happened meanwhile is learned. */

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { StateWithReason } from "../../../driver/domain/kept/domain.ts";
import { parseUuid } from "../../../driver/object-list.ts";
import {
  DomainCrashedReason,
  DomainEventResumedDetailType,
  DomainEventStoppedDetailType,
  DomainPausedReason,
  DomainPMSuspendedReason,
  DomainRunningReason,
  DomainShutdownReason,
  DomainShutoffReason,
  DomainState,
} from "../../../protocol/index.ts";
import { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain, PassedCommand } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import { cont, queryStatus } from "../monitor/commands/run-state.ts";
import { array, boolean, fields, string } from "../monitor/shape.ts";
import { deviceLeft } from "../plug/detach.ts";
import { onlyWith } from "../plug/lists.ts";
import { surveyDevices } from "../plug/survey.ts";
import { giveUp, wakeBriefly } from "../save/stream.ts";
import type { Status } from "../state/status.ts";
import { attach } from "./attach.ts";
import { onShutdown } from "./guest-ends.ts";
import { isWritten } from "./images/written-file.ts";
import { bindFilters } from "./network/filters.ts";
import { reclaimPorts } from "./network/ports.ts";
import { endQemu, endUnknown, findQemu, type QemuProcess } from "./process.ts";
import { clearRun, removeWriting, unannounced } from "./put-away.ts";
import { setUpDevices } from "./set-up.ts";

/** Takes over every guest of the root that runs, and puts away what is left of those that do not. */
export async function takeOverAll(host: QemuHost): Promise<void> {
  const found = await host.statuses.readAll();
  const folders = new Set<string>();
  for (const { status } of found) {
    if (!status) continue;
    folders.add(status.folder);
    host.idTaken(status.id);
    host.ownership.taken(status.owners);
  }
  await Promise.all([
    ...found.map(({ name, status }) => (status ? takeOver(host, status) : host.statuses.remove(name))),
    endForgotten(host, folders),
  ]);
}

async function takeOver(host: QemuHost, status: Status): Promise<void> {
  const { name, folder } = status;
  try {
    if (!status.process) await endUnknown(folder);
    const qemu = status.process && (await findQemu(status.process, folder, name));
    if (!qemu) await goneMeanwhile(host, status);
    else if (!status.started) await endUnfinished(host, status, qemu);
    else await reattach(host, status, qemu);
  } catch (error) {
    if (status.process) host.uncontrolled.add(status.uuid, status.process);
    process.emitWarning(`cannot take over domain '${name}': ${String(error)}`, "TsvirtWarning");
  }
}

/** Nobody was told of a guest whose start was cut short, so it is not kept. */
async function endUnfinished(host: QemuHost, status: Status, qemu: QemuProcess): Promise<void> {
  await endQemu(qemu.id, qemu.gone);
  qemu.detach();
  await clearRun(host, status);
  domainOf(host, status)?.end(DomainShutoffReason.FAILED);
}

async function goneMeanwhile(host: QemuHost, status: Status): Promise<void> {
  const domain = domainOf(host, status);
  // Before the status goes, which is what says that the save is worth nothing any more.
  if (status.savedSpent && domain?.managedSave) await host.removeManagedSave(domain);
  await clearRun(host, status);
  domain?.end(reasonOfEnd(status, domain));
}

function reasonOfEnd({ started, state }: Status, { managedSave }: QemuDomain): DomainShutoffReason {
  if (!started) return DomainShutoffReason.FAILED;
  return managedSave ? DomainShutoffReason.SAVED : (unannounced(state).reason as DomainShutoffReason);
}

/** The stored domain of a status; null for a transient one. */
function domainOf(host: QemuHost, { uuid }: Status): QemuDomain | null {
  const bytes = parseUuid(uuid);
  return (bytes && host.domains.byUuid(bytes)) ?? null;
}

async function reattach(host: QemuHost, status: Status, qemu: QemuProcess): Promise<void> {
  const uuid = parseUuid(status.uuid);
  if (uuid === null) throw new Error(`'${status.uuid}' is no UUID`);
  const domain = domainOf(host, status) ?? new QemuDomain(status.name, uuid);
  const { id, definition, emulator, folder, started, rebooting, owners, savedSpent, state, reason } = status;
  const live = attach(host, domain, qemu, {
    ...{ id, definition, emulator, folder, started, rebooting, owners, savedSpent },
    capabilities: await host.capabilities.get(emulator),
    commanded: new Set(status.commanded as PassedCommand[]),
    status: { state, reason },
  });
  host.domains.add(domain);
  await reclaimPorts(host.peers, definition);
  await bindFilters(host.peers, definition, true);
  await clearHalfWritten(status);
  await host.noteRun(domain);
  await learn(host, domain, live, status);
}

/** Files that a killed program, or QEMU on its order, was writing. */
async function clearHalfWritten({ folder, writing }: Status): Promise<void> {
  if (writing !== null) await removeWriting(writing);
  for (const name of await readdir(folder)) if (isWritten(name)) await rm(join(folder, name), { force: true });
}

/** Asks what the guest has done since somebody last looked. */
async function learn(
  host: QemuHost,
  domain: QemuDomain,
  live: LiveDomain,
  { writing, plugging }: Status,
): Promise<void> {
  const [{ status }] = await Promise.all([
    queryStatus(live.monitor),
    learnDevices(host, domain, live, plugging),
    learnChannels(live),
  ]);
  const before = live.status;
  live.status = stateNow(status, before);
  if (live.status.state !== before.state) host.noteStatus(domain);
  if (status === "shutdown") onShutdown(host, domain, live);
  else await finishLongWork(host, domain, live, writing !== null);
}

/** Which devices the guest has: some may have left, and of some it is not known whether they came. */
async function learnDevices(
  host: QemuHost,
  domain: QemuDomain,
  live: LiveDomain,
  plugging: readonly string[],
): Promise<void> {
  const { left, arrived } = await surveyDevices(live, plugging);
  for (const alias of left) deviceLeft(host, domain, live, alias);
  await Promise.all(live.leaving.values());
  if (plugging.length === 0) return;
  await setUpDevices(live.monitor, onlyWith(live.definition, arrived)).catch((error) => {
    process.emitWarning(`a device of '${domain.name}' was plugged in half: ${String(error)}`, "TsvirtWarning");
  });
  host.noteStatus(domain);
}

/** What a program was doing with a guest when it was killed: a save that is whole counts, all else is given up. */
async function finishLongWork(host: QemuHost, domain: QemuDomain, live: LiveDomain, writing: boolean): Promise<void> {
  const { state, reason } = live.status;
  const saving = state === DomainState.PAUSED && reason === DomainPausedReason.SAVE;
  const dumping = state === DomainState.PAUSED && reason === DomainPausedReason.DUMP;
  if (domain.managedSave && !live.savedSpent) {
    // It is whole, and the guest has not run since.
    live.ending = { reason: DomainShutoffReason.SAVED, detail: DomainEventStoppedDetailType.SAVED };
    await endQemu(live.process, live.exited);
    await live.gone;
    return;
  }
  await host.removeSpentSave(domain, live);
  if (!saving && !dumping && !writing) return;
  await giveUp(live.monitor);
  if (!saving && !dumping) return wakeBriefly(live);
  live.intents.resume = {
    reason: saving ? DomainRunningReason.SAVE_CANCELED : DomainRunningReason.UNPAUSED,
    detail: DomainEventResumedDetailType.UNPAUSED,
  };
  await cont(live.monitor);
}

const chardevs = array(fields({ label: string, "frontend-open": boolean }));

/** Which channels the guest has open. */
async function learnChannels({ monitor, definition, agent }: LiveDomain): Promise<void> {
  if (definition.devices.channels.length === 0) return;
  const open = new Map<string, boolean>();
  for (const chardev of await monitor.ask("query-chardev", chardevs)) open.set(chardev.label, chardev["frontend-open"]);
  for (const { alias, target } of definition.devices.channels) {
    if (target.type !== "virtio" || alias === undefined) continue;
    const isOpen = open.get(`char${alias}`) === true;
    target.state = isOpen ? "connected" : "disconnected";
    if (agent?.alias === alias) agent.guestOpened(isOpen);
  }
}

/** QEMU's state as libvirt's; a state that has not changed keeps its reason. */
function stateNow(status: string, before: StateWithReason): StateWithReason {
  const now = stateOf(status);
  return now.state === before.state ? before : now;
}

function stateOf(status: string): StateWithReason {
  switch (status) {
    case "running":
    case "debug":
    case "finish-migrate":
      return { state: DomainState.RUNNING, reason: DomainRunningReason.UNKNOWN };
    case "shutdown":
      return { state: DomainState.SHUTDOWN, reason: DomainShutdownReason.UNKNOWN };
    case "suspended":
      return { state: DomainState.PMSUSPENDED, reason: DomainPMSuspendedReason.UNKNOWN };
    case "guest-panicked":
      return { state: DomainState.CRASHED, reason: DomainCrashedReason.PANICKED };
    case "io-error":
      return { state: DomainState.PAUSED, reason: DomainPausedReason.IOERROR };
    case "watchdog":
      return { state: DomainState.PAUSED, reason: DomainPausedReason.WATCHDOG };
    default:
      return { state: DomainState.PAUSED, reason: DomainPausedReason.UNKNOWN };
  }
}

/** A QEMU that was started in the moment in which our program was killed has a folder and no status: it is ended. */
async function endForgotten(host: QemuHost, known: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(host.layout.runs)) {
    const folder = join(host.layout.runs, name);
    if (known.has(folder)) continue;
    await endUnknown(folder);
    await Promise.all(
      [folder, join(host.layout.channels, name)].map((path) => rm(path, { recursive: true, force: true })),
    );
  }
}
