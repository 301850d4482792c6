/** A definition as libxl's own description of a domain, in the JSON that `xl list -l` prints: what a guest is built from. */
import type { Disk, Domain, Graphics, Interface } from "../domain/index.ts";
import { bootOrderOf } from "./boot.ts";
import { featureMarks, nestedOf, virtualizing } from "./cpu.ts";
import { cpuidLeaves } from "./cpuid.ts";
import { targetOf } from "./disk-xl.ts";
import { distance } from "./numa.ts";
import { isHvm } from "./setting.ts";
import { writeVif } from "./vif.ts";

/** Keys whose value is undefined are left out. */
type Json = { readonly [key: string]: unknown };

export interface LibxlOptions {
  /** KiB that the hypervisor needs beside the guest's memory. */
  readonly shadowMemory?: (domain: Domain) => number;
}

/** libxl's booleans may also be left to it, so that they are words. */
const word = (value: boolean): string => (value ? "True" : "False");

/** As libxl counts: 256 pages for each processor, and two for each MiB. */
function usualShadowMemory({ vcpu, memory }: Domain): number {
  return 4 * (256 * vcpu.value + 2 * Math.ceil(Number(memory.value) / 1024));
}

const guestTypes: Readonly<Record<string, string>> = { hvm: "hvm", xen: "pv", xenpvh: "pvh" };

/**
 * @throws LibvirtError CONFIG_UNSUPPORTED for what libxl cannot be told
 */
export function libxlConfig(domain: Domain, { shadowMemory = usualShadowMemory }: LibxlOptions = {}): Json {
  const { devices, os } = domain;
  const screens = devices.graphics.map(screenOf);
  return {
    c_info: { type: guestTypes[os.type.value], name: domain.name, uuid: domain.uuid },
    b_info: buildInfo(domain, shadowMemory(domain)),
    disks: filled(devices.disks.filter(({ device }) => device !== "floppy").map(diskOf)),
    nics: filled(devices.interfaces.map((card, devid) => cardOf(card, devid, isHvm(domain)))),
    vfbs: filled(screens.map((screen) => ({ devid: -1, ...screen }))),
    vkbs: filled(screens.map(() => ({ devid: -1 }))),
    on_poweroff: unless(domain.on_poweroff, "destroy"),
    on_reboot: unless(domain.on_reboot, "destroy"),
    on_crash: unless(domain.on_crash, "destroy"),
  };
}

const filled = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);

/** libxl does not print what is its default. */
const unless = (action: string, usual: string): string | undefined =>
  action === usual ? undefined : action.replaceAll("-", "_");

function buildInfo(domain: Domain, shadow: number): Json {
  const { vcpu, memory, currentMemory, devices, features } = domain;
  const bus = devices.controllers.find((one) => one.type === "xenbus");
  const hvm = isHvm(domain);
  const nested = nestedOf(domain);
  const [video] = devices.videos;
  return {
    max_vcpus: vcpu.value,
    avail_vcpus: Array.from({ length: vcpu.current ?? vcpu.value }, (_, id) => id),
    vnuma_nodes: filled(nodesOf(domain)),
    max_memkb: Number(memory.value),
    target_memkb: Number(currentMemory),
    video_memkb: hvm ? video?.model?.vram : undefined,
    shadow_memkb: shadow,
    max_grant_frames: bus?.maxGrantFrames,
    event_channels: bus?.maxEventChannels,
    device_model_version: devices.emulator === undefined ? undefined : "qemu_xen",
    device_model: devices.emulator,
    cpuid: filled(cpuidOf(domain)),
    sched_params: {},
    nested_hvm: nested === undefined ? undefined : word(nested),
    apic: hvm ? word(features?.apic !== undefined) : undefined,
    acpi: hvm ? word(features?.acpi === true) : undefined,
    ...bootInfo(domain),
    [`type.${guestTypes[domain.os.type.value] ?? ""}`]: hvm ? hvmInfo(domain) : pvInfo(domain),
    arch_arm: {},
  };
}

function bootInfo({ os }: Domain): Json {
  return { kernel: os.kernel, ramdisk: os.initrd, cmdline: os.cmdline };
}

function pvInfo({ bootloader, bootloader_args, features }: Domain): Json {
  return {
    bootloader,
    bootloader_args: bootloader_args ? bootloader_args.split(/\s+/) : undefined,
    e820_host: features?.xen?.e820_host === undefined ? undefined : word(features.xen.e820_host.state),
  };
}

const videoKinds: Readonly<Record<string, string>> = { vga: "std", cirrus: "cirrus", qxl: "qxl", none: "none" };

function hvmInfo(domain: Domain): Json {
  const { features, devices, os, clock } = domain;
  const [video] = devices.videos;
  const [screen] = devices.graphics;
  const shown = screen === undefined ? { vnc: { enable: "False" }, sdl: { enable: "False" } } : screenOf(screen);
  const hpet = clock.timers.find(({ name }) => name === "hpet");
  return {
    bios: os.loader?.type === "pflash" ? "ovmf" : undefined,
    pae: word(features?.pae === true),
    hpet: hpet === undefined ? undefined : word(hpet.present !== false),
    acpi_firmware: os.acpi?.tables[0]?.value,
    nographic: screen === undefined ? "True" : undefined,
    vga: { kind: video === undefined ? "none" : videoKinds[video.model?.type ?? "cirrus"] },
    ...shown,
    spice: {},
    boot: bootOrderOf(domain),
    rdm: {},
  };
}

function screenOf(graphics: Graphics): Json {
  const sdl = { enable: word(graphics.type === "sdl") };
  if (graphics.type !== "vnc") return { vnc: { enable: "False" }, sdl };
  const [listen] = graphics.listens;
  return {
    vnc: {
      enable: "True",
      listen: listen?.type === "address" ? listen.address : undefined,
      passwd: graphics.passwd,
      // The driver chooses a port that is free.
      findunused: "False",
    },
    sdl,
  };
}

function nodesOf({ cpu }: Domain): Json[] {
  const cells = cpu?.numa?.cells ?? [];
  return cells.map(({ memory, cpus }, node) => ({
    memkb: Number(memory),
    distances: cells.map((_, to) => distance(cells, node, to)),
    pnode: node === 0 ? undefined : node,
    vcpus: cpus ?? [],
  }));
}

function cpuidOf({ cpu }: Domain): Json[] {
  const features = (cpu?.mode === "host-passthrough" ? cpu.features : []).filter(
    ({ name }) => !virtualizing.includes(name),
  );
  return cpuidLeaves(features.map(({ name, policy }) => ({ name, mark: featureMarks[policy] })));
}

const backends: Readonly<Record<string, string>> = { qemu: "qdisk", file: "qdisk", phy: "phy", tap: "tap" };

function diskOf(disk: Disk): Json {
  const { driver, target, device, readonly } = disk;
  return {
    pdev_path: targetOf(disk),
    vdev: target.dev,
    backend: backends[driver?.name ?? ""],
    format: driver?.type === "vpc" ? "vhd" : driver?.type,
    backend_domname: disk.backenddomain,
    removable: 1,
    readwrite: readonly ? undefined : 1,
    is_cdrom: device === "cdrom" ? 1 : undefined,
  };
}

function cardOf(card: Interface, devid: number, hvm: boolean): Json {
  const { mac, bridge, ip, script, model, vifname, mtu } = writeVif(card, hvm, "xl");
  return {
    ...{ devid, mac, bridge, ip, script, model, ifname: vifname },
    mtu: mtu === undefined ? undefined : Number(mtu),
    nictype: hvm && card.model !== "netfront" ? "vif_ioemu" : "vif",
  };
}
