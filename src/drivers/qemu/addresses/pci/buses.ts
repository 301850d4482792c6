/** The PCI buses of a guest: which slots are taken, and where the next device goes. */

import { pciAddressText } from "../../../../model/common/pci-address.ts";
import type { AddressOf } from "../../../../model/domain/index.ts";
import { broken, malformed } from "../../../../model/domain/refuse.ts";
import { type BusKind, busKinds, fits, isAllowed, type Need, type PciModel } from "./kinds.ts";

export type PciAddress = AddressOf<"pci">;

/** What kind of board the buses are on: it decides which bus is added when there is no room. */
export interface Growth {
  /** Devices of old on a board with PCI Express only: through this bridge, else through two others. */
  readonly pcieToPciBridge: boolean;
  /** More root buses instead of bridges. */
  readonly manyRoots: boolean;
}

/** Most buses there can be: their number is one byte. */
const maxBuses = 256;
const functionsPerSlot = 8;
const allFunctions = 0xff;

class Bus {
  readonly model: PciModel;
  readonly kind: BusKind;
  /** One bit for each function in use, by slot. */
  readonly taken = new Uint8Array(32);
  /** Slots that several controllers share. */
  readonly aggregated = new Set<number>();
  group = 0;
  /** The group was given, not taken over from the first device. */
  groupLocked = false;

  constructor(model: PciModel) {
    this.model = model;
    this.kind = busKinds[model];
  }

  get isEmpty(): boolean {
    return this.taken.every((functions) => functions === 0);
  }

  get isFull(): boolean {
    const { firstSlot, lastSlot } = this.kind;
    for (let slot = firstSlot; slot <= lastSlot; slot++) if (this.taken[slot] === 0) return false;
    return true;
  }

  /** The first slot and function that is free for a device, which already is known to fit. */
  free({ aggregate }: Need, part = 0): { slot: number; function: number } | undefined {
    const { firstSlot, lastSlot } = this.kind;
    for (let slot = firstSlot; slot <= lastSlot; slot++) {
      const taken = this.taken[slot] ?? allFunctions;
      if (taken === 0) return { slot, function: part };
      if (aggregate !== true || !this.aggregated.has(slot)) continue;
      for (let other = 0; other < functionsPerSlot; other++) {
        if ((taken & (1 << other)) === 0) return { slot, function: other };
      }
    }
    return undefined;
  }
}

export class PciBuses {
  readonly buses: Bus[];
  /** Numbers of added buses whose bridge has a place already. */
  readonly plugged = new Set<number>();
  readonly #growth: Growth;
  /** Whether buses may be added, as in the pass that finds out how many there must be. */
  readonly #open: boolean;

  constructor(models: readonly PciModel[], growth: Growth, open: boolean) {
    this.buses = models.map((model) => new Bus(model));
    this.#growth = growth;
    this.#open = open;
  }

  isTaken({ bus, slot, function: part }: Place): boolean {
    return ((this.buses[bus]?.taken[slot] ?? allFunctions) & (1 << part)) !== 0;
  }

  isSlotTaken(bus: number, slot: number): boolean {
    return this.buses[bus]?.taken[slot] !== 0;
  }

  /** Takes a place that the definition names. */
  reserve(address: PciAddress, need: Need): void {
    if (address.domain !== 0)
      malformed(`Invalid PCI address ${pciAddressText(address)}. Only PCI domain 0 is available`);
    if (this.#open) this.#growTo(address, need);
    const bus = this.buses[address.bus];
    if (bus === undefined) malformed(`Only PCI buses up to ${this.buses.length - 1} are available`);
    check(address, bus.kind, need);
    if (this.isTaken(address)) malformed(`Attempted double use of PCI Address ${pciAddressText(address)}`);
    // A port that is said to be alone in its slot stays alone.
    this.#take(address, address.multifunction === false ? { ...need, aggregate: false } : need);
  }

  /** Takes a place that the board has for a part of its own. */
  occupy(place: Place): void {
    if (this.isTaken(place)) {
      malformed(`Attempted double use of PCI Address ${pciAddressText({ domain: 0, ...place })}`);
    }
    this.#take(place, { plug: "pci" });
  }

  /** Takes the first place that is free, in a new bus if need be. `part` is the function it must be. */
  reserveNext(need: Need, part = 0): PciAddress {
    const found = this.#find(need, part) ?? this.#findInNewBus(need, part);
    this.#take(found, need);
    return { type: "pci", domain: 0, ...found };
  }

  #take({ bus, slot, function: part }: Place, need: Need): void {
    const target = this.buses[bus];
    if (target === undefined) return;
    if (target.isEmpty && !target.groupLocked) target.group = need.group ?? 0;
    if (need.aggregate === true && target.taken[slot] === 0) target.aggregated.add(slot);
    target.taken[slot] = (target.taken[slot] ?? 0) | (1 << part);
  }

