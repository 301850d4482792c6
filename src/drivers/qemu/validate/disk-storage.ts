/** What disks show: formats, encryption and network protocols of QEMU's block layer. */
import type { Disk, Encryption, Storage } from "../../../model/domain/index.ts";
import type { ValidationContext } from "./context.ts";
import { broken, hasAny, need, unsupported } from "./refuse.ts";

export function validateDiskStorage(disk: Disk, context: ValidationContext): void {
  validateFormat(disk);
  const cipher = encryptionOf(disk);
  if (cipher !== undefined) validateEncryption(cipher, disk, context);
  if (disk.driver?.metadata_cache?.max_size !== undefined && disk.driver.type !== "qcow2") {
    unsupported("metadata cache max size control is supported only with qcow2 images");
  }
  if (disk.storage.type === "network") validateNetwork(disk.storage, context);
  if (disk.storage.type === "nvme") need("drive-nvme", context, "NVMe disks are not supported with this QEMU binary");
  if (disk.driver?.io === "io_uring") need("aio.io_uring", context, "io uring is not supported by this QEMU binary");
}

export function validateDiskStorageStart({ storage }: Disk, { capabilities }: ValidationContext): void {
  if (storage.type !== "network" || storage.source === undefined) return;
  const { protocol, hosts, tls } = storage.source;
  if (protocol === "nbd" && hosts.length !== 1) broken("nbd protocol accepts only one host");
  if (protocol === "vxhs" && !capabilities.has("vxhs")) {
    unsupported("VxHS protocol is not supported with this QEMU binary");
  }
  if (tls === true && protocol !== "nbd" && protocol !== "vxhs") {
    unsupported(`TLS transport is not supported for disk protocol '${protocol}'`);
  }
}

function validateFormat({ driver }: Disk): void {
  switch (driver?.type) {
    case "cow":
      unsupported("'cow' storage format is not supported");
      break;
    case "dir":
      unsupported("'directory' storage format is not directly supported by QEMU, use 'dir' disk type instead");
      break;
    case "iso":
      unsupported("storage format 'iso' is not directly supported by QEMU, use 'raw' instead");
      break;
  }
}

function encryptionOf({ encryption, storage }: Disk): Encryption | undefined {
  const source = storage.source;
  const inner = source !== undefined && "encryption" in source ? source.encryption : undefined;
  return encryption ?? inner;
}

const encryptable = new Set([undefined, "raw", "qcow2"]);

function validateEncryption({ format, engine }: Encryption, { driver, storage }: Disk, context: ValidationContext) {
  if (!encryptable.has(driver?.type)) {
    unsupported("encryption is supported only with 'raw' and 'qcow2' image format");
  }
  if (format === "qcow" || format === "default") unsupported("old qcow/qcow2 encryption is not supported");
  if (engine === "librbd") {
    if (storage.type !== "network" || storage.source?.protocol !== "rbd") {
      unsupported("librbd encryption is supported only with RBD backed disks");
    }
    need("rbd-encryption", context, "librbd encryption is not supported by this QEMU binary");
    return;
  }
  if (format === "luks2" || format === "luks-any") {
    unsupported(`${format} is currently not supported by the qemu encryption engine`);
  }
}

function validateNetwork({ source }: Extract<Storage, { type: "network" }>, context: ValidationContext): void {
  if (source?.tlsHostname === undefined) return;
  if (source.protocol !== "nbd") unsupported("'tlsHostname' field is supported only with NBD disks");
  if (!hasAny(context, "blockdev.nbd.tls-hostname")) {
    unsupported("'tlsHostname' field is not supported by this QEMU");
  }
}
