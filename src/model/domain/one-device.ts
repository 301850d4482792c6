/** A single device as clients describe it, to be added to a domain or to be found there. */
import { LibvirtError } from "../../errors.ts";
import { document, formatMarkup, parseTree, type ReadOptions, toMarkup } from "../../xml/index.ts";
import { type Devices, devices as devicesShape } from "./domain.ts";
import type { AnyDevice } from "./lookup.ts";

/** The keys of {@link Devices} that hold devices. */
export type DeviceKey = Exclude<keyof Devices, "emulator" | "redirfilter">;

/** A device, and the kind that it is of. */
export interface GivenDevice {
  readonly key: DeviceKey;
  /** The name of its element: `disk`, `interface`. */
  readonly element: string;
  readonly device: AnyDevice;
}

const devicesDocument = document("devices", devicesShape, {}, { from: "DOMAIN", title: "device_definition" });

/**
 * Reads a device's document, and completes nothing.
 * @throws LibvirtError CONFIG_UNSUPPORTED for an element that is no device.
 */
export function parseDevice(xml: string, options: ReadOptions = {}): GivenDevice {
  const root = parseTree(xml, { title: "device_definition", domain: "DOMAIN" });
  const read = devicesDocument.parse(`<devices>${formatMarkup(toMarkup(root))}</devices>`, options);
  for (const [key, entry] of Object.entries(read)) {
    const device = Array.isArray(entry) ? entry[0] : entry;
    if (typeof device === "object" && device !== null && key !== "redirfilter") {
      return { key: key as DeviceKey, element: root.name, device: device as AnyDevice };
    }
  }
  throw new LibvirtError("CONFIG_UNSUPPORTED", "DOMAIN", `unknown device type '${root.name}'`);
}

/** The devices of a kind, in the order of the document. */
export function devicesOfKind({ devices }: { readonly devices: Devices }, key: DeviceKey): readonly AnyDevice[] {
  const entry = devices[key];
  if (Array.isArray(entry)) return entry as readonly AnyDevice[];
  return entry === undefined ? [] : [entry as AnyDevice];
}

/** Puts other devices of a kind in place of those that are there, in place. */
export function setDevicesOfKind({ devices }: { devices: Devices }, key: DeviceKey, list: readonly AnyDevice[]): void {
  const all = devices as unknown as Record<string, AnyDevice[] | AnyDevice | undefined>;
  if (Array.isArray(devices[key])) all[key] = [...list];
  else if (list[0] === undefined) delete all[key];
  else all[key] = list[0];
}

/** Whether a domain can have several devices of a kind. */
export const isListOfDevices = (key: DeviceKey): boolean => Array.isArray(devicesShape.make({})[key]);
