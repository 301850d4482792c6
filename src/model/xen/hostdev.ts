/** Devices of the host given to the guest: PCI and USB. */

import { InvalidValue } from "../../xml/index.ts";
import { type PciAddress, pciAddressText } from "../common/pci-address.ts";
import { type Hostdev, hostdev } from "../domain/index.ts";
import { writePairs } from "./pairs.ts";

const pciForm = /^(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])(?:@[0-9a-f]{1,2})?$/i;

/** @throws InvalidValue */
export function readPciAddress(text: string): PciAddress {
  const [, domain = "0", bus = "", slot = "", part = ""] = pciForm.exec(text) ?? [];
  const hex = (digits: string): number => Number.parseInt(digits, 16);
  if (bus === "" || hex(slot) > 0x1f)
    throw new InvalidValue(`'${text.slice(0, 40)}' is not a PCI address like 0000:01:1a.1`);
  return { domain: hex(domain), bus: hex(bus), slot: hex(slot), function: hex(part) };
}

/** @throws InvalidValue */
export function readPci(text: string): Hostdev {
  const [address = "", ...options] = text.split(",").map((part) => part.trim());
  return hostdev.make({
    mode: "subsystem",
    device: {
      type: "pci",
      driver: { name: "xen" },
      source: {
        address: readPciAddress(address.replace(/^bdf=/, "")),
        ...(options.includes("permissive=1") && { writeFiltering: false }),
      },
    },
  });
}

export const isPci = (device: Hostdev): boolean => device.mode === "subsystem" && device.device.type === "pci";
export const isUsb = (device: Hostdev): boolean => device.mode === "subsystem" && device.device.type === "usb";

export function writePci({ device }: Hostdev): string {
  if (device.type !== "pci") throw new TypeError("not a PCI device");
  const permissive = device.source.writeFiltering === false ? ",permissive=1" : "";
  return `${pciAddressText(device.source.address)}${permissive}`;
}

/** @throws InvalidValue */
export function readUsb(pairs: ReadonlyMap<string, string>): Hostdev {
  const [bus, device] = [pairs.get("hostbus") ?? "", pairs.get("hostaddr") ?? ""];
  if (!/^\d{1,5}$/.test(bus) || !/^\d{1,5}$/.test(device))
    throw new InvalidValue("a USB device needs hostbus and hostaddr");
  return hostdev.make({
    mode: "subsystem",
    device: { type: "usb", source: { address: { bus: Number(bus), device: Number(device) } } },
  });
}

export function writeUsb({ device }: Hostdev): string {
  if (device.type !== "usb") throw new TypeError("not a USB device");
  const { address } = device.source;
  return writePairs({ hostbus: String(address?.bus ?? 0), hostaddr: String(address?.device ?? 0) });
}
