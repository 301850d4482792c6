/** A running guest's definition with one device more, as it would be if the device had been there at the start. */
import { LibvirtError } from "../../../errors.ts";
import {
  type AnyDevice,
  type Domain as Definition,
  type DeviceKey,
  devicesOfKind,
  finishDomain,
  type GivenDevice,
  isListOfDevices,
  setDevicesOfKind,
} from "../../../model/domain/index.ts";
import { assignUsb } from "../addresses/usb.ts";
import { assignAliases } from "../aliases.ts";
import { completionFor, type DefinitionContext } from "../definition/index.ts";
import { definitionContext } from "../definitions.ts";
import type { LiveDomain } from "../domain/live.ts";
import type { QemuHost } from "../host.ts";
import { highestImage, numberDisk } from "../launch/images/numbers.ts";
import { type KnownDevice, knownDevices, onlyWith } from "./lists.ts";

/** What is to be plugged in. */
export interface Addition {
  /** The definition as it will be. It is nobody else's. */
  readonly definition: Definition;
  /** The new devices in it, each after what it is plugged into. */
  readonly added: readonly KnownDevice[];
  /** A definition of these alone. */
  readonly only: Definition;
}

/**
 * Completes a device for a running guest: its place, its name, and a controller if it needs one.
 * @throws LibvirtError for what does not fit in.
 */
export async function completeAddition(host: QemuHost, live: LiveDomain, given: GivenDevice): Promise<Addition> {
  const { capabilities, definition } = live;
  return additionTo(definition, given, { ...(await definitionContext(host, definition)), capabilities });
}

/** The same for what is known of a guest and its emulator. */
export function additionTo(running: Definition, given: GivenDevice, known: DefinitionContext): Addition {
  const copy = structuredClone(running);
  addDevice(copy, given);
  const context = { ...known, abiUpdate: false, live: true, fixedBuses: true };
  const definition = finishDomain({ value: copy, unknown: [] }, completionFor(context));
  assignUsb(definition);
  assignAliases(definition);
  const before = new Set(knownDevices(running).map(({ device }) => device.alias));
  // Whatever else completing adds to a definition, the guest runs without.
  const added = knownDevices(definition)
    .filter(({ key, device }) => device === given.device || (carries.has(key) && !before.has(device.alias)))
    .sort((a, b) => Number(b.key === "controllers") - Number(a.key === "controllers"));
  refuseOthers(added, given.key);
  return { definition, added, only: onlyWith(definition, added) };
}

/** Puts a device at the end of those of its kind. */
export function addDevice(definition: Definition, { key, device }: GivenDevice): void {
  const there = devicesOfKind(definition, key);
  setDevicesOfKind(definition, key, isListOfDevices(key) ? [...there, device] : [device]);
}

/** Gives the images of new disks numbers that no other image of the guest has. */
export function numberAddition({ only }: Addition, live: Pick<LiveDomain, "definition">): void {
  let last = highestImage(live.definition);
  for (const disk of only.devices.disks) last = numberDisk(disk, last);
}

/** The first console is the first serial port once more. */
const isMirror = ({ devices }: Definition, key: DeviceKey, { alias }: AnyDevice): boolean =>
  key === "consoles" && devices.serials[0] !== undefined && devices.serials[0].alias === alias;

/** What other devices are plugged into. */
const carries: ReadonlySet<DeviceKey> = new Set<DeviceKey>(["controllers", "hubs"]);

/** Buses whose controllers can be plugged in when a device needs one. */
const pluggable: ReadonlySet<string> = new Set(["scsi", "virtio-serial"]);

/** A device that needs more than a running guest can be given does not fit in. */
function refuseOthers(added: readonly KnownDevice[], wanted: DeviceKey): void {
  const others = added.filter(({ key }) => key !== wanted);
  for (const { key, device } of others) {
    const type = key === "controllers" ? (device as Definition["devices"]["controllers"][number]).type : undefined;
    if (type !== undefined && pluggable.has(type)) continue;
    const what = type === undefined ? `one of '${key}'` : `a controller of type '${type}'`;
    const detail = `the guest has no place left for this device: it would need ${what} that cannot be plugged in`;
    throw new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", detail);
  }
}

/** Makes what was plugged in a part of the live definition, which may have changed meanwhile. */
export function commitAddition(live: Pick<LiveDomain, "definition">, { definition, added }: Addition): void {
  const isNew = new Set(added.map(({ device }) => device));
  for (const key of new Set(added.map((one) => one.key))) {
    const now = new Map(devicesOfKind(live.definition, key).map((device) => [device.alias, device]));
    const list = devicesOfKind(definition, key).flatMap((device) => {
      if (isNew.has(device) || isMirror(definition, key, device)) return [device];
      const known = now.get(device.alias);
      return known === undefined ? [] : [known];
    });
    setDevicesOfKind(live.definition, key, list);
  }
}
