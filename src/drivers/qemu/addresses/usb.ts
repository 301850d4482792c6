/** Ports of USB controllers and hubs. */
import {
  type AddressOf,
  type AnyDevice,
  type ControllerOf,
  isCompanion,
  type ParsedDomain,
} from "../../../model/domain/index.ts";
import { malformed } from "../../../model/domain/refuse.ts";

type UsbAddress = AddressOf<"usb">;

/** How deep hubs can be plugged into hubs. */
const deepest = 4;
const hubPorts = 8;

/** A hub, or a controller, which is the hub at the root. */
class Hub {
  readonly #count: number;
  readonly #taken = new Set<number>();
  readonly #hubs = new Map<number, Hub>();

  constructor(count: number) {
    this.#count = count;
  }

  hasPort(port: number): boolean {
    return port >= 1 && port <= this.#count;
  }

  isTaken(port: number): boolean {
    return this.#taken.has(port);
  }

  take(port: number): void {
    this.#taken.add(port);
  }

  hubAt(port: number): Hub | undefined {
    return this.#hubs.get(port);
  }

  plugHub(port: number): void {
    this.#hubs.set(port, new Hub(hubPorts));
  }

  /** Ports nobody has, here and on all hubs behind. */
  get freePorts(): number {
    let free = this.#count - this.#taken.size;
    for (const hub of this.#hubs.values()) free += hub.freePorts;
    return free;
  }

  /** The first free port, here before on hubs behind, as the path to it. */
  freePath(depth = 1): number[] | undefined {
    for (let port = 1; port <= this.#count; port++) if (!this.#taken.has(port)) return [port];
    if (depth >= deepest) return undefined;
    for (const [port, hub] of [...this.#hubs].sort(([a], [b]) => a - b)) {
      const rest = hub.freePath(depth + 1);
      if (rest !== undefined) return [port, ...rest];
    }
    return undefined;
  }
}

export function assignUsb(domain: ParsedDomain): void {
  const buses = busesOf(domain);
  if (buses.size === 0) return;
  const usb = new Usb(buses);
  for (const hub of placedHubs(domain)) usb.reserve(hub, true);
  for (const device of usbDevices(domain)) usb.reserve(device, false);
  addHubs(domain, usb);
  for (const hub of domain.devices.hubs) usb.place(hub, true);
  for (const device of usbDevices(domain)) usb.place(device, false);
}

/** The ports of each controller's root hub; companions share their master's. */
function busesOf({ devices }: ParsedDomain): Map<number, Hub> {
  const buses = new Map<number, Hub>();
  for (const controller of devices.controllers) {
    if (controller.type !== "usb" || isCompanion(controller)) continue;
    const count = portsOf(controller);
    if (count > 0) buses.set(controller.index ?? 0, new Hub(count));
  }
  return buses;
}

function portsOf({ model, ports }: ControllerOf<"usb">): number {
  switch (model) {
    case "none":
      return 0;
    case "ehci":
    case "ich9-ehci1":
      return 6;
    case "pci-ohci":
      return 3;
    case "nec-xhci":
    case "qemu-xhci":
      return ports ?? 4;
    case "qusb1":
    case "qusb2":
      return ports ?? 8;
    default:
      return 2;
  }
}

/** Hubs with an address, those nearer to their controller first. */
function placedHubs({ devices }: ParsedDomain): AnyDevice[] {
  const depth = ({ address }: AnyDevice) => (address?.type === "usb" ? (address.port ?? "").split(".").length : 0);
  return devices.hubs.filter(({ address }) => address?.type === "usb").sort((a, b) => depth(a) - depth(b));
}

/** Everything on USB besides hubs, in the order in which ports are given. */
function* usbDevices({ devices }: ParsedDomain): Generator<AnyDevice> {
  for (const hostdev of devices.hostdevs) {
    if (hostdev.mode === "subsystem" && hostdev.device.type === "usb") yield hostdev;
  }
  for (const card of devices.interfaces) {
    if (card.connection.type === "hostdev" && card.connection.source?.address?.type === "usb") yield card;
  }
  for (const disk of devices.disks) if (disk.target.bus === "usb") yield disk;
  for (const controller of devices.controllers) if (controller.type === "ccid") yield controller;
  for (const input of devices.inputs) if (input.bus === "usb") yield input;
  for (const serial of devices.serials) if (serial.target.type === "usb-serial") yield serial;
  for (const sound of devices.sounds) if (sound.model === "usb") yield sound;
  for (const redirdev of devices.redirdevs) if (redirdev.bus === "usb") yield redirdev;
}

/** Whether a device still needs a port: it has no address, or one that names the bus only. */
function needsPort({ address }: AnyDevice): boolean {
  return address === undefined || (address.type === "usb" && address.port === undefined);
}

class Usb {
  readonly #buses: Map<number, Hub>;

  constructor(buses: Map<number, Hub>) {
    this.#buses = buses;
  }

  get freePorts(): number {
    return [...this.#buses.values()].reduce((sum, hub) => sum + hub.freePorts, 0);
  }

  reserve({ address }: AnyDevice, isHub: boolean): void {
    if (address?.type !== "usb" || address.port === undefined) return;
    const path = address.port.split(".").map(Number);
    const last = path.pop() ?? 0;
    const hub = this.#hubAt(address, path);
    if (!hub.hasPort(last)) malformed(`requested USB port ${address.port} not present on USB bus ${address.bus}`);
    if (hub.isTaken(last)) malformed(`Duplicate USB address bus ${address.bus} port ${address.port}`);
    hub.take(last);
    if (isHub) hub.plugHub(last);
  }

  #hubAt({ bus, port }: UsbAddress, path: readonly number[]): Hub {
    let hub = this.#buses.get(bus) ?? malformed(`Missing USB bus ${bus}`);
    path.forEach((step, at) => {
      const next = hub.hubAt(step);
      if (next === undefined) {
        malformed(
          `there is no hub at port ${path.slice(0, at + 1).join(".")} in USB address bus: ${bus} port: ${port}`,
        );
      }
      hub = next;
    });
    return hub;
  }

  place(device: AnyDevice, isHub: boolean): void {
    if (!needsPort(device)) return;
    const wanted = device.address?.type === "usb" ? device.address.bus : undefined;
    for (const [bus, hub] of [...this.#buses].sort(([a], [b]) => a - b)) {
      if (wanted !== undefined && bus !== wanted) continue;
      const path = hub.freePath();
      if (path === undefined) continue;
      const address: UsbAddress = { type: "usb", bus, port: path.join(".") };
      device.address = address;
      this.reserve(device, isHub);
      return;
    }
    malformed("No free USB ports");
  }
}

/** A hub takes one port and gives eight. */
function addHubs(domain: ParsedDomain, usb: Usb): void {
  const { hubs } = domain.devices;
  const open = [...usbDevices(domain)].filter(needsPort).length;
  const openHubs = hubs.filter(needsPort).length;
  // Hubs that are there already will offer their ports once they are plugged in.
  const available = usb.freePorts + openHubs * (hubPorts - 1);
  // One port stays free.
  const added = open > available ? Math.ceil((open - available + 1) / (hubPorts - 1)) : 0;
  for (let count = 0; count < added; count++) hubs.push({ type: "usb" });
}
