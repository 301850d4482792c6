/** Parts of single devices, for tests: a whole guest around them, on an emulator of hand-picked abilities. */
import { join } from "node:path";
import type { CapabilityFlag } from "../../src/drivers/qemu/capabilities/flags.ts";
import { type DeviceKind, kindParts } from "../../src/drivers/qemu/launch/devices/parts.ts";
import type { Part } from "../../src/drivers/qemu/launch/parts/part.ts";
import type { JsonObject } from "../../src/drivers/qemu/monitor/json.ts";
import type { Domain } from "../../src/model/domain/index.ts";
import { type Deviations, deviceContext } from "./device-context.ts";
import { startingDomain } from "./launch.ts";
import { fakeCapabilities } from "./qemu-capabilities.ts";

export interface Surroundings extends Omit<Deviations, "capabilities"> {
  readonly arch?: string;
  readonly machine?: string;
  readonly flags?: readonly CapabilityFlag[];
  /** What stands in `<os>` besides the type. */
  readonly os?: string;
  /** What follows `<devices>`. */
  readonly after?: string;
}

/** What nearly every emulator can do. */
const usual: readonly CapabilityFlag[] = ["piix3-usb-uhci", "virtio-pci-non-transitional", "pcie-root-port"];

/** A guest that is about to start with these devices. */
export function guestWith(devices: string, around: Surroundings = {}): Domain {
  const { arch = "x86_64", machine = "pc", os = "", after = "" } = around;
  const xml =
    `<domain type='qemu'><name>guest</name><memory>65536</memory><os><type arch='${arch}' machine='${machine}'>hvm</type>` +
    `${os}</os><devices><memballoon model='none'/>${devices}</devices>${after}</domain>`;
  return startingDomain(xml, { capabilities: emulator(around), folder: join("/run", "guest"), arch });
}

const emulator = ({ arch = "x86_64", flags = [] }: Surroundings) => fakeCapabilities([...usual, ...flags], { arch });

/** The parts of all devices of a kind in a guest with these devices. */
export function partsOf(kind: DeviceKind, devices: string, around: Surroundings = {}): readonly Part[] {
  const { settings, facts } = around;
  const deviations = { ...(settings && { settings }), ...(facts && { facts }), capabilities: emulator(around) };
  return kindParts(kind, deviceContext(guestWith(devices, around), deviations));
}

/** The properties of all parts of one sort, in order. */
export function propsOf(parts: readonly Part[], sort: "object" | "blockdev" | "netdev" | "device"): JsonObject[] {
  return parts.flatMap((part) => (part.kind === sort ? [part.props] : []));
}

/** The properties of the only device, without where it is. */
export function deviceOf(parts: readonly Part[]): JsonObject {
  const [props = {}] = propsOf(parts, "device");
  const { bus: _bus, addr: _addr, ...rest } = props;
  return rest;
}

/** What `chardev-add` would be told, by id. */
export function chardevsOf(parts: readonly Part[]): { readonly [id: string]: JsonObject } {
  return Object.fromEntries(parts.flatMap((part) => (part.kind === "chardev" ? [[part.id, part.backend]] : [])));
}