  #find(need: Need, part: number): Place | undefined {
    const wanted = need.group ?? 0;
    const own = (bus: Bus): boolean => bus.group === wanted;
    // A bus that nobody is on yet can become the group's.
    const unused = (bus: Bus): boolean => bus.group !== wanted && bus.isEmpty && !bus.groupLocked;
    for (const isMeant of [own, unused]) {
      for (const [at, bus] of this.buses.entries()) {
        const place = fits(bus.kind, need) && isMeant(bus) ? bus.free(need, part) : undefined;
        if (place !== undefined) return { bus: at, ...place };
      }
    }
    return undefined;
  }

  #findInNewBus(need: Need, part: number): Place {
    if (!this.#open) broken("No more available PCI slots");
    this.#grow(need);
    const found = this.#find(need, part);
    return found ?? broken("No more available PCI slots");
  }

  /**
   * Adds buses up to the one that an address names. Where that is the next one, and it needs another bus before it, the
   * device is on the bus after that.
   */
  #growTo(address: PciAddress, need: Need): void {
    const next = address.bus === this.buses.length;
    while (address.bus >= this.buses.length) this.#grow(need);
    if (next) address.bus = this.buses.length - 1;
  }

  /** Adds the bus that would take the device, and what that bus itself must be plugged into. */
  #grow(need: Need): void {
    const added = this.#missing(need);
    if (added === undefined) {
      broken(
        `a PCI slot is needed to connect a PCI controller model='${need.plug}', but none is available, and it cannot be automatically added`,
      );
    }
    for (const model of added) {
      if (this.buses.length >= maxBuses) broken("No more available PCI buses");
      // This bridge comes with the port it is plugged into.
      if (model === "pcie-to-pci-bridge") {
        this.#take({ bus: this.buses.length - 1, slot: 0, function: 0 }, { plug: model });
        this.plugged.add(this.buses.length);
      }
      this.buses.push(new Bus(model));
    }
  }

  #missing({ plug }: Need): readonly PciModel[] | undefined {
    switch (plug) {
      case "pci":
        return this.#forCard();
      case "pci-bridge":
        return this.buses[0]?.model === "pcie-root" ? ["dmi-to-pci-bridge"] : undefined;
      case "pcie":
      case "pcie-switch-upstream-port":
        return ["pcie-root-port"];
      case "pcie-switch-downstream-port":
        return ["pcie-switch-upstream-port"];
      default:
        return undefined;
    }
  }

  #forCard(): readonly PciModel[] {
    if (this.#growth.manyRoots) return ["pci-root"];
    if (this.buses.some(({ kind }) => kind.accepts.includes("pci-bridge"))) return ["pci-bridge"];
    return this.#growth.pcieToPciBridge
      ? ["pcie-root-port", "pcie-to-pci-bridge"]
      : ["dmi-to-pci-bridge", "pci-bridge"];
  }
}

export type Place = Pick<PciAddress, "bus" | "slot" | "function">;

function check(address: PciAddress, kind: BusKind, need: Need): void {
  const text = pciAddressText(address);
  if (address.slot < kind.firstSlot) malformed(`Invalid PCI address ${text}. slot must be >= ${kind.firstSlot}`);
  if (address.slot > kind.lastSlot) malformed(`Invalid PCI address ${text}. slot must be <= ${kind.lastSlot}`);
  if (need.integrated === true && address.bus !== 0) {
    malformed(`The device at PCI address ${text} needs to be an integrated device (bus=0)`);
  }
  if (!isAllowed(kind, need)) {
    malformed(
      `The device at PCI address ${text} cannot be plugged into the PCI controller with index='${address.bus}'. It requires a controller that accepts a ${need.plug}.`,
    );
  }
}
