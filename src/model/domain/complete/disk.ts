/** Disks: bus, place on it, source in libvirt's form. */

import { imageFormats } from "../../common/image-format.ts";
import type { AddressOf } from "../address.ts";
import type { Disk } from "../disk.ts";
import { diskBusOf, diskIndex } from "../disk-names.ts";
import type { ParsedDomain } from "../domain.ts";
import { broken, malformed, unsupported } from "../refuse.ts";
import { type BackingStore, backingStoresOf, type Storage, storage as storageShape } from "../storage.ts";
import type { CompletionOptions } from "./options.ts";
import { set, sortWithinKinds } from "./update.ts";

export function completeDisks(domain: ParsedDomain, options: CompletionOptions): void {
  for (const disk of domain.devices.disks) completeTarget(disk);
  sortDisks(domain);
  const places = scsiHostdevPlaces(domain);
  for (const disk of domain.devices.disks) {
    completeStorage(disk.storage);
    dropEmptyStorage(disk);
    for (const below of backingStoresOf(disk)) completeBackingStore(below);
    completeMirror(disk);
    completeDriver(disk);
    completeWords(disk);
    completeIotune(disk);
    completeDiskAddress(places, disk, options);
  }
}

/** Puts disks of one bus together, in the order of their names. */
function sortDisks({ devices }: ParsedDomain): void {
  devices.disks = sortWithinKinds(
    devices.disks,
    ({ target }) => target.bus,
    ({ target }) => diskIndex(target.dev) ?? -1,
  );
}

/** A drive without a medium is not on the network, wherever its next one will come from. */
function dropEmptyStorage(disk: Disk): void {
  if (disk.device !== "cdrom" && disk.device !== "floppy") return;
  const { storage } = disk;
  if ((storage.type === "network" || storage.type === "volume") && storage.source === undefined) {
    disk.storage = { type: "file" };
  }
}

/** A device that nothing names is on the bus that its name, or its kind, hints at. */
function completeTarget(disk: Disk): void {
  const { target } = disk;
  // What Xen's device model was told with this prefix is told by the bus since long.
  target.dev = target.dev.replace(/^ioemu:/, "");
  target.bus ??= disk.device === "floppy" ? "fdc" : (diskBusOf(target.dev) ?? "ide");
  if (disk.device === "floppy" && target.bus === "fdc" && !target.dev.startsWith("fd")) {
    broken(`Invalid floppy device name: ${target.dev}`);
  }
  if (disk.device === "cdrom" || disk.device === "disk" || disk.device === "lun") checkName(disk);
  checkPlaced(disk);
  if (disk.device === "cdrom") disk.readonly = true;
  if (disk.storage.type === "vhostuser") disk.snapshot ??= "no";
  if (!target.rotation_rate) delete target.rotation_rate;
}

/** A name that says no place needs an address that does. */
function checkPlaced({ target: { dev }, address }: Disk): void {
  if (address === undefined && diskIndex(dev) === undefined) {
    malformed(`Unknown disk name '${dev}' and no address specified`);
  }
}

function checkName({ device, target: { dev, bus } }: Disk): void {
  if (device === "disk" && dev.startsWith("fd") && bus !== "fdc") broken(`Invalid harddisk device name: ${dev}`);
  if (device === "cdrom" && dev.startsWith("fd") && bus !== "fdc") broken(`Invalid harddisk device name: ${dev}`);
}

/** Ports that network storage has when none is named. */
const defaultPorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ftp: 21,
  ftps: 990,
  tftp: 69,
  sheepdog: 7000,
  nbd: 10809,
  ssh: 22,
  iscsi: 3260,
  gluster: 24007,
  vxhs: 9999,
};

/** Drops sources that say nothing and fills in ports and LUNs. */
export function completeStorage(storage: Storage): void {
  switch (storage.type) {
    case "file":
      if (storage.source?.file === "") delete storage.source.file;
      break;
    case "block":
      if (storage.source?.dev === "") delete storage.source.dev;
      break;
    case "network":
      if (storage.source !== undefined) completeNetworkSource(storage.source);
      break;
  }
  if ("source" in storage && storage.source !== undefined && "slices" in storage.source) {
    if (storage.source.slices?.slices.length === 0) delete storage.source.slices;
  }
}

type NetworkSource = NonNullable<Extract<Storage, { type: "network" }>["source"]>;

function completeNetworkSource(source: NetworkSource): void {
  // A target without a LUN means its LUN 0.
  if (source.protocol === "iscsi" && source.name !== undefined && !source.name.includes("/")) source.name += "/0";
  for (const host of source.hosts) {
    if (host.transport === "unix") {
      if (host.socket === undefined) malformed("missing socket for unix transport");
      delete host.name;
      delete host.port;
      continue;
    }
    if (host.name === undefined) malformed("missing name for host");
    if (host.transport === "tcp") delete host.transport;
    set(host, "port", host.port || defaultPorts[source.protocol]);
  }
}

