/** Ports of virtio-serial controllers for channels and consoles. */

import {
  type AddressOf,
  type Channel,
  type Console,
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

  /** Takes the first free port from `first` on. */
  take(controller: number, first: number): number | undefined {
    const taken = this.#taken.get(controller);
    const count = this.#counts.get(controller) ?? 0;
    for (let port = first; port < count; port++) {
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
  // Port 0 is for a console: a channel that names it leaves the port open.
  for (const { address } of onConsole) if (address?.type === "virtio-serial") ports.reserve(address);
  for (const { address } of onChannel)
    if (address?.type === "virtio-serial" && address.port !== 0) ports.reserve(address);
  // A console without an address stays on the first controller, as QEMU chooses.
  for (const console of onConsole) if (console.address !== undefined) place(domain, console, ports, 0);
  for (const channel of onChannel) place(domain, channel, ports, 1);
}

function place(domain: ParsedDomain, device: Console | Channel, ports: Ports, first: number): void {
  const { address } = device;
  if (address !== undefined && address.type !== "virtio-serial") return;
  if (address !== undefined && (address.port !== 0 || first === 0)) return;
  const wanted = address === undefined ? ports.controllers : [address.controller];
  for (const controller of wanted) {
    const port = ports.take(controller, first);
    if (port === undefined) continue;
    device.address = { type: "virtio-serial", controller, bus: 0, port };
    return;
  }
  if (address !== undefined) malformed(`Unable to find a free virtio-serial port on controller ${address.controller}`);
  const controller = addController(domain, ports);
  const port = ports.take(controller, first) ?? first;
  device.address = { type: "virtio-serial", controller, bus: 0, port };
}

function addController({ devices }: ParsedDomain, ports: Ports): number {
  const known = new Set(ports.controllers);
  let index = 0;
  while (known.has(index)) index++;
  devices.controllers.push(controllerShape.make({ type: "virtio-serial", index }));
  ports.add(index, defaultPorts);
  return index;
}
