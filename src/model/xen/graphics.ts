/** Screens: single settings for HVM guests, one string for the framebuffer of paravirtual ones. */
import type { ConfigurationValue } from "../configuration.ts";
import {
  type Domain,
  type Graphics,
  type GraphicsOf,
  graphics as graphicsShape,
  type ParsedDomain,
  type Video,
} from "../domain/index.ts";
import { unsupported } from "../domain/refuse.ts";
import type { Given } from "./given.ts";
import { type Pairs, readPairs, writePairs } from "./pairs.ts";
import { type Dialect, flag, isHvm, type Setting } from "./setting.ts";

/** VNC's display 0 is on this port. */
const firstVncPort = 5900;
const maxDisplay = 65535 - firstVncPort;

type Words = ReadonlyMap<string, string>;
const word = (words: Words, name: string): string | undefined => words.get(name) || undefined;
const says = (words: Words, name: string): boolean | undefined => {
  const value = word(words, name);
  return value === undefined ? undefined : value !== "0";
};

/** `ADDRESS:DISPLAY`; an address of IPv6 stands in brackets. */
const withDisplay = /^(?:\[([^[\]]+)\]|([^:[\]]+)):(\d{1,5})$/;

/** What `vnclisten` says: an address, perhaps with a display. */
export function readListen(text: string): { readonly address: string; readonly display?: number } {
  const [, bracketed, plain, display] = withDisplay.exec(text) ?? [];
  return display === undefined ? { address: text } : { address: bracketed ?? plain ?? "", display: Number(display) };
}

function readVnc(words: Words): GraphicsOf<"vnc"> {
  const said = word(words, "vnclisten");
  const { address: listen, display: own } = said === undefined ? { address: undefined } : readListen(said);
  const display = own ?? Number(word(words, "vncdisplay") ?? "NaN");
  const automatic = says(words, "vncunused") ?? !(display >= 0);
  const vnc = graphicsShape.make({
    type: "vnc",
    autoport: automatic,
    ...(!automatic && { port: firstVncPort + Math.min(Math.max(0, display || 0), maxDisplay) }),
    listens: listen === undefined ? [] : [{ type: "address", address: listen }],
  }) as GraphicsOf<"vnc">;
  const [passwd, keymap] = [word(words, "vncpasswd"), word(words, "keymap")];
  if (passwd !== undefined) vnc.passwd = passwd;
  if (keymap !== undefined) vnc.keymap = keymap;
  return vnc;
}

function readSdl(words: Words): Graphics {
  const [display, xauth] = [word(words, "display"), word(words, "xauthority")];
  return graphicsShape.make({ type: "sdl", ...(display && { display }), ...(xauth && { xauth }) });
}

function vncWords(vnc: GraphicsOf<"vnc">, dialect: Dialect): Pairs {
  const { port } = vnc;
  const automatic = vnc.autoport === true || port === undefined || port < firstVncPort;
  const display = automatic ? undefined : String(port - firstVncPort);
  const address = listenAddress(vnc);
  // xl takes what stands behind a colon for the display, and hands the whole to QEMU.
  const whole = dialect === "xl" && address?.includes(":") === true;
  return {
    vncunused: automatic ? "1" : "0",
    vncdisplay: whole ? undefined : display,
    vnclisten: whole ? `[${address}]:${display ?? 0}` : address,
    vncpasswd: vnc.passwd,
    keymap: vnc.keymap,
  };
}

function listenAddress({ listens: [first] }: GraphicsOf<"vnc" | "spice">): string | undefined {
  return first?.type === "address" || first?.type === "network" ? first.address : undefined;
}

const sdlWords = ({ display, xauth }: GraphicsOf<"sdl">): Pairs => ({ display, xauthority: xauth });

