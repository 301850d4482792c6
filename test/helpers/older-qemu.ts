/** Emulators of earlier releases, made of a later one of which more is known. */
import type { MachineType } from "../../src/drivers/qemu/capabilities/accelerator.ts";
import { QemuCapabilities } from "../../src/drivers/qemu/capabilities/capabilities.ts";
import { type CapabilityFlag, isCapabilityFlag } from "../../src/drivers/qemu/capabilities/flags.ts";

/** major * 1000000 + minor * 1000 + micro. */
export const versionNumber = (text: string): number =>
  text.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0);

/** The releases of QEMU that brought abilities, as its documentation tells; older ones have had them always. */
const releases: { readonly [flag in CapabilityFlag]?: string } = {
  "pcie-root-port.hotplug": "5.0.0",
  "aio.io_uring": "5.0.0",
  "virtio-blk-pci.scsi.default.disabled": "5.0.0",
  "numa.hmat": "5.0.0",
  "memory-backend-file.prealloc-threads": "5.0.0",
  "virtio-iommu-pci": "5.0.0",
  "usb-host.hostdevice": "5.1.0",
  "virtio-balloon.free-page-reporting": "5.1.0",
  "netdev.vhost-vdpa": "5.1.0",
  "virtio-mem-pci": "5.1.0",
  "block-export-add": "5.2.0",
  "piix4.acpi-root-pci-hotplug": "5.2.0",
  "query-dirty-rate": "5.2.0",
  "calc-dirty-rate": "5.2.0",
  "virtio-net.rss": "5.2.0",
  "migration-param.block-bitmap-mapping": "6.0.0",
  "vnc-power-control": "6.0.0",
  "object.qapified": "6.0.0",
  "compat-deprecated": "6.0.0",
  "acpi-index": "6.0.0",
  "confidential-guest-support": "6.0.0",
  "set-action": "6.0.0",
  "migration.blocked-reasons": "6.0.0",
  "sev-inject-launch-secret": "6.0.0",
  "incremental-backup": "6.1.0",
  "blockdev-reopen": "6.1.0",
  "virtio-gpu-gl-pci": "6.1.0",
  "virtio-vga-gl": "6.1.0",
  "memory-backend-file.reserve": "6.1.0",
  "rbd-encryption": "6.1.0",
  "chardev.qemu-vdagent": "6.1.0",
  "sev-guest-kernel-hashes": "6.2.0",
  "device.json+hotplug": "6.2.0",
  "dirtyrate-param.mode": "6.2.0",
  "virtio-mem-pci.prealloc": "7.0.0",
  "blockdev.nbd.tls-hostname": "7.0.0",
  "virtio-iommu.boot-bypass": "7.0.0",
  "display-dbus": "7.0.0",
  "iothread.thread-pool-max": "7.1.0",
  "query-stats": "7.1.0",
  "query-stats-schemas": "7.1.0",
  "screenshot-format-png": "7.1.0",
  "netdev.json": "7.2.0",
  "netdev.stream": "7.2.0",
  "thread-context": "7.2.0",
};

/** The releases that took abilities away. */
const removals: { readonly [flag in CapabilityFlag]?: string } = {
  "enable-fips": "5.2.0",
  vxhs: "5.2.0",
};

/**
 * An emulator as it was at an earlier release: with the abilities of that time, and its machines, the newest of each
 * kind under the kind's name.
 */
export function asOf({ data }: QemuCapabilities, version: string): QemuCapabilities {
  const accelerators = Object.fromEntries(
    Object.entries(data.accelerators).map(([name, one]) => [
      name,
      { ...one, machines: machinesAsOf(one.machines, version) },
    ]),
  );
  const at = versionNumber(version);
  const flags = data.flags.filter((flag) => versionNumber(releases[flag] ?? "0.0.0") <= at);
  const lost = Object.entries(removals).filter(
    ([flag, release]) => isCapabilityFlag(flag) && at < versionNumber(release),
  );
  return new QemuCapabilities({
    ...data,
    version: at,
    flags: [...flags, ...lost.map(([flag]) => flag as CapabilityFlag)],
    accelerators,
  });
}

function machinesAsOf(machines: readonly MachineType[], version: string): MachineType[] {
  // Boards tell the name of their memory since 5.2.
  const told = versionNumber(version) >= versionNumber("5.2.0");
  const there = machines
    .filter(({ name }) => releaseOf(name) <= versionNumber(version))
    .map((machine) => (told ? machine : { ...machine, defaultRamId: null }));
  return there.map((machine) => {
    const { alias, name } =
      machines.find((other) => other.alias !== null && kindOf(other.name) === kindOf(machine.name)) ?? {};
    if (alias === undefined || name === undefined) return machine;
    const isNewest = there.every(
      (other) => kindOf(other.name) !== kindOf(name) || releaseOf(other.name) <= releaseOf(machine.name),
    );
    return { ...machine, alias: isNewest ? alias : null };
  });
}

const kindOf = (machine: string): string => machine.replace(/-[\d.]+$/, "");
/** The release that a machine is of; those without one are of all. */
const releaseOf = (machine: string): number => {
  const [, release] = /-(\d+\.\d+)$/.exec(machine) ?? [];
  return release === undefined ? 0 : versionNumber(`${release}.0`);
};
