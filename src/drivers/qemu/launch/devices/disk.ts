/** Disks: the images, and the drive that shows them to the guest. */
import { LibvirtError } from "../../../../errors.ts";
import { type Disk, type Domain, diskIndex, type StorageOf } from "../../../../model/domain/index.ts";
import { hasBuiltinFloppy } from "../../definition/machine.ts";
import type { JsonObject } from "../../monitor/json.ts";
import { addressProps, aliasOf, controllerAlias, findController } from "../address.ts";
import { bootIndex, bootProps } from "../board/boot-order.ts";
import { type CacheMode, chainOf, effectiveCache, namesOf, prManagerId, reservationsOf } from "../images/image.ts";
import { chainParts, formatDriver } from "../images/parts.ts";
import { blockdev, chardev, device, object, option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { iothreadId } from "../processors/iothread-id.ts";
import type { DeviceContext } from "./context.ts";
import { versionedDriver, virtioProps } from "./virtio.ts";

/** One disk, with everything that it consists of. */
export function diskParts(disk: Disk, context: DeviceContext): Part[] {
  if (disk.storage.type === "vhostuser") return vhostUserParts(disk, disk.storage, context);
  if (disk.target.bus === "sd") return sdParts(disk, context);
  return [...diskBackendParts(disk, context), diskFrontend(disk, context)];
}

/** The images of a disk as nodes: what is changed with the medium of a drive. */
export function diskBackendParts(disk: Disk, context: DeviceContext): Part[] {
  const chain = chainOf(disk, context);
  const parts = [...reservationParts(disk, context), ...chainParts(chain, context)];
  const [top] = chain.images;
  if (top !== undefined && disk.driver?.copy_on_read === true) {
    const filter = {
      driver: "copy-on-read",
      "node-name": copyOnReadNode(disk),
      file: top.names.format,
      discard: "unmap",
    };
    parts.push(blockdev(filter));
  }
  return parts;
}

const copyOnReadNode = ({ target }: Disk): string => `libvirt-CoR-${target.dev}`;

/** The node that the drive shows; undefined for a drive without a medium. */
export function topNode(disk: Disk, context: DeviceContext): string | undefined {
  const [top] = chainOf(disk, context).images;
  if (top === undefined) return undefined;
  return disk.driver?.copy_on_read === true ? copyOnReadNode(disk) : top.names.format;
}

/** A helper that was started for one disk; the one that serves all is no part of a disk. */
function reservationParts(disk: Disk, { folder }: DeviceContext): Part[] {
  const reservations = reservationsOf(disk);
  if (reservations === undefined || reservations.managed) return [];
  return [
    object("pr-manager-helper", prManagerId(disk, namesOf(disk.storage)) ?? "", {
      path: reservations.source?.path ?? folder,
    }),
  ];
}

/** The helper that makes persistent reservations for all disks that leave it to libvirt. */
export function managedReservationParts({ domain, folder }: DeviceContext): Part[] {
  const wanted = domain.devices.disks.some((disk) => reservationsOf(disk)?.managed === true);
  return wanted ? [object("pr-manager-helper", "pr-helper0", { path: `${folder}/pr-helper0.sock` })] : [];
}

/** The drive as the guest sees it. */
function diskFrontend(disk: Disk, context: DeviceContext): Part {
  const { bus } = disk.target;
  if (bus === undefined || bus === "xen" || bus === "uml") {
    throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `unsupported disk bus '${bus}' with device setup`);
  }
  if (bus === "sd") throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", "an SD card cannot be plugged in");
  const { driver, props } = frontends[bus](disk, context);
  return device(driver, {
    ...props,
    "share-rw": disk.shareable === true ? true : undefined,
    drive: topNode(disk, context),
    id: aliasOf(disk),
    ...bootOf(disk, context.domain),
    ...mediumProps(disk),
    ...commonProps(disk),
  });
}

/** The firmware asks the floppy controller, not the drive. */
const bootOf = (disk: Disk, domain: Domain): JsonObject => (disk.device === "floppy" ? {} : bootProps(disk, domain));