/** `vfb`: what a paravirtual guest's framebuffer is shown by. */
export function readFramebuffer(words: Words): Graphics | undefined {
  switch (word(words, "type") ?? (says(words, "vnc") === true ? "vnc" : says(words, "sdl") === true ? "sdl" : "vnc")) {
    case "vnc":
      return readVnc(words);
    case "sdl":
      return readSdl(words);
  }
  return undefined;
}

export function framebufferOf(graphics: Graphics, dialect: Dialect): Pairs {
  switch (graphics.type) {
    case "vnc":
      return { type: "vnc", ...vncWords(graphics, dialect) };
    case "sdl":
      return { type: "sdl", ...sdlWords(graphics) };
    default:
      return unsupported(`a paravirtual guest has no '${graphics.type}' graphics`);
  }
}

type SpiceWord = readonly [name: string, of: (spice: GraphicsOf<"spice">) => ConfigurationValue | undefined];

const usesAgent = (spice: GraphicsOf<"spice">): boolean => spice.mouse === "client" || spice.clipboard === true;

const spiceWords: readonly SpiceWord[] = [
  ["spicehost", listenAddress],
  ["spiceport", ({ port }) => (port === undefined || port < 0 ? undefined : BigInt(port))],
  ["spicetls_port", ({ tlsPort }) => (tlsPort === undefined || tlsPort < 0 ? undefined : BigInt(tlsPort))],
  ["spicedisable_ticketing", ({ passwd }) => flag(passwd === undefined)],
  ["spicepasswd", ({ passwd }) => passwd],
  ["spiceagent_mouse", ({ mouse }) => (mouse === undefined ? undefined : flag(mouse === "client"))],
  ["spicevdagent", (spice) => (usesAgent(spice) ? 1n : undefined)],
  ["spice_clipboard_sharing", ({ clipboard }) => (clipboard === undefined ? undefined : flag(clipboard))],
];

function readSpice(words: Words): Graphics {
  const [host, port, tlsPort] = ["spicehost", "spiceport", "spicetls_port"].map((name) => word(words, name));
  const [passwd, mouse, clipboard] = [
    says(words, "spicedisable_ticketing") === true ? undefined : word(words, "spicepasswd"),
    says(words, "spiceagent_mouse"),
    says(words, "spice_clipboard_sharing"),
  ];
  return graphicsShape.make({
    type: "spice",
    autoport: !port && !tlsPort,
    ...(port && { port: Number(port) }),
    ...(tlsPort && { tlsPort: Number(tlsPort) }),
    ...(passwd && { passwd }),
    ...(mouse !== undefined && { mouse: mouse ? "client" : "server" }),
    ...(clipboard !== undefined && { clipboard }),
    listens: host === undefined ? [] : [{ type: "address", address: host }],
  });
}

/** Settings of an HVM guest's screen, gathered first: some mean nothing without others. */
const screenNames = [
  ...["vnc", "vncunused", "vncdisplay", "vnclisten", "vncpasswd", "keymap", "sdl", "display", "xauthority"],
  ...["spice", ...spiceWords.map(([name]) => name)],
] as const;

const portNames: ReadonlySet<string> = new Set(["vncdisplay", "spiceport", "spicetls_port"]);

/** The one screen of an HVM guest; paravirtual guests may be given one so, too. */
export function readScreen(settings: ReadonlyMap<string, Given>, draft: ParsedDomain): void {
  if (draft.devices.graphics.length > 0) return;
  const words = new Map(
    screenNames.flatMap((name) => {
      const given = settings.get(name);
      if (given === undefined) return [];
      return [[name, portNames.has(name) ? String(given.number(65535)) : given.text()] as const];
    }),
  );
  if (says(words, "vnc") === true) draft.devices.graphics.push(readVnc(words));
  else if (says(words, "sdl") === true) draft.devices.graphics.push(readSdl(words));
  else if (says(words, "spice") === true) draft.devices.graphics.push(readSpice(words));
}

const asText = new Set(["vnclisten", "vncpasswd", "keymap", "display", "xauthority"]);

