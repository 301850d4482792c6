/** What cannot be plugged into a running guest or out of it, whoever asks. */
import { type ErrorName, LibvirtError } from "../../../errors.ts";
import {
  type Controller,
  type Domain as Definition,
  type DeviceKey,
  type Disk,
  devicesOfKind,
  type GivenDevice,
  type Hostdev,
  type Input,
} from "../../../model/domain/index.ts";

export function refuse(detail: string, code: ErrorName = "OPERATION_UNSUPPORTED"): never {
  throw new LibvirtError(code, "QEMU", detail);
}

const attachable: ReadonlySet<DeviceKey> = new Set<DeviceKey>([
  ...(["disks", "controllers", "interfaces", "hostdevs", "redirdevs", "serials", "parallels", "consoles"] as const),
  ...(["channels", "rngs", "shmems", "watchdog", "inputs", "filesystems"] as const),
]);

/** Whether devices of a kind can leave a running guest. */
export const canLeave = (key: DeviceKey): boolean => attachable.has(key);

/** Kinds as messages call them where that is not the element's name. */
const names: { readonly [Key in DeviceKey]?: string } = {
  serials: "chr",
  parallels: "chr",
  consoles: "chr",
  channels: "chr",
};

/** What libvirt's messages call a device. */
export const nameOf = ({ key, element }: GivenDevice): string => names[key] ?? element;

/**
 * Refuses what cannot be plugged in.
 * @throws LibvirtError OPERATION_UNSUPPORTED and others
 */
export function refuseAttach(definition: Definition, given: GivenDevice): void {
  const { key, device } = given;
  if (!attachable.has(key)) refuse(`live attach of device '${nameOf(given)}' is not supported`);
  switch (key) {
    case "disks":
      refuseDisk(device as Disk);
      return;
    case "controllers": {
      const { type, index } = device as Controller;
      if (type !== "scsi") refuse(`'${type}' controller cannot be hot plugged.`);
      const isTaken = definition.devices.controllers.some((one) => one.type === type && one.index === index);
      if (isTaken) refuse(`target ${type}:${index} already exists`, "OPERATION_FAILED");
      return;
    }
    case "hostdevs":
      if ((device as Hostdev).mode !== "subsystem") refuse("host devices of containers cannot be plugged in");
      return;
    case "watchdog":
      if (definition.devices.watchdog) refuse("domain already has a watchdog", "OPERATION_INVALID");
      return;
    case "inputs": {
      const { bus } = device as Input;
      if (bus !== "usb" && bus !== "virtio") refuse(`input device on bus '${bus}' cannot be hot plugged.`);
    }
  }
}

function refuseDisk({ device, transient, storage, target }: Disk): void {
  if (device === "floppy") refuse("floppy device hotplug isn't supported");
  if (transient) refuse("transient disk hotplug isn't supported");
  if (storage.type === "vhostuser" && target.bus !== "virtio") refuse("vhostuser disks are plugged in on virtio alone");
}

/** Kinds that could be plugged out if there were one: memory is looked for before it is refused. */
const detachable: ReadonlySet<DeviceKey> = new Set<DeviceKey>([...attachable, "memories", "vsock"]);

/** Refuses kinds of devices that never leave a guest, before one is looked for. */
export function refuseDetachOf(given: GivenDevice): void {
  if (!detachable.has(given.key)) refuse(`live detach of device '${nameOf(given)}' is not supported`);
}

/**
 * Refuses what cannot be plugged out.
 * @throws LibvirtError OPERATION_UNSUPPORTED and others
 */
export function refuseDetach(definition: Definition, given: GivenDevice): void {
  const { key, device } = given;
  if (!attachable.has(key)) refuse(`live detach of device '${nameOf(given)}' is not supported`);
  if (key === "disks") {
    const { device: type, target } = device as Disk;
    const lasting = type === "floppy" || (type === "cdrom" && target.bus !== "usb" && target.bus !== "scsi");
    if (lasting) refuse(`disk device type '${type}' cannot be detached`);
    if (target.bus !== "virtio" && target.bus !== "usb" && target.bus !== "scsi") {
      refuse("This type of disk cannot be hot unplugged");
    }
  }
  if (key === "controllers") {
    const { type, index } = device as Controller;
    if (type !== "scsi") refuse(`'${type}' controller cannot be hot unplugged.`);
    if (isBusy(definition, type, index)) refuse("device cannot be detached: device is busy", "OPERATION_FAILED");
  }
}

/** Whether something is plugged into a controller. */
function isBusy(definition: Definition, type: string, index: number | undefined): boolean {
  const drives = definition.devices.disks.filter(({ target }) => target.bus === type);
  const hostdevs = devicesOfKind(definition, "hostdevs");
  return [...drives, ...hostdevs].some(({ address }) => address?.type === "drive" && address.controller === index);
}
