/** What QEMU's devices have when the definition does not say it. */
import {
  backingStoresOf,
  type Disk,
  type Interface,
  type ParsedDomain,
  type Storage,
} from "../../../model/domain/index.ts";
import type { DefinitionContext } from "./context.ts";
import { isArm, isArmVirt, isPseries, isRiscvVirt, isS390, isVersatilePb } from "./machine.ts";

export function completeDevices(domain: ParsedDomain, context: DefinitionContext): void {
  for (const disk of domain.devices.disks) completeDisk(disk);
  for (const card of domain.devices.interfaces) completeInterface(domain, card, context);
  completePanics(domain);
  completeTpms(domain);
  completeShmems(domain);
  completeHostdevs(domain, context);
  completeVsock(domain);
}

/** Images are raw unless something says otherwise: QEMU must not guess from bytes that the guest wrote. */
function completeDisk(disk: Disk): void {
  if (disk.storage.type === "vhostuser") {
    disk.driver ??= {};
    return;
  }
  disk.driver ??= {};
  disk.driver.name ??= "qemu";
  // What a volume is only its pool knows.
  if (disk.storage.type !== "volume") disk.driver.type ??= disk.storage.type === "dir" ? "fat" : "raw";
  if (disk.mirror?.legacyFormat === undefined && disk.mirror !== undefined) disk.mirror.format ??= { type: "raw" };
  completeEncryption(disk);
  completeBacking(disk);
}

function completeBacking(disk: Disk): void {
  for (const below of backingStoresOf(disk)) {
    if (below.storage !== undefined && isNetwork(below.storage)) below.format ??= { type: "raw" };
  }
}

/** The emulator decrypts unless another is named. */
function completeEncryption(disk: Disk): void {
  if (disk.encryption !== undefined) disk.encryption.engine ??= "qemu";
  for (const storage of storagesOf(disk)) {
    const source = "source" in storage ? storage.source : undefined;
    if (source !== undefined && "encryption" in source && source.encryption !== undefined) {
      source.encryption.engine ??= "qemu";
    }
  }
}

function* storagesOf(disk: Disk): Generator<Storage> {
  yield disk.storage;
  if (disk.mirror?.storage !== undefined) yield disk.mirror.storage;
  for (const below of backingStoresOf(disk)) {
    if (below.storage !== undefined) yield below.storage;
  }
}

const isNetwork = (storage: Storage): boolean => storage.type === "network";

function completeInterface(domain: ParsedDomain, card: Interface, context: DefinitionContext): void {
  if (card.connection.type !== "hostdev") card.model ??= defaultCard(domain, context);
}

/** Cards in the order in which guests are likely to have a driver for them. */
function defaultCard(domain: ParsedDomain, { capabilities }: DefinitionContext): string {
  if (isS390(domain)) return "virtio";
  if (isArm(domain)) {
    if (isVersatilePb(domain)) return "smc91c111";
    return isArmVirt(domain) ? "virtio" : "lan9118";
  }
  if (isRiscvVirt(domain)) return "virtio";
  if (capabilities.has("rtl8139")) return "rtl8139";
  if (capabilities.has("e1000")) return "e1000";
  if (capabilities.has("virtio-net")) return "virtio";
  return "rtl8139";
}

function completePanics(domain: ParsedDomain): void {
  for (const panic of domain.devices.panics) {
    panic.model ??= isPseries(domain) ? "pseries" : isS390(domain) ? "s390" : "isa";
  }
}

/** An emulated TPM is of version 2.0: what is kept of the state is bound to a version. */
function completeTpms(domain: ParsedDomain): void {
  for (const tpm of domain.devices.tpms) {
    tpm.model ??= isPseries(domain) ? "tpm-spapr" : "tpm-tis";
    if (tpm.backend.type === "emulator") tpm.backend.version ??= "2.0";
    if (tpm.backend.type === "passthrough") {
      tpm.backend.device ??= {};
      tpm.backend.device.path ??= "/dev/tpm0";
    }
  }
}

/** Bytes. */
const defaultSharedMemory = 4n << 20n;

function completeShmems({ devices }: ParsedDomain): void {
  for (const shmem of devices.shmems) {
    if (shmem.model === "ivshmem-doorbell") {
      shmem.msi ??= {};
      shmem.msi.ioeventfd ??= true;
    } else shmem.size ??= defaultSharedMemory;
  }
}

/** A mediated device that could be a screen shows nothing unless it is told to. */
function completeHostdevs({ devices }: ParsedDomain, { capabilities }: DefinitionContext): void {
  for (const hostdev of devices.hostdevs) {
    if (hostdev.mode !== "subsystem" || hostdev.device.type !== "mdev") continue;
    if (hostdev.device.model === "vfio-pci" && capabilities.has("vfio-pci.display")) hostdev.device.display ??= false;
  }
}

function completeVsock({ devices }: ParsedDomain): void {
  if (devices.vsock !== undefined) devices.vsock.model ??= "virtio";
}