function screenOf(domain: Domain, dialect: Dialect): Record<string, ConfigurationValue | undefined> {
  if (!isHvm(domain)) return {};
  const [screen, ...others] = domain.devices.graphics;
  if (others.length > 0) unsupported("Xen shows a guest's screen in one way only");
  const off = { sdl: 0n, vnc: 0n };
  if (screen === undefined) return off;
  switch (screen.type) {
    case "vnc":
      return { ...off, vnc: 1n, ...values(vncWords(screen, dialect)) };
    case "sdl":
      return { ...off, sdl: 1n, ...values(sdlWords(screen)) };
    case "spice":
      return { ...off, spice: 1n, ...spiceValues(screen) };
    default:
      return unsupported(`Xen has no graphics of type '${screen.type}'`);
  }
}

function spiceValues(spice: GraphicsOf<"spice">): Record<string, ConfigurationValue | undefined> {
  return Object.fromEntries(spiceWords.map(([name, of]) => [name, of(spice)]));
}

function values(words: Pairs): Record<string, ConfigurationValue | undefined> {
  return Object.fromEntries(
    Object.entries(words).map(([name, value]) => {
      return [name, value === undefined || asText.has(name) ? value : BigInt(value)] as const;
    }),
  );
}

export const screen = (dialect: Dialect): Setting[] =>
  screenNames.map((name) => ({ name, write: (domain) => screenOf(domain, dialect)[name] }));

export function framebuffer(dialect: Dialect): Setting {
  return {
    name: "vfb",
    read: (given, draft) => {
      if (isHvm(draft)) return;
      for (const one of given.items()) {
        const graphics = readFramebuffer(readPairs(one));
        if (graphics !== undefined) draft.devices.graphics.push(graphics);
      }
    },
    write: (domain) => {
      if (isHvm(domain) || domain.devices.graphics.length === 0) return undefined;
      return domain.devices.graphics.map((graphics) => writePairs(framebufferOf(graphics, dialect)));
    },
  };
}

const kibPerMib = 1024;
const cards = { stdvga: "vga", cirrus: "cirrus", qxl: "qxl", none: "none" } as const;
type CardWord = keyof typeof cards;

/** The card and KiB of memory that xl gives an HVM guest when nothing is said. */
export const usualVideo: NonNullable<Video["model"]> = { type: "cirrus", vram: 8192 };

const videoOf = (domain: Domain): Video["model"] => (isHvm(domain) ? domain.devices.videos[0]?.model : undefined);

function videoDraft({ devices }: ParsedDomain): NonNullable<Video["model"]> {
  const [first] = devices.videos;
  if (first?.model !== undefined) return first.model;
  const model = {};
  devices.videos.push({ model });
  return model;
}

export const video: readonly Setting[] = [
  {
    name: "stdvga",
    read: (given, draft) => {
      if (isHvm(draft) && given.yes()) videoDraft(draft).type = "vga";
    },
  },
  {
    name: "vga",
    read: (given, draft) => {
      const name = given.text();
      if (!Object.hasOwn(cards, name))
        given.fail(`'${name.slice(0, 40)}' is not one of ${Object.keys(cards).join(", ")}`);
      if (isHvm(draft)) videoDraft(draft).type = cards[name as CardWord];
    },
    write: (domain) => {
      const type = videoOf(domain)?.type;
      if (type === undefined || type === usualVideo.type) return undefined;
      const found = (Object.keys(cards) as CardWord[]).find((name) => cards[name] === type);
      return found ?? unsupported(`Xen has no video card of type '${type}'`);
    },
  },
  {
    name: "videoram",
    read: (given, draft) => {
      if (isHvm(draft)) videoDraft(draft).vram = given.number(4096) * kibPerMib;
    },
    write: (domain) => {
      const vram = videoOf(domain)?.vram;
      return vram === undefined || vram === usualVideo.vram ? undefined : BigInt(Math.ceil(vram / kibPerMib));
    },
  },
];
