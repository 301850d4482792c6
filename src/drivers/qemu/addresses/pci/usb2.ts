/** USB 2: one EHCI controller and its companions are functions of one PCI device. */
import { type AnyDevice, type ControllerOf, isUsb2Part, type ParsedDomain } from "../../../../model/domain/index.ts";
import type { Need } from "./kinds.ts";
import type { Placements } from "./placements.ts";

type Usb = ControllerOf<"usb">;

/** Which function each part is. */
const functions: { readonly [model: string]: number } = {
  "ich9-uhci1": 0,
  "ich9-uhci2": 1,
  "ich9-uhci3": 2,
  "ich9-ehci1": 7,
};

/** The device as a part of a USB 2 controller; undefined for other devices. */
export function usb2Need(device: AnyDevice): Usb | undefined {
  return "type" in device && isUsb2Part(device as Usb) ? (device as Usb) : undefined;
}

/** Puts a part beside the others of its controller, or into a slot where they can follow. */
export function placeUsb2({ devices }: ParsedDomain, part: Usb, placements: Placements, need: Need): void {
  const own = functions[part.model ?? ""] ?? 0;
  const first = devices.controllers
    .filter((other) => isUsb2Part(other) && other.index === part.index)
    .map((other) => placements.addressOf(other))
    .find((address) => address !== undefined);
  if (first === undefined) {
    placements.takeNext(part, need, own);
    return;
  }
  const { bus, slot } = first;
  placements.take({ bus, slot, function: own, ...(own === 0 ? { multifunction: true } : {}) }, part, need);
}
