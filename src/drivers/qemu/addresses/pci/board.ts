/** Places that PC boards have for certain devices. */
import type { AnyDevice, Controller, ParsedDomain } from "../../../../model/domain/index.ts";
import { isI440fx, isQ35 } from "../../definition/machine.ts";
import { refuse } from "../../definition/refuse.ts";
import type { PciBuses, Place } from "./buses.ts";
import type { Need } from "./kinds.ts";
import { wantsPlace } from "./needs.ts";
import type { Placements } from "./placements.ts";

/** Gives the board's own devices their places, and others the places that guests expect them in. */
export function placeBoardDevices(
  domain: ParsedDomain,
  buses: PciBuses,
  placements: Placements,
  needs: ReadonlyMap<AnyDevice, Need>,
): void {
  if (buses.buses.length === 0) return;
  const board = { domain, buses, placements, needs };
  if (isI440fx(domain)) placePiix3(board);
  else if (isQ35(domain)) placeIch9(board);
}

interface Board {
  readonly domain: ParsedDomain;
  readonly buses: PciBuses;
  readonly placements: Placements;
  readonly needs: ReadonlyMap<AnyDevice, Need>;
}

/** The south bridge is one device of several functions: ISA bridge, IDE, USB, power management. */
const piix3 = { bus: 0, slot: 1 } as const;

function placePiix3(board: Board): void {
  const { controllers } = board.domain.devices;
  for (const controller of controllers) {
    if (controller.index !== 0) continue;
    if (controller.type === "ide") placeFixed(board, controller, "Primary IDE controller", { ...piix3, function: 1 });
    if (controller.type === "usb" && (controller.model === undefined || controller.model === "piix3-uhci")) {
      placeFixed(board, controller, "PIIX3 USB controller at index 0", { ...piix3, function: 2 });
    }
  }
  board.buses.occupy({ ...piix3, function: 0 });
  for (let part = 1; part < 8; part++) {
    const place = { ...piix3, function: part };
    if (!board.buses.isTaken(place)) board.buses.occupy(place);
  }
  placePrimaryVideo(board, 2);
}

const isaBridge = { bus: 0, slot: 0x1f, function: 0 } as const;
const sata = { bus: 0, slot: 0x1f, function: 2 } as const;
const smBus = { bus: 0, slot: 0x1f, function: 3 } as const;
const dmiBridge = { bus: 0, slot: 0x1e, function: 0 } as const;
const hdAudio = { bus: 0, slot: 0x1b, function: 0 } as const;
const usbSlots = [0x1d, 0x1a] as const;

function placeIch9(board: Board): void {
  const { domain, buses } = board;
  for (const controller of domain.devices.controllers) {
    if (controller.type === "sata" && controller.index === 0) {
      placeFixed(board, controller, "Primary SATA controller", sata);
    } else if (controller.type === "usb" && controller.model === "ich9-uhci1" && wantsPlace(controller)) {
      placeUsb2(board, controller);
    } else if (controller.type === "pci" && controller.model === "dmi-to-pci-bridge" && wantsPlace(controller)) {
      if (!buses.isSlotTaken(0, dmiBridge.slot)) place(board, controller, dmiBridge, { plug: "dmi-to-pci-bridge" });
    }
  }
  buses.occupy(isaBridge);
  buses.occupy(smBus);
  placePrimaryVideo(board, 1);
  placeSound(board);
}

/** USB 2 has two places; its other parts follow the first one. */
function placeUsb2({ domain, buses, placements }: Board, first: Controller): void {
  const others = domain.devices.controllers.filter((one) => one.type === "usb" && one.index === first.index);
  // A part that has a place already decides where all are.
  if (others.some((one) => one !== first && placements.addressOf(one) !== undefined)) return;
  const slot = usbSlots.find((one) => !buses.isSlotTaken(0, one));
  if (slot !== undefined) placements.take({ bus: 0, slot, function: 0, multifunction: true }, first, { plug: "pci" });
}

function placeSound(board: Board): void {
  const sound = board.domain.devices.sounds.find((one) => one.model === "ich9" && wantsPlace(one));
  if (sound !== undefined && !board.buses.isSlotTaken(0, hdAudio.slot)) place(board, sound, hdAudio, { plug: "pci" });
}

/** Old guests look for the primary card there. */
function placePrimaryVideo(board: Board, slot: number): void {
  const { domain, buses, placements, needs } = board;
  const [video] = domain.devices.videos;
  if (video === undefined || !wantsPlace(video)) return;
  if (video.model?.type === "none" || video.model?.type === "ramfb") return;
  if (buses.isSlotTaken(0, slot)) {
    placements.takeNext(video, needs.get(video) ?? { plug: "pci", hotplug: true });
    return;
  }
  place(board, video, { bus: 0, slot, function: 0 }, { plug: "pci" });
}

function place({ placements }: Board, device: AnyDevice, at: Place, need: Need): void {
  placements.take(at, device, need);
}

/** A part of the board is where it is: the definition may say so, but not otherwise. */
function placeFixed(board: Board, device: AnyDevice, what: string, at: Place): void {
  if (wantsPlace(device)) {
    place(board, device, at, { plug: "pci" });
    return;
  }
  const { address } = device;
  if (address?.type !== "pci") return;
  const same = address.bus === at.bus && address.slot === at.slot && address.function === at.function;
  if (!same) refuse("INTERNAL_ERROR", `${what} must have PCI address 0:0:${at.slot.toString(16)}.${at.function}`);
}
