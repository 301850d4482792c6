/** Devices of stored definitions: added, changed and taken away for the next start. */
import { LibvirtError } from "../../../errors.ts";
import {
  type AnyDevice,
  type Controller,
  type Domain as Definition,
  type DeviceKey,
  type Disk,
  devicesOfKind,
  domainDocument,
  type GivenDevice,
  type Graphics,
  type Interface,
  isListOfDevices,
  setDevicesOfKind,
} from "../../../model/domain/index.ts";
import { readDefinition } from "../definitions.ts";
import type { QemuHost } from "../host.ts";
import { addDevice } from "./complete.ts";
import { findMeant, meantCard } from "./find.ts";
import { type KnownDevice, removeDevice } from "./lists.ts";
import { nameOf, refuse } from "./refuse.ts";

/** The definition after a change in place of a copy of it, complete again. */
export async function changedDefinition(
  host: QemuHost,
  definition: Definition,
  change: (copy: Definition) => void,
): Promise<Definition> {
  const copy = structuredClone(definition);
  change(copy);
  const text = domainDocument.format(copy, { inactive: true, secure: true });
  return (await readDefinition(host, text)).definition;
}

const lasting: ReadonlySet<DeviceKey> = new Set<DeviceKey>([
  ...(["graphics", "memballoon", "videos", "hubs", "smartcards", "nvram", "audios"] as const),
]);

/** Adds a device to a definition, in place. */
export function attachStored(definition: Definition, given: GivenDevice): void {
  const { key, device } = given;
  if (lasting.has(key)) refuse(`persistent attach of device '${nameOf(given)}' is not supported`);
  if (key === "disks") {
    const { target } = device as Disk;
    if (definition.devices.disks.some((disk) => disk.target.dev === target.dev)) {
      refuse(`target ${target.dev} already exists`, "OPERATION_INVALID");
    }
  }
  if (key === "controllers") {
    const { type, index } = device as Controller;
    if (definition.devices.controllers.some((one) => one.type === type && one.index === index)) {
      refuse(`controller index='${index}' already exists`, "OPERATION_INVALID");
    }
  }
  if (!isListOfDevices(key) && devicesOfKind(definition, key).length > 0) {
    refuse(`domain already has a ${nameOf(given)}`, "OPERATION_INVALID");
  }
  addDevice(definition, given);
}

/** Takes a device from a definition, in place. */
export function detachStored(definition: Definition, given: GivenDevice): void {
  if (lasting.has(given.key)) refuse(`persistent detach of device '${nameOf(given)}' is not supported`);
  removeDevice(definition, findMeant(definition, given, { live: false }));
}

/** Puts a device in place of the one that is meant. */
export function updateStored(definition: Definition, given: GivenDevice): void {
  const known = knownFor(definition, given);
  const list = devicesOfKind(definition, known.key);
  // What the client leaves out of its place stays: the guest shall find the device where it was.
  const { address, alias } = known.device;
  const next = { ...given.device };
  if (next.address === undefined && (typeof address === "object") !== undefined) next.address = address;
  if (next.alias === undefined && alias !== undefined) next.alias = alias;
  setDevicesOfKind(
    definition,
    known.key,
    list.map((device) => (device === known.device ? next : device)),
  );
}

function knownFor(definition: Definition, given: GivenDevice): KnownDevice {
  const { key, device } = given;
  switch (key) {
    case "disks": {
      const { target } = device as Disk;
      const found = definition.devices.disks.find((disk) => disk.target.dev === target.dev);
      if (found) return { key, device: found };
      throw new LibvirtError("INVALID_ARG", "QEMU", `target ${target.dev} doesn't exist.`);
    }
    case "interfaces":
      return { key, device: meantCard(definition, device as Interface) };
    case "graphics": {
      const { type } = device as Graphics;
      const found = definition.devices.graphics.find((one) => one.type === type);
      if (found) return { key, device: found as AnyDevice };
      throw new LibvirtError("INVALID_ARG", "QEMU", `cannot find existing graphics type '${type}' device to modify`);
    }
    default:
      return refuse(`persistent update of device '${nameOf(given)}' is not supported`);
  }
}
