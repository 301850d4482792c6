/** PCI devices of the host: which driver has them, and having another one take them. */
import { writeFile } from "node:fs/promises";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";
import { type PciAddress, pciAddressText } from "../model/common/pci-address.ts";
import type { SysTree } from "./node/sysfs.ts";
import { runProgram } from "./program.ts";

/** The address of a name in /sys, `0000:03:00.1`; undefined for what is none. */
export function parsePciAddress(name: string): PciAddress | undefined {
  const parts = /^([\da-f]{4,8}):([\da-f]{2}):([\da-f]{2})\.([0-7])$/.exec(name)?.slice(1);
  if (!parts) return undefined;
  const [domain = 0, bus = 0, slot = 0, part = 0] = parts.map((text) => Number.parseInt(text, 16));
  return { domain, bus, slot, function: part } as PciAddress;
}

/** The driver that keeps devices for guests. */
const guestDriver = "vfio-pci";

/** A PCI device as we change it. */
export interface PciDevice {
  readonly address: PciAddress;
  /** /sys, which is written to below `root`. */
  readonly sys: SysTree;
  readonly root: string;
  readonly domain: ErrorDomainName;
}

const folderOf = ({ address }: PciDevice): string => `bus/pci/devices/${pciAddressText(address)}`;

async function write({ root, domain }: PciDevice, path: string, text: string): Promise<void> {
  try {
    await writeFile(`${root}/${path}`, text);
  } catch (error) {
    throw systemError(domain, `Unable to write to '${root}/${path}'`, error);
  }
}

/** The name of the driver that has the device; undefined while none has. */
export async function pciDriver(device: PciDevice): Promise<string | undefined> {
  const path = await device.sys.resolve(`${folderOf(device)}/driver`);
  return path?.slice(path.lastIndexOf("/") + 1);
}

/** Takes a device from its driver and has the named one, or with none its own, take it. */
async function rebind(device: PciDevice, driver: string): Promise<void> {
  const name = pciAddressText(device.address);
  await write(device, `${folderOf(device)}/driver_override`, driver === "" ? "\n" : driver);
  if ((await pciDriver(device)) !== undefined) await write(device, `${folderOf(device)}/driver/unbind`, name);
  await write(device, "bus/pci/drivers_probe", name);
}

/**
 * Takes a device from the host's driver, so that a guest can have it (virNodeDeviceDetachFlags).
 * @throws {LibvirtError} ARGUMENT_UNSUPPORTED where the host cannot give devices to guests
 */
export async function detachPci(device: PciDevice): Promise<void> {
  const { sys, domain } = device;
  if ((await sys.list("kernel/iommu_groups")).length === 0) {
    const detail = "VFIO device assignment is currently not supported on this system";
    throw new LibvirtError("ARGUMENT_UNSUPPORTED", domain, detail);
  }
  if ((await sys.list(`bus/pci/drivers/${guestDriver}`)).length === 0) {
    await runProgram("modprobe", [guestDriver], { domain });
  }
  if ((await pciDriver(device)) === guestDriver) return;
  await rebind(device, guestDriver);
  if ((await pciDriver(device)) === guestDriver) return;
  await rebind(device, "");
  const name = pciAddressText(device.address);
  throw new LibvirtError("OPERATION_FAILED", domain, `${guestDriver} does not take PCI device ${name}`);
}

/** Gives a device back to the host's driver (virNodeDeviceReAttach). */
export async function reattachPci(device: PciDevice): Promise<void> {
  if ((await pciDriver(device)) === guestDriver) await rebind(device, "");
}

/** Resets a device (virNodeDeviceReset). */
export async function resetPci(device: PciDevice): Promise<void> {
  const { sys, domain } = device;
  if (!(await sys.list(folderOf(device))).includes("reset")) {
    const name = pciAddressText(device.address);
    const detail = `Unable to reset PCI device ${name}: no FLR, PM reset or bus reset available`;
    throw new LibvirtError("INTERNAL_ERROR", domain, detail);
  }
  await write(device, `${folderOf(device)}/reset`, "1");
}
