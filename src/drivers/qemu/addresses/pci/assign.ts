/**
 * Places devices on PCI. A first pass finds out which buses there must be and adds their controllers; the second gives
 * every device its place. What the definition says is never changed.
 */

import {
  type AnyDevice,
  type Controller,
  type ControllerOf,
  controller as controllerShape,
  type Devices,
  type ParsedDomain,
} from "../../../../model/domain/index.ts";
import { unsupported } from "../../../../model/domain/refuse.ts";
import type { DefinitionContext } from "../../definition/context.ts";
import { hasPcieRoot, hasPciRoot, isPseries, isVirt } from "../../definition/machine.ts";
import { placeBoardDevices } from "./board.ts";
import { PciBuses } from "./buses.ts";
import { completePciControllers } from "./controllers.ts";
import type { Need, PciModel } from "./kinds.ts";
import { bridgeNeed, pciDevices, wantsPlace } from "./needs.ts";
import { Placements } from "./placements.ts";
import { placeUsb2, usb2Need } from "./usb2.ts";
import { assignZpci } from "./zpci.ts";

export function assignPci(domain: ParsedDomain, context: DefinitionContext): void {
  if (lastBus(domain) < 0) return;
  addMissingBuses(domain, context);
  const buses = new PciBuses(busModels(domain), growthOf(domain, context), false);
  placeAll(domain, context, buses).apply();
  shareSlots(domain, context);
  completePciControllers(domain, context);
  assignZpci(domain, context);
}

type PciController = ControllerOf<"pci">;

const isPci = (controller: Controller): controller is PciController => controller.type === "pci";

/** A bus number is a byte. */
const maxBus = 255;

function lastBus({ devices }: ParsedDomain): number {
  const last = Math.max(-1, ...devices.controllers.filter(isPci).map(({ index }) => index ?? -1));
  if (last > maxBus) unsupported(`PCI controller index ${last} too high, maximum is ${maxBus}`);
  return last;
}

/** What is behind each bus number. Holes are what would be added there. */
function busModels(domain: ParsedDomain): PciModel[] {
  const models: PciModel[] = [];
  const filler: PciModel = hasPcieRoot(domain) ? "pcie-root-port" : "pci-bridge";
  const last = lastBus(domain);
  for (let bus = 0; bus <= last; bus++) {
    const controller = domain.devices.controllers.filter(isPci).find(({ index }) => index === bus);
    models.push(controller?.model ?? (bus === 0 ? "pci-root" : filler));
  }
  return models;
}

function growthOf(domain: ParsedDomain, { capabilities }: DefinitionContext) {
  return { pcieToPciBridge: capabilities.has("pcie-pci-bridge"), manyRoots: isPseries(domain) };
}

/** pSeries keeps its first bus for devices that are not the host's. */
function lockFirstBus(domain: ParsedDomain, { buses: [first] }: PciBuses): void {
  if (first !== undefined && isPseries(domain)) first.groupLocked = true;
}

/** Takes the places that the definition names, then the board's, then those that are free. */
function placeAll(domain: ParsedDomain, context: DefinitionContext, buses: PciBuses): Placements {
  lockFirstBus(domain, buses);
  const needs = new Map([...pciDevices(domain, context)].map(({ device, need }) => [device, need]));
  reserveGiven(domain, needs, buses);
  const placements = new Placements(buses);
  placeBoardDevices(domain, buses, placements, needs);
  for (const [device, need] of needs) {
    if (!placements.isOpen(device)) continue;
    const part = usb2Need(device);
    if (part !== undefined) placeUsb2(domain, part, placements, need);
    else placements.takeNext(device, need);
  }
  return placements;
}

/** Devices by kind in the order in which libvirt looks through a domain: it decides which buses are added first. */
const kinds: readonly (keyof Devices)[] = [
  ...(["disks", "interfaces", "sounds", "hostdevs", "videos", "controllers", "serials", "inputs"] as const),
  ...(["filesystems", "watchdog", "memballoon", "rngs", "shmems", "memories", "iommu", "vsock"] as const),
];

function reserveGiven(domain: ParsedDomain, needs: ReadonlyMap<AnyDevice, Need>, buses: PciBuses): void {
  for (const kind of kinds) {
    for (const device of devicesOf(domain, kind)) {
      const need = needs.get(device);
      if (need !== undefined && device.address?.type === "pci" && !wantsPlace(device)) {
        buses.reserve(device.address, need);
      }
    }
  }
}

function devicesOf({ devices }: ParsedDomain, kind: keyof Devices): readonly AnyDevice[] {
  const entry = devices[kind];
  if (Array.isArray(entry)) return entry as readonly AnyDevice[];
  return entry === undefined || typeof entry === "string" ? [] : [entry as AnyDevice];
}

const spareOld: Need = { plug: "pci", hotplug: true };
const spareExpress: Need = { plug: "pcie", hotplug: true };

function addMissingBuses(domain: ParsedDomain, context: DefinitionContext): void {
  // A running guest has the buses that it has.
  if (context.fixedBuses === true) return;
  const known = lastBus(domain);
  const buses = new PciBuses(busModels(domain), growthOf(domain, context), true);
  placeAll(domain, context, buses);
  // Whoever names no bus leaves them to us: leave room for one more device.
  if (known <= 0 && buses.buses.length > known + 1 && hasPcieRoot(domain)) buses.reserveNext(spareExpress);
  if (hasPciRoot(domain) && !isVirt(domain) && !buses.buses.every(({ isFull }) => isFull)) buses.reserveNext(spareOld);
  for (let index = 1; index < buses.buses.length; index++) {
    const model = buses.buses[index]?.model;
    if (model === undefined || domain.devices.controllers.some((one) => isPci(one) && one.index === index)) continue;
    const added = controllerShape.make({ type: "pci", index, model });
    domain.devices.controllers.push(added);
    // The bridge itself must be plugged in somewhere.
    const need = bridgeNeed({ model });
    if (need !== undefined && !buses.plugged.has(index)) buses.reserveNext(need);
  }
}

/** A device that shares its slot must say so, or the guest does not look for the others. */
function shareSlots(domain: ParsedDomain, context: DefinitionContext): void {
  const shared = new Set<string>();
  const devices = [...pciDevices(domain, context)].map(({ device }) => device);
  for (const { address } of devices) {
    if (address?.type === "pci" && address.function !== 0) shared.add(`${address.bus}:${address.slot}`);
  }
  for (const { address } of devices) {
    if (address?.type !== "pci" || address.function !== 0 || address.multifunction !== undefined) continue;
    if (shared.has(`${address.bus}:${address.slot}`)) address.multifunction = true;
  }
}
