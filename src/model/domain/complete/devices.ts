/** Devices with little to fill in. */
import type { ParsedDomain } from "../domain.ts";
import type { Hostdev } from "../hostdev.ts";
import { malformed } from "../refuse.ts";
import type { CompletionOptions } from "./options.ts";

export function completeOtherDevices(domain: ParsedDomain, { wideScsi = false }: CompletionOptions): void {
  completeInputs(domain);
  completeFilesystems(domain);
  completeHostdevs(domain, wideScsi);
  completeSmartcards(domain);
  const { vsock, memballoon, redirfilter } = domain.devices;
  if (vsock !== undefined && vsock.cid?.address === undefined) vsock.cid = { auto: true, address: 0 };
  else if (vsock?.cid !== undefined) vsock.cid.auto ??= false;
  if (memballoon?.stats?.period === 0) delete memballoon.stats;
  if (redirfilter?.usbdevs.length === 0) delete domain.devices.redirfilter;
}

/** Keyboards and mice are on PS/2, on Xen's bus in a paravirtual guest; everything else is on USB. */
function completeInputs({ type, os, devices }: ParsedDomain): void {
  for (const input of devices.inputs) {
    if (input.bus !== undefined || input.type === "evdev") continue;
    if (input.type === "passthrough") input.bus = "virtio";
    else if (type === "xen" && os.type.value !== "hvm") input.bus = "xen";
    else if (input.type === "tablet") input.bus = "usb";
    else input.bus = "ps2";
  }
}

/** Accesses run as they are unless the daemon for the file system decides. */
function completeFilesystems({ devices }: ParsedDomain): void {
  for (const filesystem of devices.filesystems) {
    if (filesystem.driver?.type !== "virtiofs") filesystem.accessmode ??= "passthrough";
    if (filesystem.multidevs === "default") delete filesystem.multidevs;
  }
}

function completeHostdevs(domain: ParsedDomain, wide: boolean): void {
  let free: FreeDrives | undefined;
  for (const hostdev of domain.devices.hostdevs) {
    if (hostdev.mode !== "subsystem" || hostdev.device.type !== "scsi") continue;
    completeIscsi(hostdev);
    if (hostdev.address !== undefined) continue;
    free ??= new FreeDrives(domain, wide);
    hostdev.address = free.take();
  }
}

function completeIscsi({ device }: Extract<Hostdev, { mode: "subsystem" }>): void {
  if (device.type !== "scsi" || device.source.protocol !== "iscsi") return;
  const { source } = device;
  if (!source.name.includes("/")) source.name += "/0";
  for (const host of source.hosts) {
    if (host.name === undefined) malformed("missing name for host");
    host.port ||= 3260;
  }
}

type Drive = { controller: number; bus: number; target: number; unit: number };

/** Finds units of SCSI buses that neither a disk nor another device has. */
class FreeDrives {
  readonly #taken = new Set<string>();
  readonly #units: number;
  /** All units before this one are taken. */
  #next = 0;

  constructor({ devices }: ParsedDomain, wide: boolean) {
    this.#units = wide ? 16 : 7;
    for (const { target, address } of devices.disks) if (target.bus === "scsi") this.#take(address);
    for (const { address } of devices.hostdevs) this.#take(address);
  }

  take(): { type: "drive" } & Drive {
    for (; ; this.#next++) {
      const [controller, unit] = [Math.floor(this.#next / this.#units), this.#next % this.#units];
      if (unit === 7 || this.#taken.has(`${controller} 0 0 ${unit}`)) continue;
      this.#next++;
      return { type: "drive", controller, bus: 0, target: 0, unit };
    }
  }

  #take(address: { type: string } | undefined): void {
    if (address?.type !== "drive") return;
    const { controller, bus, target, unit } = address as unknown as Drive;
    this.#taken.add(`${controller} ${bus} ${target} ${unit}`);
  }
}

/** Slots of a CCID reader, in order. */
function completeSmartcards({ devices }: ParsedDomain): void {
  const taken = new Set<number>();
  for (const { address } of devices.smartcards) {
    if (address === undefined) continue;
    if (address.type === "ccid" && address.controller === 0) taken.add(address.slot);
  }
  let slot = 0;
  for (const smartcard of devices.smartcards) {
    if (smartcard.address !== undefined) continue;
    while (taken.has(slot)) slot++;
    taken.add(slot);
    smartcard.address = { type: "ccid", controller: 0, slot };
  }
}
