/** Disks. */
import { LibvirtError } from "../../../errors.ts";
import type { Disk } from "../disk.ts";
import type { Domain } from "../domain.ts";
import { broken, invalidValue, malformed, refuse, unsupported } from "../refuse.ts";
import type { Auth, Encryption } from "../secret.ts";
import { imageOf } from "../storage.ts";
import { validateStorage } from "./storage.ts";

export function validateDisks({ devices }: Domain): void {
  const targets = new Map<string, Disk>();
  for (const disk of devices.disks) {
    validateDisk(disk);
    const other = targets.get(disk.target.dev);
    if (other !== undefined) {
      malformed(
        `target '${disk.target.dev}' duplicated for disk sources '${imageOf(other.storage) ?? "NULL"}' and '${imageOf(disk.storage) ?? "NULL"}'`,
      );
    }
    targets.set(disk.target.dev, disk);
  }
}

function validateDisk(disk: Disk): void {
  validatePresence(disk);
  validateBus(disk);
  validateKind(disk);
  validateDriver(disk);
  if (disk.driver?.type === "luks") unsupported("unknown driver format value 'luks'");
  validateWords(disk);
  validateSecrets(disk);
  validateStorage(disk.storage, disk);
  if (disk.storage.type === "vhostuser") validateVhostUser(disk);
  if (disk.device === "lun") validateLun(disk);
}

/** A disk needs something to show; drives may be empty. */
function validatePresence({ device, storage, target }: Disk): void {
  const removable = device === "cdrom" || device === "floppy";
  if (!removable && imageOf(storage) === undefined && storage.type !== "network") noSource(target.dev);
  if (storage.type === "network" && storage.source === undefined) noSource(target.dev);
}

function noSource(dev: string): never {
  return refuse("NO_SOURCE", dev);
}

/** Kinds of addresses that devices on a bus can have. */
const driveBuses: ReadonlySet<string | undefined> = new Set(["ide", "scsi", "sata", "fdc"]);

function validateBus({ device, target, address, model }: Disk): void {
  const { bus, dev } = target;
  if (device === "floppy" && bus !== "fdc") broken(`Invalid bus type '${bus}' for floppy disk`);
  if (device !== "floppy" && bus === "fdc") broken(`Invalid bus type '${bus}' for disk`);
  if (model !== undefined && bus !== "virtio") unsupported(`disk model '${model}' not supported for bus '${bus}'`);
  if (address !== undefined && driveBuses.has(bus) && address.type !== "drive") {
    unsupported(`Invalid address type '${address.type}' for the disk '${dev}' with the bus type '${bus}'`);
  }
}

function validateKind({ device, target, rawio, sgio }: Disk): void {
  const removable = device === "cdrom" || device === "floppy";
  if (target.tray === "open" && !removable) unsupported("tray is only valid for cdrom and floppy");
  if (target.removable !== undefined && target.bus !== "usb") malformed("removable is only valid for usb disks");
  if (rawio !== undefined && device !== "lun") unsupported("rawio can be used only with device='lun'");
  if (sgio !== undefined && device !== "lun") unsupported("sgio can be used only with device='lun'");
  if (sgio === "unfiltered") unsupported("unfiltered sgio is no longer supported");
}

function validateDriver({ driver, target: { bus } }: Disk): void {
  if (driver === undefined) return;
  if (driver.iothread === 0) {
    invalidValue("Invalid value for attribute 'iothread' in element 'driver': Zero is not permitted");
  }
  if (bus === "virtio") return;
  if (driver.queues !== undefined || driver.queue_size !== undefined) {
    unsupported("queues attribute in disk driver element is only supported by virtio-blk");
  }
  for (const mode of ["event_idx", "ioeventfd"] as const) {
    if (driver[mode] !== undefined) unsupported(`disk ${mode} mode supported only for virtio bus`);
  }
  for (const option of ["iommu", "ats", "packed", "page_per_vq"] as const) {
    if (driver[option] !== undefined) unsupported(`${option} driver option is only supported for virtio devices`);
  }
}

const printable = /^[ -~]*$/;

function validateWords({ vendor, product, wwn }: Disk): void {
  if (wwn !== undefined && !/^(0x)?[0-9a-fA-F]{16}$/.test(wwn)) malformedWwn(wwn);
  validateInquiry("vendor", vendor, 8);
  validateInquiry("product", product, 16);
}

