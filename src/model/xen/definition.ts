/** What the Xen driver fills in and refuses in a definition, as libvirt's does. */

import { randomUUID } from "node:crypto";
import {
  type CompletionHooks,
  console as consoleShape,
  controller,
  type Disk,
  type Domain,
  finishDomain,
  input,
  memballoon,
  type ParsedDomain,
  type ParseOptions,
  readParsedDomain,
} from "../domain/index.ts";
import { refuse, unsupported } from "../domain/refuse.ts";
import { isHvm, usualHost, type XenHost } from "./setting.ts";

const machines: Readonly<Record<string, string>> = { hvm: "xenfv", xen: "xenpv", xenpvh: "xenpvh" };

/** What Xen's driver brings to the completion of a definition. */
export function xenCompletion(host: XenHost = usualHost): ParseOptions {
  return { arch: host.arch, newMac: randomXenMac, hooks, defaultVideo: () => ({ type: "cirrus" }) };
}

/** An address in the range that is Xen's (00:16:3e). */
export function randomXenMac(): string {
  const digits = randomUUID();
  return `00:16:3e:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}`;
}

/**
 * Reads a definition for Xen: completes and checks it.
 * @throws LibvirtError
 */
export function parseXenDomain(text: string, options: ParseOptions & { readonly host?: XenHost } = {}): Domain {
  return finishXenDomain(readParsedDomain(text, options), options);
}

/** The second half of {@link parseXenDomain}. */
export function finishXenDomain(
  read: ReturnType<typeof readParsedDomain>,
  { host = usualHost, ...options }: ParseOptions & { readonly host?: XenHost } = {},
): Domain {
  const domain = finishDomain(read, { ...xenCompletion(host), ...options });
  if (options.skipValidation !== true) validateXenDomain(domain);
  return domain;
}

const hooks: CompletionHooks = {
  basics: completeMachine,
  domain: addUsualDevices,
  devices: completeDevices,
};

function completeMachine({ os }: ParsedDomain): void {
  const machine = machines[os.type.value];
  if (machine === undefined) refuse("OS_TYPE", os.type.value);
  os.type.machine ??= machine;
}

/** Every guest has Xen's bus, a balloon, keyboard and mouse; one without emulated ports has Xen's console. */
function addUsualDevices(domain: ParsedDomain): void {
  const { devices } = domain;
  if (!devices.controllers.some(({ type }) => type === "xenbus")) {
    devices.controllers.unshift(controller.make({ type: "xenbus", index: 0 }));
  }
  if (!isHvm(domain) && devices.consoles.length === 0) {
    devices.consoles.push(consoleShape.make({ backend: { type: "pty" }, target: { type: "xen" } }));
  }
  devices.memballoon ??= memballoon.make({ model: "xen" });
  addInputs(domain);
}

function addInputs(domain: ParsedDomain): void {
  const { inputs } = domain.devices;
  const bus = isHvm(domain) ? "ps2" : "xen";
  for (const type of ["mouse", "keyboard"] as const) {
    if (!inputs.some((one) => one.type === type && (one.bus ?? bus) === bus)) inputs.push(input.make({ type, bus }));
  }
}

/** KiB of video memory with Xen's emulator. */
const videoMemory: Readonly<Record<string, number>> = { vga: 16384, cirrus: 8192, qxl: 131072 };

function completeDevices(domain: ParsedDomain): void {
  const { disks, graphics, videos, hostdevs } = domain.devices;
  for (const disk of disks) completeDisk(disk);
  for (const device of hostdevs) {
    if (device.mode === "subsystem" && device.device.type === "pci") device.device.driver ??= { name: "xen" };
  }
  if (videos.length === 0 && graphics.length > 0) videos.push({ model: {} });
  for (const video of videos) {
    video.model ??= {};
    video.model.type ??= isHvm(domain) ? "cirrus" : "xen";
    const vram = videoMemory[video.model.type];
    if (vram !== undefined) video.model.vram ??= vram;
  }
}

/** Xen takes an image for raw unless it is told otherwise; what lies on the network only QEMU serves. */
function completeDisk(disk: Disk): void {
  if (disk.storage.type === "network") disk.driver = { name: "qemu", ...disk.driver };
  if (disk.driver?.type === undefined || disk.driver.type === "aio") disk.driver = { ...disk.driver, type: "raw" };
}

const cpuModes: ReadonlySet<string | undefined> = new Set([undefined, "host-passthrough", "custom"]);

/**
 * Checks what Xen in particular cannot run.
 * @throws LibvirtError
 */
export function validateXenDomain(domain: Domain): void {
  const { devices, os, cpu, type } = domain;
  if (type !== "xen") unsupported(`domain type '${type}' is not one that Xen runs: it must be 'xen'`);
  checkBoot(domain);
  if (cpu !== undefined && !cpuModes.has(cpu.mode)) unsupported(`unsupported cpu mode '${cpu.mode}'`);
  for (const disk of devices.disks) checkDisk(disk, isHvm(domain));
  for (const { connection } of devices.interfaces) {
    if (!["bridge", "network", "ethernet", "hostdev"].includes(connection.type)) {
      unsupported(`unsupported interface type '${connection.type}'`);
    }
  }
  for (const device of devices.hostdevs) {
    const kind = device.device.type;
    if (kind !== "pci" && kind !== "usb") unsupported(`Xen cannot pass through a host device of type '${kind}'`);
  }
  if (os.type.value !== "hvm" && (devices.serials.length > 0 || devices.parallels.length > 0)) {
    unsupported("only HVM guests have serial and parallel ports");
  }
  if (devices.filesystems.length > 0) unsupported("Xen cannot share filesystems of the host with a guest");
  if (devices.tpms.length > 0) unsupported("Xen's driver has no TPM devices");
}

function checkBoot({ os, bootloader, devices }: Domain): void {
  if (os.type.value === "hvm" || bootloader !== undefined || os.kernel !== undefined) return;
  // PyGrub looks for the kernel on the first disk.
  if (devices.disks.length === 0) {
    refuse(
      "CONFIG_UNSUPPORTED",
      "a paravirtual guest needs a kernel, a bootloader, or a disk that PyGrub finds one on",
    );
  }
}

function checkDisk({ device, target, storage }: Disk, hvm: boolean): void {
  if (device === "lun") unsupported(`disk ${target.dev}: Xen has no devices of type 'lun'`);
  if (!["file", "block", "network", "volume"].includes(storage.type)) {
    unsupported(`disk ${target.dev}: Xen has no disks of type '${storage.type}'`);
  }
  if (!hvm && device === "floppy") unsupported(`disk ${target.dev}: only HVM guests have floppy drives`);
}
