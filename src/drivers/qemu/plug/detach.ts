/** Plugging a device out of a running guest, which must let it go. */
import { LibvirtError } from "../../../errors.ts";
import type { Interface } from "../../../model/domain/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import type { Part } from "../launch/parts/part.ts";
import { deviceDel } from "../monitor/commands/device.ts";
import { findHostFacts } from "../run/host/facts.ts";
import { forgiving } from "../run/images/passphrases.ts";
import { unbindFilters } from "../run/network/filters.ts";
import { releasePorts } from "../run/network/ports.ts";
import { deleteTaps } from "../run/network/taps.ts";
import { takeFilesBack } from "./files.ts";
import { type KnownDevice, knownDevices, onlyWith, removeDevice } from "./lists.ts";
import { removeBackends } from "./monitor-parts.ts";
import { partsContext, partsOfDevice } from "./parts.ts";

/** How long a guest may take to let a device go before nobody waits any more, in ms: libvirt's own limit. */
const patience = 5_000;

/** Asks the guest to let a device go. Events tell whether it does. */
export async function requestDetach({ monitor }: LiveDomain, alias: string): Promise<void> {
  await deviceDel(monitor, alias);
}

/**
 * Asks the guest to let a device go, and waits for that for a while. A guest that takes longer may still do it: the
 * event tells.
 * @throws LibvirtError OPERATION_FAILED when the guest says that it will not.
 */
export async function detachLive({ monitor, leaving }: LiveDomain, alias: string): Promise<void> {
  const end = monitor.waitFor(
    ({ name, data }) => (name === "DEVICE_DELETED" || name === "DEVICE_UNPLUG_GUEST_ERROR") && data.device === alias,
    "end of the unplugging",
    { timeout: patience },
  );
  // When the request itself fails, nobody waits for its end.
  end.catch(() => {});
  await deviceDel(monitor, alias);
  const event = await end.catch((error) => {
    if (!monitor.isOpen) throw error;
    return null;
  });
  if (event?.name === "DEVICE_UNPLUG_GUEST_ERROR") {
    throw new LibvirtError("OPERATION_FAILED", "QEMU", "unplug of device was rejected by the guest");
  }
  await leaving.get(alias);
}

/** A device has left the guest: all else of it is put away, and then it is told. */
export function deviceLeft(host: QemuHost, domain: QemuDomain, live: LiveDomain, alias: string): void {
  const known = knownDevices(live.definition).find(({ device }) => device.alias === alias);
  // QEMU also tells of parts of devices, which have no name of ours.
  if (!known || live.leaving.has(alias)) return;
  const work = putDeviceAway(host, domain, live, known)
    .catch((error) => process.emitWarning(String(error), "TsvirtWarning"))
    .finally(() => live.leaving.delete(alias));
  live.leaving.set(alias, work);
}

async function putDeviceAway(host: QemuHost, domain: QemuDomain, live: LiveDomain, known: KnownDevice): Promise<void> {
  const only = onlyWith(live.definition, [known]);
  await removeBackends(live.monitor, await backendsOf(host, live, known));
  // Of a guest that has gone meanwhile everything is put away at once.
  if (!live.monitor.isOpen) return;
  removeDevice(live.definition, known);
  const cards = only.devices.interfaces as Interface[];
  await unbindFilters(host.peers, cards);
  await deleteTaps(cards);
  await releasePorts(host.peers, cards);
  await takeFilesBack(host, live, only);
  host.noteStatus(domain);
  const devAlias = known.device.alias ?? "";
  host.hub.emit("domainEventCallbackDeviceRemoved", { dom: domain.ref, devAlias });
}

/** What was made for a device besides itself; nothing where that cannot be told any more. */
async function backendsOf(host: QemuHost, live: LiveDomain, known: KnownDevice): Promise<Part[]> {
  try {
    const found = await findHostFacts(host, onlyWith(live.definition, [known]));
    // What opened it once need not be known any more for it to go.
    const goes = { ...found, passphrases: forgiving(found.passphrases) };
    return partsOfDevice(known, await partsContext(host, live, live.definition, goes));
  } catch (error) {
    process.emitWarning(String(error), "TsvirtWarning");
    return [];
  }
}