function malformedWwn(wwn: string): never {
  throw new LibvirtError("INTERNAL_ERROR", "NONE", `Malformed wwn: ${wwn}`);
}

function validateInquiry(what: string, value: string | undefined, most: number): void {
  if (value === undefined) return;
  if (value.length > most) unsupported(`disk ${what} is more than ${most} characters`);
  if (!printable.test(value)) malformed(`disk ${what} is not printable string`);
}

function validateSecrets({ auth, encryption, storage }: Disk): void {
  const source = "source" in storage ? storage.source : undefined;
  const inner = source as { auth?: Auth | undefined; encryption?: Encryption | undefined } | undefined;
  if (auth !== undefined && inner?.auth !== undefined) {
    unsupported("an <auth> definition already found for disk source");
  }
  if (encryption !== undefined && inner?.encryption !== undefined) {
    unsupported("an <encryption> definition already found for disk source");
  }
  const login = auth ?? inner?.auth;
  if (login !== undefined) validateAuth(login, storage);
  const cipher = encryption ?? inner?.encryption;
  if (cipher !== undefined) validateEncryption(cipher);
}

/** Which kind of secret each protocol logs in with. */
const secretTypes: Readonly<Record<string, string>> = { rbd: "ceph", iscsi: "iscsi" };

function validateAuth({ secret }: Auth, storage: Disk["storage"]): void {
  if (secret === undefined) throw new LibvirtError("XML_ERROR", "STORAGE", "Missing <secret> element in auth");
  exactlyOne(secret);
  if (secret.type === undefined) unsupported("unknown secret type '<null>'");
  const wanted = storage.type === "network" ? secretTypes[storage.source?.protocol ?? ""] : undefined;
  if (wanted !== undefined && secret.type !== wanted) unsupported(`invalid secret type '${secret.type}'`);
}

function validateEncryption({ secrets, cipher }: Encryption): void {
  for (const secret of secrets) exactlyOne(secret);
  if (cipher !== undefined) unsupported("supplying <cipher> for domain disk definition is unnecessary");
}

function exactlyOne({ uuid, usage }: { uuid?: string | undefined; usage?: string | undefined }): void {
  if (uuid === undefined && usage === undefined) malformed("missing secret uuid or usage attribute");
  if (uuid !== undefined && usage !== undefined) malformed("either secret uuid or usage expected");
}

/** The server of the disk does what the emulator would do, so it cannot be told how. */
function validateVhostUser(disk: Disk): void {
  if (disk.target.bus !== "virtio") unsupported("vhostuser disk supports only virtio bus");
  if (disk.snapshot !== "no") unsupported("only snapshot=no is supported with vhostuser disk");
  const { driver } = disk;
  const refused: readonly [string, unknown][] = [
    ["readonly", disk.readonly || undefined],
    ["backingStore", disk.backingStore],
    ["encryption", disk.encryption],
    ["blockio", disk.blockio],
    ["geometry", disk.geometry],
    ["iotune", disk.iotune],
    ["cache", driver?.cache],
    ["error_policy", driver?.error_policy],
    ["rerror_policy", driver?.rerror_policy],
    ["io", driver?.io],
    ["copy_on_read", driver?.copy_on_read],
    ["discard", driver?.discard],
    ["detect_zeroes", driver?.detect_zeroes],
    ["iothread", driver?.iothread],
    ["iommu", driver?.iommu],
    ["ats", driver?.ats],
    ["transient", disk.transient],
    ["serial", disk.serial],
    ["wwn", disk.wwn],
  ];
  for (const [name, value] of refused) {
    if (value !== undefined) unsupported(`${name} is not supported with vhostuser disk`);
  }
}

/** Commands go to a device of the host, or to a LUN of the network. */
function validateLun({ storage, encryption, driver }: Disk): void {
  if (driver?.type !== undefined && driver.type !== "raw") unsupported("disk device 'lun' must use 'raw' format");
  if (storage.type === "network") {
    if (storage.source?.protocol !== "iscsi") {
      unsupported(`disk device='lun' is not supported for protocol='${storage.source?.protocol}'`);
    }
  } else if (storage.type !== "block" && storage.type !== "volume") {
    unsupported("disk device='lun' is only valid for block type disk source");
  }
  const source = storage.source;
  if (encryption !== undefined || (source !== undefined && "encryption" in source && source.encryption !== undefined)) {
    unsupported("disk device 'lun' doesn't support encryption");
  }
  if (source?.slices !== undefined) unsupported("disk device 'lun' doesn't support storage slice");
}
