/** Finding devices in a definition. All of these take what clients name devices by. */
import type { Address } from "./address.ts";
import type { Controller, ControllerType } from "./controller.ts";
import type { Disk } from "./disk.ts";
import type { Devices, ParsedDomain } from "./domain.ts";
import type { Interface } from "./interface.ts";
import { imageOf } from "./storage.ts";

/** Any part of a definition that has devices. */
export type WithDevices = Pick<ParsedDomain, "devices">;

/** What any device may have. */
export interface AnyDevice {
  alias?: string | undefined;
  address?: Address | undefined;
  acpi?: { index?: number | undefined } | undefined;
}

/** A device and the key of `devices` it stands under. */
export interface FoundDevice {
  readonly kind: keyof Devices;
  readonly device: AnyDevice;
}

/** Every device, in the order in which libvirt prints them. */
export function* allDevices({ devices }: WithDevices): Generator<FoundDevice, void, undefined> {
  for (const [kind, entry] of Object.entries(devices) as [keyof Devices, Devices[keyof Devices]][]) {
    for (const device of Array.isArray(entry) ? entry : [entry]) {
      if (typeof device === "object" && device !== null) yield { kind, device: device as AnyDevice };
    }
  }
}

export function findByAlias(domain: WithDevices, alias: string): FoundDevice | undefined {
  for (const found of allDevices(domain)) if (found.device.alias === alias) return found;
  return undefined;
}

/**
 * The disk with a target name (`vda`) or, when the name is a path, the one whose image is there.
 * Several disks may show one image; the first is found.
 */
export function findDisk({ devices }: WithDevices, name: string): Disk | undefined {
  return (
    devices.disks.find(({ target }) => target.dev === name) ??
    devices.disks.find(({ storage }) => name !== "" && imageOf(storage) === name)
  );
}

/** The interfaces with a MAC address, or with that name on the host. */
export function findInterfaces({ devices }: WithDevices, name: string): Interface[] {
  const mac = name.toLowerCase();
  return devices.interfaces.filter((card) => card.mac?.address === mac || card.target?.dev === name);
}

export function findController({ devices }: WithDevices, type: ControllerType, index: number): Controller | undefined {
  return devices.controllers.find((controller) => controller.type === type && controller.index === index);
}
