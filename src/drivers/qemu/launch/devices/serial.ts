/** Serial and parallel ports, consoles and channels: what is at the guest's end of character devices. */
import type { Channel, Console, Domain, Parallel, Serial } from "../../../../model/domain/index.ts";
import { addressProps, aliasOf } from "../address.ts";
import { device, netdev, option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { chardevId, chardevParts } from "./chardev.ts";
import type { DeviceContext } from "./context.ts";

export function serialParts(serial: Serial, context: DeviceContext): Part[] {
  const alias = aliasOf(serial);
  const chardev = chardevId(alias);
  return [...chardevParts(chardev, serial.backend, context), serialDevice(serial, alias, chardev, context.domain)];
}

function serialDevice(serial: Serial, id: string, chardev: string, domain: Domain): Part {
  const { model, type, port } = serial.target;
  // Ports that are part of the machine are not plugged in: QEMU connects them in their order.
  if (model === undefined || isBuiltIn(model)) return option("-serial", `chardev:${chardev}`);
  const index = type === "isa-serial" ? port : undefined;
  return device(model, { chardev, id, index, ...addressProps(serial, domain) });
}

const isBuiltIn = (model: string): boolean => model === "pl011" || model === "16550a";

export function parallelParts(parallel: Parallel, context: DeviceContext): Part[] {
  const id = aliasOf(parallel);
  const chardev = chardevId(id);
  return [
    ...chardevParts(chardev, parallel.backend, context, { port: "parallel" }),
    device("isa-parallel", { chardev, id, ...addressProps(parallel, context.domain) }),
  ];
}

/** A console that only mirrors the serial port is no device of its own. */
export function consoleParts(console: Console, context: DeviceContext): Part[] {
  const driver = consoleDrivers[console.target.type ?? "serial"];
  if (driver === undefined) return [];
  const id = aliasOf(console);
  const chardev = chardevId(id);
  return [
    ...chardevParts(chardev, console.backend, context),
    device(driver, { chardev, id, ...addressProps(console, context.domain) }),
  ];
}

const consoleDrivers: Readonly<Record<string, string | undefined>> = {
  virtio: "virtconsole",
  sclp: "sclpconsole",
  sclplm: "sclplmconsole",
};

export function channelParts(channel: Channel, context: DeviceContext): Part[] {
  const { target, backend } = channel;
  const id = aliasOf(channel);
  const chardev = chardevId(id);
  const host = chardevParts(chardev, backend, context);
  switch (target.type) {
    case "guestfwd":
      return [...host, guestForward(id, chardev, target)];
    case "virtio":
      // What is served says by its name what it is for.
      return [
        ...host,
        device("virtserialport", {
          ...addressProps(channel, context.domain),
          chardev,
          id,
          name: target.name ?? (backend.type === "spicevmc" ? "com.redhat.spice.0" : undefined),
        }),
      ];
    case "xen":
      return [];
  }
}

/** TCP that the guest sends to an address and port ends at the character device. */
function guestForward(id: string, chardev: string, target: { address: string; port: number }): Part {
  return netdev("user", id, { guestfwd: [{ str: `tcp:${target.address}:${target.port}-chardev:${chardev}` }] });
}
