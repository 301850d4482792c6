/** Names of a running guest's devices, by which QEMU, its monitor and clients know them. */
import {
  type AnyDevice,
  allDevices,
  type Controller,
  type Devices,
  type Disk,
  type Domain,
  diskIndex,
  findController,
  type Interface,
  type MemoryDevice,
} from "../../model/domain/index.ts";
import { archOf, hasBuiltinIde, isArm, isPpc64, isQ35, isRiscv, isS390, isX86 } from "./definition/machine.ts";

/**
 * Names every device that has no name yet, as libvirt does: at the start, and again when a device was added to a
 * running guest. Changes the definition in place.
 */
export function assignAliases(domain: Domain): void {
  const { devices } = domain;
  const taken = takenAliases(domain);
  const give = (device: AnyDevice, wanted: string, prefix: string) => {
    if (device.alias !== undefined) return;
    device.alias = taken.has(wanted) ? nextAlias(prefix, taken) : wanted;
    taken.add(device.alias);
  };
  for (const disk of devices.disks) give(disk, diskAlias(disk, domain), "disk");
  for (const [kind, prefix] of Object.entries(prefixes) as [keyof typeof prefixes, string][]) {
    devices[kind].forEach((device: AnyDevice, index) => {
      give(device, `${prefix}${index}`, prefix);
    });
  }
  for (const { kind, prefix, members } of counted(devices)) {
    for (const device of members) give(device, nextAlias(prefix, taken), kind);
  }
  for (const module of devices.memories) give(module, memoryAlias(module, taken), memoryPrefixes[module.model]);
  for (const controller of devices.controllers) controller.alias ??= controllerAlias(controller, domain);
  for (const [kind, alias] of Object.entries(single) as [keyof typeof single, string][]) {
    const device: AnyDevice | undefined = devices[kind];
    if (device !== undefined) device.alias ??= alias;
  }
}

function takenAliases(domain: Domain): Set<string> {
  const taken = new Set<string>();
  for (const { device } of allDevices(domain)) if (device.alias !== undefined) taken.add(device.alias);
  return taken;
}

/** One above the highest number that follows the prefix already. */
function nextAlias(prefix: string, taken: ReadonlySet<string>): string {
  let next = 0;
  for (const alias of taken) {
    const digits = alias.startsWith(prefix) ? alias.slice(prefix.length) : "";
    if (/^\d+$/.test(digits)) next = Math.max(next, Number(digits) + 1);
  }
  return `${prefix}${next}`;
}

/** Devices that are numbered by their place among those of their kind. */
const prefixes = {
  filesystems: "fs",
  sounds: "sound",
  redirdevs: "redir",
  videos: "video",
  parallels: "parallel",
  serials: "serial",
  channels: "channel",
  consoles: "console",
  hubs: "hub",
  shmems: "shmem",
  smartcards: "smartcard",
  rngs: "rng",
  tpms: "tpm",
  panics: "panic",
} as const;

/** Devices that are numbered as they come; cards that are devices of the host count with those. */
function counted({ interfaces, inputs, hostdevs }: Devices) {
  const isPassed = ({ connection }: Interface) => connection.type === "hostdev";
  return [
    { kind: "net", prefix: "net", members: interfaces.filter((card) => !isPassed(card)) as AnyDevice[] },
    { kind: "input", prefix: "input", members: inputs as AnyDevice[] },
    { kind: "hostdev", prefix: "hostdev", members: [...interfaces.filter(isPassed), ...hostdevs] as AnyDevice[] },
  ];
}

/** Devices that there is one of at most. */
const single = {
  watchdog: "watchdog0",
  memballoon: "balloon0",
  nvram: "nvram",
  vsock: "vsock0",
  iommu: "iommu0",
} as const;

/** Disks on controllers are called by their place, others by their target. */
function diskAlias({ target, address }: Disk, domain: Domain): string {
  const bus = target.bus ?? "virtio";
  if (address?.type !== "drive") return `${bus}-disk${diskIndex(target.dev) ?? 0}`;
  const { controller, bus: line, target: id, unit } = address;
  const wide = bus === "scsi" && !isNarrow(domain, controller);
  return [`${bus}${controller}`, line, ...(wide ? [id] : []), unit].join("-");
}

/** Controllers of old count a disk by its unit alone. */
function isNarrow(domain: Domain, index: number): boolean {
  const controller = findController(domain, "scsi", index);
  return controller?.type === "scsi" && controller.model === "lsilogic";
}

const memoryPrefixes = {
  dimm: "dimm",
  nvdimm: "nvdimm",
  "virtio-pmem": "virtiopmem",
  "virtio-mem": "virtiomem",
  "sgx-epc": "epc",
} as const;

/** Modules in slots are called by their slot. */
function memoryAlias({ model, address }: MemoryDevice, taken: ReadonlySet<string>): string {
  const prefix = memoryPrefixes[model];
  return address?.type === "dimm" ? `${prefix}${address.slot}` : nextAlias(prefix, taken);
}

/** Controllers of the board go by the names that QEMU gives them. */
function controllerAlias(controller: Controller, domain: Domain): string {
  const { type, index } = controller;
  switch (type) {
    case "pci":
      if (!namesPciBuses(domain)) return "pci";
      return controller.model === "pcie-root" ? `pcie.${index}` : `pci.${index}`;
    case "ide":
      return index === 0 && hasBuiltinIde(domain) ? "ide" : `ide${index}`;
    case "sata":
      return index === 0 && isQ35(domain) ? "ide" : `sata${index}`;
    case "usb":
      return index === 0 ? "usb" : `usb${index}`;
    case "scsi":
      return index === 0 && controller.model === "ncr53c90" ? "scsi" : `scsi${index}`;
    default:
      return `${type}${index}`;
  }
}

/** Whether the board numbers its PCI buses; others have one, which has no number. */
const namesPciBuses = (domain: Domain): boolean =>
  isX86(domain) || isPpc64(domain) || archOf(domain) === "ppc" || isArm(domain) || isRiscv(domain) || isS390(domain);
