/** Disks: buses, addresses, formats and options as QEMU has them. */
import { isDeepStrictEqual } from "node:util";
import type { Disk, Domain } from "../../../model/domain/index.ts";
import { iothreadIds } from "../../../model/domain/index.ts";
import type { ValidationContext } from "./context.ts";
import { validateDiskStorage, validateDiskStorageStart } from "./disk-storage.ts";
import { broken, need, refuse, unsupported } from "./refuse.ts";
import { sharesMemory } from "./shared-memory.ts";

export function validateDisks(domain: Domain, context: ValidationContext): void {
  for (const disk of domain.devices.disks) validateDisk(disk, domain, context);
  validateGroups(domain.devices.disks);
}

/** Disks of one group are limited together, so each of them must say the same. */
function validateGroups(disks: readonly Disk[]): void {
  const first = new Map<string, Disk>();
  for (const disk of disks) {
    const group = disk.iotune?.group_name;
    if (group === undefined) continue;
    const other = first.get(group) ?? disk;
    first.set(group, other);
    if (!isDeepStrictEqual(disk.iotune, other.iotune)) {
      unsupported(`different iotunes for disks ${other.target.dev} and ${disk.target.dev}`);
    }
  }
}

export function validateDisksStart(domain: Domain, context: ValidationContext): void {
  for (const disk of domain.devices.disks) {
    const { bus } = disk.target;
    if (bus === "xen" || bus === "uml") broken(`unsupported disk bus '${bus}' with device setup`);
    if (disk.device === "floppy" && domain.os.type.arch?.startsWith("ppc64") === true) {
      unsupported("PowerPC pseries machines do not support floppy device");
    }
    validateDiskStorageStart(disk, context);
  }
}

/** Checks one disk, also one that is plugged in. */
function validateDisk(disk: Disk, domain: Domain, context: ValidationContext): void {
  validateTarget(disk, context);
  validateAddress(disk, domain);
  validateIdentity(disk, context);
  validateLun(disk);
  validateOptions(disk);
  validateGeometry(disk);
  validateThrottle(disk);
  validateIothread(disk, domain);
  if (disk.storage.type === "vhostuser") {
    need("vhost-user-blk", context, "vhostuser disk is not supported with this QEMU binary");
    if (!sharesMemory(domain)) unsupported("'vhostuser' requires shared memory");
  }
  validateDiskStorage(disk, context);
}

function validateTarget({ target, driver, device, model }: Disk, context: ValidationContext): void {
  const { dev, bus, rotation_rate: rate } = target;
  if (driver?.name !== undefined && driver.name !== "qemu") {
    unsupported(`unsupported driver name '${driver.name}' for disk '${dev}'`);
  }
  if (/^(fd|hd|vd|sd|xvd|ubd)[a-z]+\d+$/.test(dev)) {
    unsupported(`invalid disk target '${dev}', partitions can't appear in disk targets`);
  }
  if (device === "cdrom" && bus === "virtio") unsupported(`disk type of '${dev}' does not support ejectable media`);
  if (bus === "usb") need("usb-storage", context, "This QEMU doesn't support '-device usb-storage'");
  if (target.removable !== undefined && bus === "usb") {
    need(
      "usb-storage.removable",
      context,
      "This QEMU doesn't support setting the removable flag of USB storage devices",
    );
  }
  if (rate !== undefined) {
    if (bus !== "scsi" && bus !== "ide" && bus !== "sata") broken("rotation rate is only valid for SCSI/IDE/SATA bus");
    if (device !== "disk") broken("rotation rate is only valid for disk device");
    need("rotation-rate", context, "rotation rate is not supported with this QEMU");
  }
  if (bus === "virtio" && (model === "virtio-transitional" || model === "virtio-non-transitional")) {
    need("virtio-pci-non-transitional", context, "virtio non-transitional model not supported for this qemu");
  }
}

const places: { readonly [Bus in NonNullable<Disk["target"]["bus"]>]?: readonly string[] } = {
  virtio: ["pci", "ccw", "virtio-mmio", "virtio-s390", "unassigned"],
};

function validateAddress({ target: { bus }, address }: Disk, domain: Domain): void {
  if (address === undefined) return;
  if (bus === "usb" && address.type !== "usb") broken("unexpected address type for usb disk");
  if (bus === "virtio" && places.virtio?.includes(address.type) === false) {
    unsupported(`virtio disk cannot have an address of type '${address.type}'`);
  }
  if (address.type === "drive") validateDrive(bus, address, domain);
}

interface Drive {
  readonly controller: number;
  readonly bus: number;
  readonly target: number;
  readonly unit: number;
}

function validateDrive(kind: Disk["target"]["bus"], drive: Drive, domain: Domain): void {
  switch (kind) {
    case "fdc":
      if (drive.controller !== 0) broken("Only 1 fdc controller is supported");
      if (drive.bus !== 0) broken("Only 1 fdc bus is supported");
      if (drive.target !== 0) unsupported("target must be 0 for controller fdc");
      break;
    case "ide":
      if (drive.target !== 0) unsupported("target must be 0 for ide controller");
      break;
    case "sata":
      if (drive.bus !== 0) unsupported("bus must be 0 for sata controller");
      if (drive.target !== 0) unsupported("target must be 0 for sata controller");
      break;
    case "scsi":
      validateScsiDrive(drive, domain);
      break;
  }
}