function completeBackingStore(below: BackingStore): void {
  const { storage, format } = below;
  if (storage === undefined) return;
  if (format === undefined) malformed("missing disk backing store format");
  if (!("source" in storage) || storage.source === undefined) malformed("missing disk backing store source");
  completeStorage(storage);
}

/** Mirrors were files at first, with their path and format in attributes; these are still there for older programs. */
function completeMirror({ mirror }: Disk): void {
  if (mirror === undefined) return;
  mirror.job ??= "copy";
  if (mirror.file !== undefined && mirror.storage === undefined) {
    mirror.storage = storageShape.make({ type: "file", source: { file: mirror.file } });
    const format = imageFormats.find((one) => one === mirror.legacyFormat);
    if (format !== undefined) mirror.format ??= { type: format };
  }
  if (mirror.storage?.type !== "file" || mirror.job !== "copy") return;
  set(mirror, "file", mirror.storage.source?.file);
  set(mirror, "legacyFormat", mirror.format?.type);
}

function completeDriver(disk: Disk): void {
  const { driver } = disk;
  if (driver === undefined) return;
  // A format that Xen once had, and that means what every other program calls raw.
  if (driver.type === "aio") driver.type = "raw";
  if (driver.cache === "default") delete driver.cache;
  if (!driver.queues) delete driver.queues;
  if (!driver.queue_size) delete driver.queue_size;
}

/** Elements that say only half of something, or zero, are as if they were not there. */
function completeWords(disk: Disk): void {
  const { geometry, blockio } = disk;
  if (geometry !== undefined && !(geometry.cyls && geometry.heads && geometry.secs)) delete disk.geometry;
  if (blockio !== undefined) {
    if (!blockio.logical_block_size) delete blockio.logical_block_size;
    if (!blockio.physical_block_size) delete blockio.physical_block_size;
  }
}

type Iotune = NonNullable<Disk["iotune"]>;

function completeIotune(disk: Disk): void {
  const { iotune } = disk;
  if (iotune === undefined) return;
  for (const what of ["bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max"] as const) {
    const [total, read, write] = (["total", "read", "write"] as const).map(
      (part) => iotune[`${part}_${what}` as keyof Iotune],
    );
    if (total && (read || write)) malformed(`total and read/write ${what} cannot be set at the same time`);
  }
}

/** Places a disk that has no address where its name says: `sdb` is the second unit. */
function completeDiskAddress(places: ReadonlySet<string>, disk: Disk, { wideScsi }: CompletionOptions): void {
  const { bus, dev } = disk.target;
  if (disk.address !== undefined || bus === undefined || bus === "usb" || bus === "virtio") return;
  if (bus === "xen" || bus === "sd" || bus === "uml") return;
  const index = diskIndex(dev);
  if (index === undefined) malformed(`Unknown disk name '${dev}' and no address specified`);
  const place = bus === "scsi" ? scsiPlace(index, wideScsi === true) : unitsOf[bus](index);
  disk.address = { type: "drive", target: 0, bus: 0, ...place };
  checkAgainstHostdevs(places, disk, disk.address);
}

type Place = Pick<AddressOf<"drive">, "controller" | "unit"> & { bus?: number };

const unitsOf: Readonly<Record<"ide" | "sata" | "fdc", (index: number) => Place>> = {
  ide: (index) => ({ controller: Math.floor(index / 4), bus: Math.floor((index % 4) / 2), unit: index % 2 }),
  sata: (index) => ({ controller: Math.floor(index / 6), unit: index % 6 }),
  fdc: (index) => ({ controller: Math.floor(index / 2), unit: index % 2 }),
};

/** The controller itself is unit 7, so a wide bus has one unit less than 16. */
function scsiPlace(index: number, wide: boolean): Place {
  const units = wide ? 15 : 7;
  const unit = index % units;
  return { controller: Math.floor(index / units), unit: unit < 7 ? unit : unit + 1 };
}

/** The places on SCSI buses that devices of the host have, as `controller unit`. */
function scsiHostdevPlaces({ devices }: ParsedDomain): Set<string> {
  const places = new Set<string>();
  for (const { mode, device, address } of devices.hostdevs) {
    if (mode !== "subsystem" || device.type !== "scsi" || address?.type !== "drive") continue;
    if (address.bus === 0 && address.target === 0) places.add(`${address.controller} ${address.unit}`);
  }
  return places;
}

function checkAgainstHostdevs(
  places: ReadonlySet<string>,
  { target }: Disk,
  { controller, unit }: AddressOf<"drive">,
): void {
  if (target.bus !== "scsi" || !places.has(`${controller} ${unit}`)) return;
  unsupported(
    `using disk target name '${target.dev}' conflicts with SCSI host device address controller='${controller}' bus='0' target='0' unit='${unit}'`,
  );
}
