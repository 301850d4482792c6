/** `<graphics>`: how people see and use the guest's screens. */
import {
  attr,
  child,
  derived,
  type Infer,
  int,
  many,
  oneOf,
  only,
  onOff,
  pattern,
  type Shape,
  text,
  uint,
  variants,
  yesNo,
} from "../../xml/index.ts";
import { unsupported } from "./refuse.ts";

const listenShape = variants("type", {
  address: { address: attr(text) },
  /** The address of that virtual network's bridge, known while the guest runs. */
  network: { network: attr(text), address: attr(text).live() },
  socket: { socket: attr(text) },
  none: {},
});
export type Listen = Infer<typeof listenShape>;
export const listen: Shape<Listen> = listenShape;

const listens = many(listen).named("listen");

/** Older programs give and look for the first address here. */
const listenAttribute = derived<{ listens: Listen[] }>(
  ({ listens: [first] }) => (first?.type === "address" || first?.type === "network" ? first.address : undefined),
  (address, { listens }) => {
    const [first] = listens;
    if (address === "") return;
    if (first === undefined) listens.push({ type: "address", address });
    else if (first.type === "address") first.address = agreed("listen", "address", address, first.address);
  },
);

/** Older programs give the path of the only socket here. */
const socketAttribute = derived<{ listens: Listen[] }>(
  ({ listens: [first] }) => (first?.type === "socket" ? first.socket : undefined),
  (socket, { listens }) => {
    const [first] = listens;
    if (first === undefined || first.type === "address") listens.splice(0, 1, { type: "socket", socket });
    else if (first.type === "socket") first.socket = agreed("socket", "socket", socket, first.socket);
  },
);

/** The attribute of the graphics and that of their first `<listen>` say the same. */
function agreed(attribute: string, ofListen: string, value: string, found: string | undefined): string {
  if (found !== undefined && found !== value) {
    unsupported(
      `graphics '${attribute}' attribute '${value}' must match '${ofListen}' attribute of first listen element (found '${found}')`,
    );
  }
  return value;
}

const port = attr(int);
const autoport = attr(yesNo);
const keymap = attr(text);
const fullscreen = attr(yesNo);
const display = attr(text);
const audio = only("id", uint());

/** A password, until when it holds (UTC), and what it does to who is connected when it changes. */
const password = {
  passwd: attr(text).secret(),
  passwdValidTo: attr(pattern(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/, "a time such as 2011-05-31T16:11:22")).secret(),
};

const channelMode = oneOf("any", "secure", "insecure");

const graphicsShape = variants("type", {
  sdl: { display, xauth: attr(text), fullscreen, gl: child({ enable: attr(yesNo) }) },
  vnc: {
    socket: socketAttribute,
    port,
    autoport,
    websocket: port,
    listen: listenAttribute,
    keymap,
    sharePolicy: attr(oneOf("allow-exclusive", "force-shared", "ignore")),
    /** Whether clients may shut down and reset the guest. */
    powerControl: attr(yesNo),
    ...password,
    connected: attr(oneOf("fail", "disconnect", "keep")).secret(),
    listens,
    audio,
  },
  rdp: {
    port,
    autoport,
    replaceUser: attr(yesNo),
    multiUser: attr(yesNo),
    listen: listenAttribute,
    listens,
  },
  desktop: { display, fullscreen },
  spice: {
    port,
    tlsPort: port,
    autoport,
    listen: listenAttribute,
    keymap,
    defaultMode: attr(channelMode),
    ...password,
    connected: attr(oneOf("fail", "disconnect", "keep")).secret(),
    listens,
    channels: many({
      name: attr(
        oneOf("main", "display", "inputs", "cursor", "playback", "record", "smartcard", "usbredir"),
      ).required(),
      mode: attr(channelMode).required(),
    }).named("channel"),
    image: only("compression", oneOf("auto_glz", "auto_lz", "quic", "glz", "lz", "off")),
    jpeg: only("compression", oneOf("auto", "never", "always")),
    zlib: only("compression", oneOf("auto", "never", "always")),
    playback: only("compression", onOff),
    streaming: only("mode", oneOf("filter", "all", "off")),
    mouse: only("mode", oneOf("server", "client")),
    clipboard: only("copypaste", yesNo),
    filetransfer: only("enable", yesNo),
    gl: child({ enable: attr(yesNo), rendernode: attr(text) }),
  },
  "egl-headless": { gl: child({ rendernode: attr(text) }) },
  dbus: {
    p2p: attr(yesNo),
    address: attr(text),
    gl: child({ enable: attr(yesNo), rendernode: attr(text) }),
    audio,
  },
});

export type Graphics = Infer<typeof graphicsShape>;
export const graphics: Shape<Graphics> = graphicsShape;
export type GraphicsType = Graphics["type"];
export type GraphicsOf<T extends GraphicsType> = Extract<Graphics, { type: T }>;
