/** Ports of virtio-serial controllers for channels and consoles. */

import {
  type AddressOf,
  type Channel,
  controller as controllerShape,
  type ParsedDomain,
} from "../../../model/domain/index.ts";
import { malformed } from "../../../model/domain/refuse.ts";

type SerialAddress = AddressOf<"virtio-serial">;

/** Ports a controller has unless it says otherwise. */
const defaultPorts = 31;

interface Ports {
  readonly count: number;
  readonly taken: Set<number>;
  /** The lowest that may be free; port 0 is for a console. */
  next: number;
}

/** The controllers of one guest, and which of their ports are taken. */
class Controllers {
  readonly #ports = new Map<number, Ports>();
  /** Those that may have a free port, in order. */
  #open: number[];

  constructor({ devices }: ParsedDomain) {
    for (const controller of devices.controllers) {
      if (controller.type === "virtio-serial") this.#add(controller.index ?? 0, controller.ports ?? defaultPorts);
    }
    this.#open = [...this.#ports.keys()].sort((a, b) => a - b);
  }

  #add(controller: number, count: number): void {
    this.#ports.set(controller, { count, taken: new Set(), next: 1 });
  }

  /** Adds a controller with the lowest free number, and gives that. */
  grow(): number {
    let controller = 0;
    while (this.#ports.has(controller)) controller++;
    this.#add(controller, defaultPorts);
    this.#open.push(controller);
    return controller;
  }

  reserve({ controller, port }: SerialAddress): void {
    const ports = this.#ports.get(controller);
    if (ports === undefined) malformed(`virtio serial controller ${controller} is missing`);
    if (port >= ports.count) malformed(`virtio serial controller ${controller} does not have port ${port}`);
    if (ports.taken.has(port)) malformed(`virtio serial port ${port} on controller ${controller} is already occupied`);
    ports.taken.add(port);
  }

  /** Takes the first free port of whichever controller has one. */
  takeAny(): SerialAddress | undefined {
    for (const controller of this.#open) {
      const address = this.take(controller);
      if (address !== undefined) {
        // Those before it are full.
        this.#open = this.#open.slice(this.#open.indexOf(controller));
        return address;
      }
    }
    this.#open = [];
    return undefined;
  }

  /** Takes the first free port. */
  take(controller: number): SerialAddress | undefined {
    const ports = this.#ports.get(controller);
    if (ports === undefined) return undefined;
    while (ports.taken.has(ports.next)) ports.next++;
    if (ports.next >= ports.count) return undefined;
    ports.taken.add(ports.next);
    return { type: "virtio-serial", controller, bus: 0, port: ports.next };
  }
}

export function assignVirtioSerial(domain: ParsedDomain): void {
  const { channels, consoles } = domain.devices;
  const controllers = new Controllers(domain);
  const onChannel = channels.filter(({ target }) => target.type === "virtio");
  const onConsole = consoles.filter(({ target }) => target.type === "virtio");
  for (const { address } of [...onConsole, ...onChannel]) {
    // Port 0 is one that is still to be chosen.
    if (address?.type === "virtio-serial" && address.port !== 0) controllers.reserve(address);
  }
  // A console without an address is where QEMU puts it. One at port 0 stays there, and has always cost another port.
  for (const { address } of onConsole) {
    if (address?.type === "virtio-serial" && address.port === 0) controllers.takeAny();
  }
  for (const channel of onChannel) place(domain, channel, controllers);
}

function place({ devices }: ParsedDomain, channel: Channel, controllers: Controllers): void {
  const { address } = channel;
  if (address === undefined) {
    channel.address = controllers.takeAny() ?? onNewController(devices, controllers);
  } else if (address.type === "virtio-serial" && address.port === 0) {
    const { controller } = address;
    const free = controllers.take(controller);
    if (free === undefined) malformed(`Unable to find a free virtio-serial port on controller ${controller}`);
    channel.address = free;
  }
}

function onNewController(devices: ParsedDomain["devices"], controllers: Controllers): SerialAddress | undefined {
  const index = controllers.grow();
  devices.controllers.push(controllerShape.make({ type: "virtio-serial", index }));
  return controllers.take(index);
}
