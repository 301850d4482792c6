/** Capabilities of emulators that are not installed: recorded ones, and ones made of a list of flags. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Accelerator, MachineType } from "../../src/drivers/qemu/capabilities/accelerator.ts";
import { type GicCapability, QemuCapabilities } from "../../src/drivers/qemu/capabilities/capabilities.ts";
import { allFlags, type CapabilityFlag, isCapabilityFlag } from "../../src/drivers/qemu/capabilities/flags.ts";
import { capabilitiesFromReplies } from "../../src/drivers/qemu/capabilities/replies.ts";
import { dataFolder } from "../conformance/data.ts";

/** What the conformance data recorded of an emulator; rejects with ENOENT when there is no such recording. */
export async function recordedCapabilities(arch: string, version: string): Promise<QemuCapabilities> {
  const folder = join(dataFolder, "qemucaps", "qemucapabilitiesdata");
  return capabilitiesFromReplies(await readFile(join(folder, `caps_${version}.${arch}.replies`), "utf8"));
}

export interface FakeOptions {
  readonly arch?: string;
  /** As in `data.version`; libvirt's fakes are of 4.2.0. */
  readonly version?: number;
  readonly machines?: readonly string[];
  readonly gic?: "GIC_NONE" | "GIC_V2" | "GIC_V3" | "GIC_BOTH";
}

/**
 * An emulator with these flags and no others. Names may be libvirt's own (`VGA.vgamem_mb`) or those of its C constants
 * in lower case (`vga-vgamem`); names of abilities that every supported emulator has, or none, change nothing.
 */
export function fakeCapabilities(names: Iterable<string>, options: FakeOptions = {}): QemuCapabilities {
  const { arch = "x86_64", version = 4_002_000, machines = fakeMachines[arch] ?? [], gic } = options;
  const named = [...names].map(flagNamed).filter((flag) => flag !== null);
  const flags = [...new Set([...(architectureFlags[arch] ?? []), ...named])];
  const accelerator = { machines: machines.map(fakeMachine), cpuModels: [], hostCpu: null, hyperv: [] };
  const accelerators: { [A in Accelerator]?: typeof accelerator } = { kvm: accelerator, tcg: accelerator };
  return new QemuCapabilities({
    version,
    package: "",
    arch,
    flags,
    accelerators,
    gic: fakeGic(gic),
    sev: null,
    sgx: null,
  });
}

/** What all emulators of an architecture can do. */
const architectureFlags: { readonly [arch: string]: readonly CapabilityFlag[] } = {
  x86_64: ["no-acpi", "no-hpet"],
  i686: ["no-acpi", "no-hpet"],
  aarch64: ["no-acpi"],
  armv7l: ["no-acpi"],
};

const fakeMachines: { readonly [arch: string]: readonly string[] } = {
  x86_64: ["pc", "q35", "isapc", "microvm"],
  i686: ["pc", "q35", "isapc", "microvm"],
  aarch64: ["virt", "versatilepb"],
  armv7l: ["virt", "versatilepb", "vexpress-a9"],
  ppc64: ["pseries", "ppce500"],
  ppc: ["g3beige", "mac99", "ppce500"],
  s390x: ["s390-ccw-virtio"],
  riscv64: ["virt", "spike"],
  riscv32: ["virt", "spike"],
  sparc: ["SS-5", "SS-20"],
  mips: ["malta"],
};

function fakeMachine(name: string, index: number): MachineType {
  return {
    name,
    alias: null,
    isDefault: index === 0,
    maxCpus: 255,
    hotpluggableCpus: true,
    defaultCpu: null,
    defaultRamId: null,
    numaMemSupported: true,
    deprecated: false,
  };
}

function fakeGic(gic: FakeOptions["gic"]): readonly GicCapability[] {
  const versions = { GIC_NONE: [], GIC_V2: [2], GIC_V3: [3], GIC_BOTH: [2, 3] }[gic ?? "GIC_NONE"];
  return versions.map((version) => ({ version, kernel: true, emulated: true }));
}

/** C constants whose flag is not called like them. */
const constantNames: { readonly [constant: string]: CapabilityFlag } = {
  "piix-disable-s3": "disable-s3",
  "piix-disable-s4": "disable-s4",
  "virtio-scsi": "virtio-scsi-pci",
  "virtio-blk-scsi": "virtio-blk-pci.scsi",
  "scsi-lsi": "lsi",
  "scsi-megasas": "megasas",
  "scsi-mptsas1068": "mptsas1068",
  "scsi-pvscsi": "pvscsi",
  "scsi-am53c974": "am53c974",
  "scsi-dc390": "dc390",
  "device-panic": "pvpanic",
  "virtio-balloon-autodeflate": "virtio-balloon-pci.deflate-on-oom",
  "vga-vgamem": "VGA.vgamem_mb",
  "vmware-svga-vgamem": "vmware-svga.vgamem_mb",
  "qxl-vgamem": "qxl.vgamem_mb",
  "qxl-vram64": "qxl.vram64_size_mb",
  "kvm-pit-tick-policy": "kvm-pit-lost-tick-policy",
  "object-gpex": "gpex-pcihost",
  "virtio-pci-transitional": "virtio-pci-non-transitional",
  "cpu-aarch64-off": "aarch64-off",
  "mach-virt-gic-version": "gic-version",
  "sclp-s390": "s390-sclp",
  "spice-gl-rendernode": "spice-rendernode",
  "object-memory-file-pmem": "memory-backend-file.pmem",
  "object-memory-memfd": "memory-backend-memfd",
  "object-memory-memfd-hugetlb": "memory-backend-memfd.hugetlb",
  "scsi-disk-wwn": "scsi-disk.wwn",
  "device-nvram": "nvram",
};

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");
const plainFlags = new Map(allFlags.map((flag) => [plain(flag), flag]));

/** The flag that a name of libvirt's tests means; null for abilities that all supported emulators have, or none. */
export function flagNamed(name: string): CapabilityFlag | null {
  if (isCapabilityFlag(name)) return name;
  const bare = name.replace(/^(device|object)-/, "");
  return constantNames[name] ?? plainFlags.get(plain(name)) ?? plainFlags.get(plain(bare)) ?? null;
}
