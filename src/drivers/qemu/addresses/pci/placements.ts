/** Places given to devices in one pass; the definition learns of them when the pass is the last. */
import type { AnyDevice } from "../../../../model/domain/index.ts";
import type { PciAddress, PciBuses, Place } from "./buses.ts";
import type { Need } from "./kinds.ts";
import { wantsPlace } from "./needs.ts";

export class Placements {
  readonly #given = new Map<AnyDevice, PciAddress>();
  readonly #buses: PciBuses;

  constructor(buses: PciBuses) {
    this.#buses = buses;
  }

  /** Where a device is, be it from the definition or from this pass. */
  addressOf(device: AnyDevice): PciAddress | undefined {
    const given = this.#given.get(device);
    if (given !== undefined) return given;
    return device.address?.type === "pci" && !wantsPlace(device) ? device.address : undefined;
  }

  /** Whether a device still waits for its place. */
  isOpen(device: AnyDevice): boolean {
    return wantsPlace(device) && !this.#given.has(device);
  }

  take(at: Place & { multifunction?: boolean }, device: AnyDevice, need: Need): void {
    const address: PciAddress = { type: "pci", domain: 0, ...at };
    this.#buses.reserve(address, need);
    this.#given.set(device, address);
  }

  takeNext(device: AnyDevice, need: Need, part = 0): void {
    this.#given.set(device, this.#buses.reserveNext(need, part));
  }

  /** Writes the places into the devices. What an address without a place said of functions no longer holds. */
  apply(): void {
    for (const [device, address] of this.#given) {
      const zpci = device.address?.type === "pci" ? device.address.zpci : undefined;
      device.address = zpci === undefined ? address : { ...address, zpci };
    }
  }
}
