/** Controllers: their numbers, and those that devices imply. */
import type { Controller, ControllerOf, ControllerType } from "../controller.ts";
import { controller as controllerShape } from "../controller.ts";
import type { ParsedDomain } from "../domain.ts";
import { findController } from "../lookup.ts";
import { malformed } from "../refuse.ts";
import { sortWithinKinds } from "./update.ts";

/** More controllers of one type than any machine has: a bound on what an address can ask for. */
const maxIndex = 1024;

/** Numbers the controllers of each type that have no number; the parts of one USB 2 controller share theirs. */
export function numberControllers({ devices }: ParsedDomain): void {
  const { controllers } = devices;
  const numbers = new Map<ControllerType, Numbers>();
  const numbersOf = (type: ControllerType): Numbers => {
    const known = numbers.get(type);
    if (known !== undefined) return known;
    const fresh = new Numbers();
    numbers.set(type, fresh);
    return fresh;
  };
  for (const controller of controllers) numbersOf(controller.type).note(controller);
  controllers.forEach((controller, at) => {
    if (controller.index !== undefined) return;
    const own = numbersOf(controller.type);
    const previous = controllers[at - 1];
    controller.index = own.isCompletedBy(controller, previous) ? previous?.index : own.firstFree();
    own.note(controller);
  });
}

/** The numbers of the controllers of one type. */
class Numbers {
  readonly #taken = new Set<number>();
  /** The parts of USB 2 controllers that are there, each by its number and model. */
  readonly #parts = new Set<string>();
  #free = 0;

  note(controller: Controller): void {
    if (controller.index !== undefined) this.#taken.add(controller.index);
    if (isUsb2Part(controller)) this.#parts.add(`${controller.index} ${controller.model}`);
  }

  firstFree(): number {
    while (this.#taken.has(this.#free)) this.#free++;
    return this.#free;
  }

  /** Whether a part belongs to the same USB 2 controller as the one before it: that one has no such part yet. */
  isCompletedBy(part: Controller, previous: Controller | undefined): boolean {
    if (previous === undefined || !isUsb2Part(part) || !isUsb2Part(previous)) return false;
    return !this.#parts.has(`${previous.index} ${part.model}`);
  }
}

type UsbController = ControllerOf<"usb">;

/** First port that each companion serves. */
const startports: { readonly [model: string]: number } = { "ich9-uhci1": 0, "ich9-uhci2": 2, "ich9-uhci3": 4 };

export function isCompanion({ model }: UsbController): boolean {
  return model !== undefined && model in startports;
}

/** EHCI or one of its companions, which together make one USB 2 controller. */
export function isUsb2Part(controller: Controller): controller is UsbController {
  return controller.type === "usb" && (controller.model === "ich9-ehci1" || isCompanion(controller));
}

/** Gives companions their ports where nothing is said. */
export function completeCompanions({ devices }: ParsedDomain): void {
  for (const controller of devices.controllers) {
    if (controller.type !== "usb" || controller.master !== undefined) continue;
    const startport = startports[controller.model ?? ""];
    if (startport !== undefined) controller.master = { startport };
  }
}

/** Puts controllers of one type together, in the order of their numbers; a USB master comes before its companions. */
export function sortControllers({ devices }: ParsedDomain): void {
  devices.controllers = sortWithinKinds(
    devices.controllers,
    ({ type }) => type,
    // One without a number stays where it was written.
    (controller) =>
      controller.index === undefined ? undefined : controller.index * 2 + (isMaster(controller) ? 0 : 1),
  );
}

function isMaster(controller: Controller): boolean {
  return controller.type === "usb" && controller.master === undefined;
}

/** Adds a controller of a type unless there is one of that number. */
function addController(domain: ParsedDomain, type: ControllerType, index: number): void {
  if (findController(domain, type, index) !== undefined) return;
  if (index > maxIndex) malformed(`controller index ${index} of type '${type}' is too large`);
  domain.devices.controllers.push(controllerShape.make({ type, index }));
}

/** Adds controllers 0 to `last`, as an address that names the last one implies. */
function addControllersUpTo(domain: ParsedDomain, type: ControllerType, last: number): void {
  for (let index = 0; index <= last; index++) addController(domain, type, index);
}

/** Disk buses whose controllers exist only because disks need them. */
const implied = ["scsi", "fdc", "ide", "sata"] as const;

/** Adds the controllers that devices are plugged into, wherever the definition left that out. */
export function addImpliedControllers(domain: ParsedDomain): void {
  for (const bus of implied) addDiskControllers(domain, bus);
  addSerialControllers(domain);
  if (domain.devices.smartcards.length > 0) addController(domain, "ccid", 0);
  addHostdevControllers(domain);
}

function addDiskControllers(domain: ParsedDomain, bus: (typeof implied)[number]): void {
  const last = highest(
    domain.devices.disks.map(({ target, address }) =>
      target.bus === bus && address?.type === "drive" ? address.controller : -1,
    ),
  );
  addControllersUpTo(domain, bus, last);
}

/** Channels and virtio consoles sit on virtio-serial controllers, the first one unless they say otherwise. */
function addSerialControllers(domain: ParsedDomain): void {
  const { channels, consoles } = domain.devices;
  const onVirtio = [
    ...channels.filter(({ target }) => target.type === "virtio"),
    ...consoles.filter(({ target }) => target.type === "virtio"),
  ];
  for (const { address } of onVirtio) {
    addController(domain, "virtio-serial", address?.type === "virtio-serial" ? address.controller : 0);
  }
}

/**
 * Controllers for SCSI devices of the host are like the one before. They come before those that every guest has; a
 * device without an address will be on the first.
 */
export function addHostdevControllers(domain: ParsedDomain): void {
  let model: ControllerOf<"scsi">["model"];
  const last = highest(
    domain.devices.hostdevs.map((hostdev) =>
      hostdev.mode !== "subsystem" || hostdev.device.type !== "scsi"
        ? -1
        : hostdev.address?.type === "drive"
          ? hostdev.address.controller
          : 0,
    ),
  );
  for (let index = 0; index <= last; index++) {
    addController(domain, "scsi", index);
    const controller = findController(domain, "scsi", index);
    if (controller?.type !== "scsi") continue;
    if (model !== undefined) controller.model ??= model;
    model = controller.model;
  }
}

function highest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), -1);
}

/** Controllers of one type have different numbers, but for USB masters and their companions. */
export function refuseDuplicateControllers({ devices }: ParsedDomain): void {
  const seen = new Set<string>();
  for (const controller of devices.controllers) {
    if (isUsb2Part(controller)) continue;
    const key = `${controller.type} ${controller.index}`;
    if (seen.has(key)) malformed(`Multiple '${controller.type}' controllers with index '${controller.index}'`);
    seen.add(key);
  }
}
