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

/** The ports of one guest's controllers, and which are taken. */
class Ports {
  readonly #taken = new Map<number, Set<number>>();
  readonly #counts = new Map<number, number>();

  constructor({ devices }: ParsedDomain) {
    for (const controller of devices.controllers) {
      if (controller.type === "virtio-serial") this.add(controller.index ?? 0, controller.ports ?? defaultPorts);
    }
  }

  get controllers(): readonly number[] {
    return [...this.#counts.keys()].sort((a, b) => a - b);
  }

  add(controller: number, count: number): void {
    this.#counts.set(controller, count);
    this.#taken.set(controller, new Set());
  }

  reserve({ controller, port }: SerialAddress): void {
    const taken = this.#taken.get(controller);
    if (taken === undefined) malformed(`virtio serial controller ${controller} is missing`);
    if (port >= (this.#counts.get(controller) ?? 0)) {
      malformed(`virtio serial controller ${controller} does not have port ${port}`);
    }
    if (taken.has(port)) malformed(`virtio serial port ${port} on controller ${controller} is already occupied`);
    taken.add(port);
  }

  /** Takes the first free port of whichever controller has one. */
  takeAny(): void {
    this.controllers.some((controller) => this.take(controller) !== undefined);
  }

  /** Takes the first free port after port 0, which is for a console. */
  take(controller: number): number | undefined {
    const taken = this.#taken.get(controller);
    const count = this.#counts.get(controller) ?? 0;
    for (let port = 1; port < count; port++) {
      if (taken?.has(port) !== false) continue;
      taken.add(port);
      return port;
    }
    return undefined;
  }
}

export function assignVirtioSerial(domain: ParsedDomain): void {
  const { channels, consoles } = domain.devices;
  const ports = new Ports(domain);
  const onChannel = channels.filter(({ target }) => target.type === "virtio");
  const onConsole = consoles.filter(({ target }) => target.type === "virtio");
  for (const { address } of [...onConsole, ...onChannel]) {
    // Port 0 is one that is still to be chosen.
    if (address?.type === "virtio-serial" && address.port !== 0) ports.reserve(address);
  }
  // A console without an address is where QEMU puts it. One at port 0 stays there, and has always cost another port.
  for (const { address } of onConsole) {
    if (address?.type === "virtio-serial" && address.port === 0) ports.takeAny();
  }
  for (const channel of onChannel) place(domain, channel, ports);
}

function place(domain: ParsedDomain, channel: Channel, ports: Ports): void {
  const { address } = channel;
  if (address !== undefined && (address.type !== "virtio-serial" || address.port !== 0)) return;
  for (const controller of address === undefined ? ports.controllers : [address.controller]) {
    const port = ports.take(controller);
    if (port === undefined) continue;
    channel.address = { type: "virtio-serial", controller, bus: 0, port };
    return;
  }
  if (address !== undefined) malformed(`Unable to find a free virtio-serial port on controller ${address.controller}`);
  const controller = addController(domain, ports);
  channel.address = { type: "virtio-serial", controller, bus: 0, port: ports.take(controller) ?? 1 };
}

function addController({ devices }: ParsedDomain, ports: Ports): number {
  const known = new Set(ports.controllers);
  let index = 0;
  while (known.has(index)) index++;
  devices.controllers.push(controllerShape.make({ type: "virtio-serial", index }));
  ports.add(index, defaultPorts);
  return index;
}
