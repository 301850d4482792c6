/** Channel addresses of s390 guests. */
import type { AddressOf, AnyDevice, ParsedDomain } from "../../../model/domain/index.ts";
import { allDevices } from "../../../model/domain/index.ts";
import { malformed } from "../../../model/domain/refuse.ts";
import { isCcw } from "../definition/machine.ts";
import { virtioDevices } from "./virtio-devices.ts";

/** The channel subsystem of virtio devices. */
const virtioSubsystem = 0xfe;
const lastDevice = 0xffff;

export function assignCcw(domain: ParsedDomain): void {
  if (!isCcw(domain)) return;
  const taken = new Set<string>();
  for (const { device } of allDevices(domain)) reserve(device, taken);
  for (const device of ccwDevices(domain)) place(device, taken);
}

function* ccwDevices(domain: ParsedDomain): Generator<AnyDevice> {
  for (const hostdev of domain.devices.hostdevs) {
    if (hostdev.mode !== "subsystem" || hostdev.device.type !== "mdev") continue;
    if (hostdev.device.model === "vfio-ccw") yield hostdev;
  }
  yield* virtioDevices(domain);
}

const keyOf = ({ cssid, ssid, devno }: AddressOf<"ccw">): string => `${cssid}.${ssid}.${devno}`;

function reserve({ address }: AnyDevice, taken: Set<string>): void {
  if (address?.type !== "ccw" || address.devno === undefined) return;
  const key = keyOf(address);
  if (taken.has(key)) {
    const [cssid, ssid, devno] = [address.cssid, address.ssid, address.devno].map((part) => part.toString(16));
    malformed(`The CCW devno '${cssid}.${ssid}.${devno?.padStart(4, "0")}' is in use already`);
  }
  taken.add(key);
}

function place(device: AnyDevice, taken: Set<string>): void {
  const { address: given } = device;
  if (given !== undefined && (given.type !== "ccw" || given.devno !== undefined)) return;
  for (let devno = 0; devno <= lastDevice; devno++) {
    const address: AddressOf<"ccw"> = { type: "ccw", cssid: virtioSubsystem, ssid: 0, devno };
    if (taken.has(keyOf(address))) continue;
    taken.add(keyOf(address));
    device.address = address;
    return;
  }
  malformed("There are no more free CCW devnos.");
}