type Bus = "virtio" | "scsi" | "ide" | "sata" | "usb" | "fdc";
type Frontend = (disk: Disk, context: DeviceContext) => { readonly driver: string; readonly props: JsonObject };

const frontends: Readonly<Record<Bus, Frontend>> = {
  virtio: virtioDisk,
  scsi: scsiDisk,
  ide: (disk, { domain }) => {
    const { controller, bus, unit } = drivePlace(disk);
    return {
      driver: opticalOr(disk, "ide-cd", "ide-hd"),
      props: { bus: `${controllerAlias(domain, "ide", controller)}.${bus}`, unit },
    };
  },
  sata: (disk, { domain }) => {
    const { controller, unit } = drivePlace(disk);
    return {
      driver: opticalOr(disk, "ide-cd", "ide-hd"),
      props: { bus: `${controllerAlias(domain, "sata", controller)}.${unit}` },
    };
  },
  usb: (disk, { domain }) => ({ driver: "usb-storage", props: addressProps(disk, domain) }),
  fdc: (disk) => ({ driver: "floppy", props: { unit: drivePlace(disk).unit } }),
};

const opticalOr = ({ device: kind }: Disk, optical: string, hard: string): string =>
  kind === "cdrom" ? optical : hard;

function drivePlace({ address, target }: Disk): { controller: number; bus: number; target: number; unit: number } {
  if (address?.type === "drive") return address;
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", `disk '${target.dev}' has no place on its bus`);
}

function virtioDisk(disk: Disk, context: DeviceContext): ReturnType<Frontend> {
  const { driver: name, props } = versionedDriver("virtio-blk", disk, context);
  const { driver } = disk;
  return {
    driver: name,
    props: {
      ...props,
      iothread: driver?.iothread === undefined ? undefined : iothreadId(driver.iothread),
      ...virtioProps(driver),
      ioeventfd: driver?.ioeventfd,
      event_idx: driver?.event_idx,
      scsi: scsiCommands(disk, context),
      "num-queues": driver?.queues,
      "queue-size": driver?.queue_size,
      ...addressProps(disk, context.domain),
    },
  };
}

/** Whether a virtio disk passes SCSI commands on; emulators that would do so by default are told not to. */
function scsiCommands(disk: Disk, { capabilities }: DeviceContext): boolean | undefined {
  if (!capabilities.has("virtio-blk-pci.scsi")) return undefined;
  if (disk.device === "lun") return true;
  return capabilities.has("virtio-blk-pci.scsi.default.disabled") ? undefined : false;
}

/** Models of SCSI controllers whose bus is of the old, narrow kind: a device has an id and no LUN. */
const narrow: ReadonlySet<string | undefined> = new Set(["lsilogic", "buslogic", "ncr53c90", "dc390", "am53c974"]);

/** Where a device is on a SCSI bus. */
export function scsiPlace(
  place: { controller: number; bus: number; target: number; unit: number },
  domain: Domain,
): JsonObject {
  const controller = findController(domain, "scsi", place.controller);
  const bus = `${aliasOf(controller)}.0`;
  if (narrow.has(controller.model)) return { bus, "scsi-id": place.unit };
  return { bus, channel: place.bus, "scsi-id": place.target, lun: place.unit };
}

function scsiDisk(disk: Disk, { domain }: DeviceContext): ReturnType<Frontend> {
  const driver = disk.device === "lun" ? "scsi-block" : opticalOr(disk, "scsi-cd", "scsi-hd");
  // Without an id of its own QEMU would name it after its node, and guests would see another disk after a change.
  const device_id = disk.device === "lun" ? undefined : (disk.serial ?? `drive-${aliasOf(disk)}`);
  return { driver, props: { ...scsiPlace(drivePlace(disk), domain), device_id } };
}

