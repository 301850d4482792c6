/** Serial ports, consoles and channels: ports, and the console that is the first serial port under another name. */
import type { Channel, CharBackend, Console, Serial } from "../chardev.ts";
import type { ParsedDomain } from "../domain.ts";
import { broken, malformed } from "../refuse.ts";
import { set } from "./update.ts";

/** Numbers ports, fills in what kind of console it is, and makes the first console and the first serial port agree. */
export function completeCharDevices(domain: ParsedDomain): void {
  const { serials, parallels, consoles, channels } = domain.devices;
  for (const { backend } of backendsOf(domain)) completeBackend(backend);
  numberPorts(serials);
  numberPorts(parallels);
  consoles.forEach(({ target }, at) => {
    target.port = at;
  });
  if (domain.os.type.value === "hvm") pairConsole(domain);
  for (const { target } of consoles) {
    target.type ??= domain.os.type.value === "hvm" ? "serial" : defaultConsole(domain);
  }
  for (const channel of channels) completeChannel(channel);
  for (const { backend } of domain.devices.redirdevs) {
    if (backend.type === "dbus") backend.source ??= { channel: "org.qemu.usbredir" };
  }
}

/** Everything that has a character device's backend. */
export function* backendsOf({ devices }: Pick<ParsedDomain, "devices">): Generator<{ backend: CharBackend }> {
  yield* devices.serials;
  yield* devices.parallels;
  yield* devices.consoles;
  yield* devices.channels;
  yield* devices.redirdevs;
  for (const smartcard of devices.smartcards) if (smartcard.mode === "passthrough") yield smartcard;
  for (const { backend } of devices.rngs) if (backend.model === "egd") yield backend;
}

function completeBackend(backend: CharBackend): void {
  switch (backend.type) {
    case "unix":
      // A socket without a path is the driver's to place: its mode alone says nothing.
      if (backend.source !== undefined && backend.source.path === undefined) delete backend.source;
      break;
    case "file":
    case "pty":
      if (backend.source !== undefined && backend.source.path === undefined) delete backend.source;
      break;
  }
}

function numberPorts(devices: readonly Pick<Serial, "target">[]): void {
  let highest = devices.reduce((most, { target: { port } }) => Math.max(most, port ?? -1), -1);
  for (const { target } of devices) target.port ??= ++highest;
}

function defaultConsole({ type }: ParsedDomain): Console["target"]["type"] {
  return type === "xen" ? "xen" : type === "lxc" ? "lxc" : type === "openvz" ? "openvz" : "serial";
}

/** Kinds of serial ports that the console of a guest with firmware can be. */
const consoleLike: ReadonlySet<string | undefined> = new Set([
  undefined,
  "isa-serial",
  "spapr-vio-serial",
  "system-serial",
  "sclp-serial",
]);

/**
 * In a guest with firmware the first console is a serial port. Programs ask for one or the other, so each implies the
 * other: a console without a serial port gets one, a serial port is shown as a console too.
 */
function pairConsole({ devices }: ParsedDomain): void {
  const { serials, consoles } = devices;
  const [console] = consoles;
  const [serial] = serials;
  if (console !== undefined && (console.target.type === undefined || console.target.type === "serial")) {
    if (serial === undefined) serials.push(serialOf(console));
    else consoles[0] = consoleOf(serial);
    return;
  }
  if (console !== undefined && serial === undefined) return;
  if (serial !== undefined && consoleLike.has(serial.target.type)) consoles.unshift(consoleOf(serial));
}

function serialOf({ backend, alias, acpi, address }: Console): Serial {
  const serial: Serial = { backend: structuredClone(backend), target: { port: 0 } };
  set(serial, "alias", alias);
  set(serial, "acpi", acpi);
  set(serial, "address", structuredClone(address));
  return serial;
}

/** The console that a serial port is. */
export function consoleOf({ backend, target, alias, acpi, address }: Serial): Console {
  const console: Console = { backend, target: { type: "serial", port: target.port ?? 0 } };
  set(console, "alias", alias);
  set(console, "acpi", acpi);
  set(console, "address", address);
  return console;
}

/** The first console says where its serial port is now. */
export function refreshConsole(domain: ParsedDomain): void {
  const [serial] = domain.devices.serials;
  if (serial !== undefined && mirrorsSerial(domain)) domain.devices.consoles[0] = consoleOf(serial);
}

/** Whether the first console only shows what the first serial port is. */
export function mirrorsSerial({ os, devices }: Pick<ParsedDomain, "os" | "devices">): boolean {
  return os.type.value === "hvm" && devices.serials.length > 0 && devices.consoles[0]?.target.type === "serial";
}

function completeChannel({ target }: Channel): void {
  if (target.type === "guestfwd" && target.port === 0) broken("guestfwd channel does not define a target port");
  if (target.type === "virtio" && target.name === "") malformed("channel target has an empty name");
}
