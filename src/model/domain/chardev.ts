/** What is at the host's end of a character device, and the devices that are nothing else at the guest's end. */
import {
  attr,
  child,
  childWhere,
  derived,
  fields,
  type Infer,
  inline,
  oneOf,
  only,
  onOff,
  type Shape,
  text,
  uint,
  variants,
  yesNo,
} from "../../xml/index.ts";
import { info } from "./info.ts";
import { deviceLabels } from "./security.ts";
import { reconnect } from "./storage.ts";

/** Everything that passes is also written to this file. */
const log = child({ file: attr(text).required(), append: attr(onOff) });

/** Whether the emulator listens (`bind`) or connects. */
const socketMode = attr(oneOf("bind", "connect")).default("connect");
const labels = { seclabels: deviceLabels };
const path = attr(text);
const endpoint = { host: attr(text), service: attr(text) };

const backends = {
  null: { log },
  vc: { log },
  pty: {
    /** The host's side of the terminal, chosen at start. */
    source: child({ path, ...labels }).live(),
    log,
  },
  dev: { source: child({ path, ...labels }), log },
  file: { source: child({ path, append: attr(onOff), ...labels }), log },
  pipe: { source: child({ path, ...labels }), log },
  stdio: { log },
  udp: {
    /** Where to listen. */
    bind: childWhere("mode", "bind", endpoint).named("source"),
    /** Where to send to. */
    connect: child({ mode: attr(oneOf("connect")).default("connect"), ...endpoint }).named("source"),
    log,
  },
  tcp: {
    source: child({ mode: socketMode, ...endpoint, tls: attr(yesNo), ...labels, reconnect }),
    protocol: only("type", oneOf("raw", "telnet", "telnets", "tls")).default("raw"),
    log,
  },
  unix: { source: child({ mode: socketMode, path, ...labels, reconnect }), log },
  spicevmc: { log },
  spiceport: { source: child({ channel: attr(text).required() }), log },
  nmdm: { source: child({ master: attr(text).required(), slave: attr(text).required() }), log },
  "qemu-vdagent": {
    source: child({ clipboard: only("copypaste", yesNo), mouse: only("mode", oneOf("server", "client")) }),
    log,
  },
  dbus: { source: child({ channel: attr(text).required() }), log },
};

const backendShape = variants("type", backends);
export type CharBackend = Infer<typeof backendShape>;
/** The host's end where the document must name its kind. */
export const charBackend: Shape<CharBackend> = backendShape;
export type CharBackendType = CharBackend["type"];
export type CharBackendOf<T extends CharBackendType> = Extract<CharBackend, { type: T }>;

const backend = inline(variants("type", backends, { default: "pty" })).required();
const port = attr(uint());

const serialShape = fields({
  backend,
  target: child({
    /** How the port is attached: `isa-serial`, `usb-serial`, ... */
    type: attr(
      oneOf("isa-serial", "usb-serial", "pci-serial", "spapr-vio-serial", "system-serial", "sclp-serial", "isa-debug"),
    ),
    port,
    /** The emulated chip. */
    model: only(
      "name",
      oneOf(
        "isa-serial",
        "usb-serial",
        "pci-serial",
        "spapr-vty",
        "pl011",
        "16550a",
        "sclpconsole",
        "sclplmconsole",
        "isa-debugcon",
      ),
    ),
  }).default({}),
  ...info,
});
export interface Serial extends Infer<typeof serialShape> {}
export const serial: Shape<Serial> = serialShape;

const parallelShape = fields({ backend, target: child({ port }).default({}), ...info });
export interface Parallel extends Infer<typeof parallelShape> {}
export const parallel: Shape<Parallel> = parallelShape;

type Ported = { backend: CharBackend };

/** Older programs look for the terminal here. */
const tty = derived<Ported>(
  ({ backend }) => (backend.type === "pty" ? backend.source?.path : undefined),
  (terminal, { backend }) => {
    if (backend.type === "pty") backend.source ??= { path: terminal, seclabels: [] };
  },
).when((mode) => mode.inactive !== true);

const consoleShape = fields({
  tty,
  backend,
  target: child({
    type: attr(oneOf("serial", "xen", "uml", "virtio", "lxc", "openvz", "sclp", "sclplm")),
    port,
  }).default({}),
  ...info,
});
export interface Console extends Infer<typeof consoleShape> {}
export const console: Shape<Console> = consoleShape;

const channelShape = fields({
  backend,
  target: child(
    variants("type", {
      /** TCP that the guest sends to this address and port ends here. */
      guestfwd: { address: attr(text).required(), port: attr(uint(65535)).required() },
      virtio: {
        name: attr(text),
        /** Whether something in the guest has the channel open. */
        state: attr(oneOf("connected", "disconnected")).live(),
      },
      xen: { name: attr(text), state: attr(oneOf("connected", "disconnected")).live() },
    }),
  ).required(),
  ...info,
});
export interface Channel extends Infer<typeof channelShape> {}
export const channel: Shape<Channel> = channelShape;