/** What only hard disks have, and what SCSI and ATA say of themselves. */
function mediumProps(disk: Disk): JsonObject {
  const { geometry, blockio, target } = disk;
  return {
    ...(geometry && {
      cyls: geometry.cyls,
      heads: geometry.heads,
      secs: geometry.secs,
      "bios-chs-trans": geometry.trans === "default" ? undefined : geometry.trans,
    }),
    logical_block_size: blockio?.logical_block_size,
    physical_block_size: blockio?.physical_block_size,
    wwn: disk.wwn === undefined ? undefined : BigInt(`0x${disk.wwn.replace(/^0x/i, "")}`),
    rotation_rate: target.rotation_rate,
    vendor: disk.vendor,
    product: disk.product,
    removable: target.bus === "usb" ? target.removable === true : undefined,
  };
}

/** Whether the guest may keep what it writes in a cache. */
const writeCache: Readonly<Record<CacheMode, "on" | "off" | undefined>> = {
  default: undefined,
  none: "on",
  writethrough: "off",
  writeback: "on",
  directsync: "off",
  unsafe: "on",
};

function commonProps(disk: Disk): JsonObject {
  const cache = effectiveCache(disk);
  return {
    // A LUN that is passed through has a cache of its own.
    "write-cache": cache === undefined || disk.device === "lun" ? undefined : writeCache[cache],
    serial: disk.serial,
    ...errorPolicy(disk),
  };
}

/** What happens when the host cannot read or write: reading fails as writing does unless something else is said. */
function errorPolicy({ driver }: Disk): JsonObject {
  const { error_policy: write, rerror_policy: read } = driver ?? {};
  return {
    werror: write === "enospace" ? "enospc" : write,
    rerror: read ?? (write === "enospace" ? undefined : write),
  };
}

function vhostUserParts(disk: Disk, { source }: StorageOf<"vhostuser">, context: DeviceContext): Part[] {
  const id = aliasOf(disk);
  const socket = `chr-vu-${id}`;
  const { reconnect } = source ?? {};
  const { driver: name, props } = versionedDriver("vhost-user-blk", disk, context);
  return [
    chardev(socket, "socket", {
      addr: { type: "unix", data: { path: source?.path ?? "" } },
      server: false,
      reconnect: reconnect?.enabled === true ? reconnect.timeout : undefined,
    }),
    device(name, {
      ...props,
      ...virtioProps(disk.driver),
      "num-queues": disk.driver?.queues,
      "queue-size": disk.driver?.queue_size,
      ...addressProps(disk, context.domain),
      chardev: socket,
      id,
      ...bootProps(disk, context.domain),
    }),
  ];
}

/** SD cards sit on the machine's own slot, which only drives of the old kind reach. */
function sdParts(disk: Disk, context: DeviceContext): Part[] {
  const { storage } = disk;
  const [image] = chainOf(disk, context, () => noNames).images;
  if (image === undefined) return [];
  const path =
    storage.type === "file" ? storage.source?.file : storage.type === "block" ? storage.source?.dev : undefined;
  if (path === undefined)
    throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", "an SD card must be a file or a block device");
  const words = [
    `file=${path.replaceAll(",", ",,")}`,
    `format=${formatDriver(image)}`,
    "if=sd",
    `index=${diskIndex(disk.target.dev) ?? 0}`,
    ...(image.readonly ? ["readonly=on"] : []),
  ];
  return [option("-drive", words.join(","))];
}

const noNames = { storage: "", format: "", slice: "", authSecret: "", encryptionSecret: "", cookieSecret: "", tls: "" };

/**
 * The floppy controller: old machines have one, newer ones get it with the first drive. Which drive is tried for
 * booting is said of the controller.
 */
export function floppyControllerParts({ domain }: DeviceContext): Part[] {
  const drives = domain.devices.disks.filter(({ target }) => target.bus === "fdc");
  if (drives.length === 0) return [];
  const boot: { [name: string]: number } = {};
  for (const drive of drives) {
    const order = bootIndex(drive, domain);
    if (order !== undefined) boot[drivePlace(drive).unit === 0 ? "bootindexA" : "bootindexB"] = order;
  }
  if (!hasBuiltinFloppy(domain)) return [device("isa-fdc", boot)];
  return Object.entries(boot).map(([name, order]) => option("-global", `isa-fdc.${name}=${order}`));
}