/** Old controllers tell their devices apart by the unit, newer ones by the target. */
function validateScsiDrive(drive: Drive, { devices }: Domain): void {
  const controller = devices.controllers.find((one) => one.type === "scsi" && one.index === drive.controller);
  const model = controller?.type === "scsi" ? controller.model : undefined;
  if (drive.bus !== 0) broken("SCSI controller only supports 1 bus");
  if (model === "lsilogic" && drive.target !== 0) {
    unsupported("target must be 0 for controller model 'lsilogic'");
  }
}

const safeSerial = /^[A-Za-z0-9_. \-+]*$/;

function validateIdentity({ serial, wwn, vendor, product, target: { bus }, device }: Disk, context: ValidationContext) {
  if (serial !== undefined && !safeSerial.test(serial)) broken(`driver serial '${serial}' contains unsafe characters`);
  if (wwn !== undefined) {
    if (bus !== "ide" && bus !== "scsi") unsupported("Only ide and scsi disk support wwn");
    need(
      bus === "scsi" ? "scsi-disk.wwn" : "ide-drive.wwn",
      context,
      `Setting wwn for ${bus} disk is not supported by this QEMU`,
    );
  }
  if ((vendor !== undefined || product !== undefined) && bus !== "scsi") {
    unsupported("Only scsi disk supports vendor and product");
  }
  if (device === "lun") {
    if (wwn !== undefined) unsupported("Setting wwn is not supported for lun device");
    if (vendor !== undefined || product !== undefined) {
      unsupported("Setting vendor or product is not supported for lun device");
    }
  }
}

function validateLun({ device, target: { bus }, serial }: Disk): void {
  if (device !== "lun") return;
  if (bus !== "scsi" && bus !== "virtio") unsupported(`disk device='lun' is not supported for bus='${bus}'`);
  if (serial !== undefined && bus === "scsi") {
    unsupported("scsi-block 'lun' devices do not support the serial property");
  }
}

const shareable = new Set([undefined, "raw", "luks"]);

function validateOptions({ driver, device, target, readonly, shareable: shared, transient, storage }: Disk): void {
  const { dev, bus } = target;
  const readOnly = readonly || device === "cdrom";
  if (shared && storage.type !== "vhostuser" && !shareable.has(driver?.type)) {
    unsupported(`shared access for disk '${dev}' requires use of supported storage format`);
  }
  if (shared && driver?.cache !== undefined && !["none", "directsync", "default"].includes(driver.cache)) {
    unsupported(`shared access for disk '${dev}' requires use of no caching mode`);
  }
  if (driver?.copy_on_read === true && readOnly) {
    unsupported(`copy_on_read is not compatible with read-only disk '${dev}'`);
  }
  if (driver?.io === "native" && driver.cache !== "none" && driver.cache !== "directsync") {
    unsupported("io='native' needs either no disk cache or directsync cache mode");
  }
  if (transient !== undefined) {
    if (readOnly) unsupported(`transient disk '${dev}' must not be read-only`);
    if (device !== "disk") unsupported(`transient disk not supported for device '${device}'`);
    if (transient.shareBacking === true && bus !== "virtio" && bus !== "usb" && bus !== "scsi") {
      unsupported("disk bus 'transient' sharing is not supported");
    }
  }
  if (readonly && device === "disk" && (bus === "ide" || bus === "sata")) {
    unsupported("readonly ide disks are not supported".replace("ide", bus));
  }
}

function validateGeometry({ geometry, target: { bus } }: Disk): void {
  if (geometry === undefined) return;
  const { cyls = 0, heads = 0, secs = 0, trans } = geometry;
  if (cyls > 0 && heads > 0 && secs > 0) {
    if (bus !== "ide" && bus !== "scsi" && bus !== "virtio" && bus !== "sata") {
      unsupported(`CHS geometry can not be set for '${bus}' bus`);
    }
    if (trans !== undefined && trans !== "default" && bus !== "ide") {
      unsupported(`CHS translation mode can only be set for 'ide' bus not '${bus}'`);
    }
  }
}

/** Limits in bytes and operations a second that QEMU counts with. */
const largestLimit = 10n ** 15n;

function validateThrottle({ iotune }: Disk): void {
  for (const limit of Object.values(iotune ?? {})) {
    if (typeof limit === "bigint" && limit > largestLimit) {
      refuse("ARGUMENT_UNSUPPORTED", `block I/O throttle limit must be no more than ${largestLimit} using QEMU`);
    }
  }
}

function validateIothread({ driver, target: { bus, dev }, storage }: Disk, domain: Domain): void {
  if (driver?.iothread === undefined || storage.type === "vhostuser") return;
  if (bus !== "virtio") unsupported(`IOThreads not available for bus ${bus} target ${dev}`);
  if (!iothreadIds(domain).includes(driver.iothread)) {
    unsupported(`Disk iothread '${driver.iothread}' not defined in iothreadid`);
  }
}
