/** Finding the device of a definition that a client describes. */
import { LibvirtError } from "../../../errors.ts";
import {
  type AnyDevice,
  type Controller,
  type Domain as Definition,
  type Disk,
  devicesOfKind,
  type GivenDevice,
  type Hostdev,
  type Interface,
  type MemoryDevice,
  type Shmem,
} from "../../../model/domain/index.ts";
import { type KnownDevice, knownDevices } from "./lists.ts";

function missing(detail: string): LibvirtError {
  return new LibvirtError("DEVICE_MISSING", "QEMU", detail);
}

/** Whether the description is of the running guest, for libvirt's words differ. */
export interface FindOptions {
  readonly live: boolean;
}

/**
 * The device that is meant: disks are known by their target, cards by their MAC address, controllers by their number,
 * others by all that is said of them.
 * @throws LibvirtError DEVICE_MISSING, or OPERATION_FAILED when several are like that.
 */
export function findMeant(definition: Definition, given: GivenDevice, options: FindOptions): KnownDevice {
  const { key } = given;
  const list = devicesOfKind(definition, key);
  if (key === "disks") return { key, device: meantDisk(definition, given.device as Disk, options) };
  if (key === "interfaces") return { key, device: meantCard(definition, given.device as Interface) };
  const found = list.find((device) => isMeant(given, device));
  if (found) return { key, device: found };
  throw notThere(given, options);
}

function meantDisk(definition: Definition, { target }: Disk, { live }: FindOptions): Disk {
  const found = definition.devices.disks.find((disk) => disk.target.dev === target.dev);
  if (found) return found;
  throw missing(live ? `disk ${target.dev} not found` : `no target device ${target.dev}`);
}

/** The card of a MAC address, and of a place and a name where these are given. */
export function meantCard({ devices }: Definition, wanted: Interface): Interface {
  const { mac, address, alias } = wanted;
  const found = devices.interfaces.filter(
    (card) =>
      (mac === undefined || card.mac?.address.toLowerCase() === mac.address.toLowerCase()) &&
      (alias === undefined || card.alias === alias) &&
      (address === undefined || contains(card.address, address)),
  );
  if (found.length > 1) {
    const detail = `multiple devices matching MAC address ${mac?.address ?? "(<null>)"} found`;
    throw new LibvirtError("OPERATION_FAILED", "QEMU", detail);
  }
  const [card] = found;
  if (card) return card;
  const place = address?.type === "pci" ? pciText(address) : "(<null>)";
  throw missing(
    `no device found at address '${place}' matching MAC address '${mac?.address ?? "(<null>)"}' and alias '${alias ?? "(<null>)"}'`,
  );
}

function pciText(address: { domain: number; bus: number; slot: number; function: number }): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  return `${hex(address.domain, 4)}:${hex(address.bus, 2)}:${hex(address.slot, 2)}.${address.function}`;
}

function isMeant({ key, device: wanted }: GivenDevice, device: AnyDevice): boolean {
  if (wanted.alias !== undefined && device.alias !== undefined && wanted.alias !== device.alias) return false;
  if (key === "controllers") {
    const [a, b] = [wanted as Controller, device as Controller];
    return a.type === b.type && a.index === b.index;
  }
  return contains(device, { ...wanted, alias: undefined });
}

/** Whether all that is said in one value is so in another. */
export function contains(value: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted !== "object" || wanted === null) return Object.is(value, wanted);
  if (Array.isArray(wanted)) {
    return wanted.length === 0 || (Array.isArray(value) && wanted.every((item, at) => contains(value[at], item)));
  }
  if (typeof value !== "object" || value === null) return Object.values(wanted).every((item) => item === undefined);
  return Object.entries(wanted).every(([key, item]) => contains((value as Record<string, unknown>)[key], item));
}

/** libvirt's words for each kind. */
function notThere({ key, element, device }: GivenDevice, { live }: FindOptions): LibvirtError {
  switch (key) {
    case "controllers": {
      const { type, index } = device as Controller;
      return missing(live ? `controller ${type}:${index} not found` : "device not present in domain configuration");
    }
    case "rngs":
      return missing(
        live ? "model 'random' RNG device not present in domain configuration" : "no matching RNG device was found",
      );
    case "watchdog":
      return missing(live ? "watchdog device not present in domain configuration" : "domain has no watchdog");
    case "serials":
    case "parallels":
    case "consoles":
    case "channels":
      return live
        ? missing(`chr type '${element}' device not present in domain configuration`)
        : new LibvirtError("INVALID_ARG", "QEMU", "device not present in domain configuration");
    case "inputs":
      return missing("matching input device not found");
    case "hostdevs":
      return missing(live ? hostdevText(device as Hostdev) : "device not present in domain configuration");
    case "shmems": {
      const model = (device as Shmem).model ?? "ivshmem";
      return missing(
        live
          ? `model '${model}' shmem device not present in domain configuration`
          : "matching shmem device was not found",
      );
    }
    case "memories":
      return missing(`model '${(device as MemoryDevice).model}' memory device not present in the domain configuration`);
    case "vsock":
      return missing("matching vsock device not found");
    case "filesystems":
      return missing(live ? "matching filesystem not found" : "no matching filesystem device was found");
    case "redirdevs":
      return live
        ? new LibvirtError("OPERATION_INVALID", "QEMU", "no matching redirdev was not found")
        : missing("no matching redirdev was not found");
    default:
      return missing("device not present in domain configuration");
  }
}

function hostdevText(hostdev: Hostdev): string {
  if (hostdev.mode !== "subsystem" || hostdev.device.type !== "pci") return "matching host device not found";
  const { source } = hostdev.device;
  const address = source?.address;
  return address === undefined ? "host pci device not found" : `host pci device ${pciText(address)} not found`;
}

/** The device of that name. */
export function findNamed(definition: Definition, alias: string): KnownDevice {
  const found = knownDevices(definition).find(({ device }) => device.alias === alias);
  if (found) return found;
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", `no device found with alias ${alias}`);
}
