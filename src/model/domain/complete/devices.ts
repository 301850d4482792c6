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
  for (const hostdev of domain.devices.hostdevs) {
    if (hostdev.mode !== "subsystem" || hostdev.device.type !== "scsi") continue;
    completeIscsi(hostdev);
    hostdev.address ??= freeDriveAddress(domain, wide);
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

/** The first unit of a SCSI bus that neither a disk nor another device has. */
function freeDriveAddress({ devices }: ParsedDomain, wide: boolean): { type: "drive" } & Drive {
  const taken = new Set<string>();
  const take = (address: { type: string } | undefined): void => {
    if (address?.type !== "drive") return;
    const { controller, bus, target, unit } = address as unknown as Drive;
    taken.add(`${controller} ${bus} ${target} ${unit}`);
  };
  for (const { target, address } of devices.disks) if (target.bus === "scsi") take(address);
  for (const { address } of devices.hostdevs) take(address);
  for (let controller = 0; ; controller++) {
    for (let unit = 0; unit < (wide ? 16 : 7); unit++) {
      if (unit === 7) continue;
      if (!taken.has(`${controller} 0 0 ${unit}`)) return { type: "drive", controller, bus: 0, target: 0, unit };
    }
  }
}

/** Slots of a CCID reader, in order. */
function completeSmartcards({ devices }: ParsedDomain): void {
  const taken = new Set<number>();
  for (const { address } of devices.smartcards) {
    if (address === undefined) continue;
    if (address.type === "ccid" && address.controller === 0) taken.add(address.slot);
  }
  for (const smartcard of devices.smartcards) {
    if (smartcard.address !== undefined) continue;
    let slot = 0;
    while (taken.has(slot)) slot++;
    taken.add(slot);
    smartcard.address = { type: "ccid", controller: 0, slot };
  }
}
