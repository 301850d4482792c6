/** `-spice` */
import { LibvirtError } from "../../../../errors.ts";
import type { GraphicsOf } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { Guest } from "../context.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import type { Part } from "../parts/part.ts";
import { keymapParts } from "./vnc.ts";

type Spice = GraphicsOf<"spice">;

export function spiceParts(spice: Spice, guest: Guest): Part[] {
  const { settings } = guest;
  const [listen] = spice.listens;
  const tcp = listen?.type !== "none" && listen?.type !== "socket";
  const open = spice.passwd === undefined && settings.spice.password === undefined;
  const props: JsonObject = {
    ...place(spice, guest),
    "agent-mouse": spice.mouse === undefined ? undefined : spice.mouse === "client",
    "disable-ticketing": open ? true : undefined,
    sasl: settings.spice.sasl ? true : undefined,
    "x509-dir": tcp && isPort(spice.tlsPort) ? settings.spice.tls?.folder : undefined,
    ...channelProps(spice, tcp),
    "image-compression": spice.image,
    "jpeg-wan-compression": spice.jpeg,
    "zlib-glz-wan-compression": spice.zlib,
    "playback-compression": spice.playback,
    "streaming-video": spice.streaming,
    "disable-copy-paste": spice.clipboard === false ? true : undefined,
    "disable-agent-file-xfer": spice.filetransfer === false ? true : undefined,
    gl: spice.gl?.enable === true ? true : undefined,
    rendernode: spice.gl?.enable === true ? spice.gl.rendernode : undefined,
    "seamless-migration": true,
  };
  const first = listen?.type === "socket" ? "unix" : undefined;
  return [...keymapParts(spice), keyedOption("-spice", first, props)];
}

const isPort = (port: number | undefined): boolean => port !== undefined && port > 0;

/** Where QEMU listens. */
function place(spice: Spice, { settings }: Guest): JsonObject {
  const [listen] = spice.listens;
  if (listen?.type === "none") return { port: 0 };
  if (listen?.type === "socket") return { addr: listen.socket };
  if (isPort(spice.tlsPort) && settings.spice.tls === undefined) {
    throw new LibvirtError(
      "CONFIG_UNSUPPORTED",
      "QEMU",
      "spice TLS port set in XML configuration, but TLS is disabled in qemu.conf",
    );
  }
  return {
    port: isPort(spice.port) ? spice.port : isPort(spice.tlsPort) ? undefined : 0,
    "tls-port": isPort(spice.tlsPort) ? spice.tlsPort : undefined,
    addr: listen?.address,
  };
}

const channelKeys = { secure: "tls-channel", insecure: "plaintext-channel", any: undefined } as const;

/** Which channels are encrypted: each said by itself, `default` for all others. */
function channelProps({ defaultMode, channels }: Spice, tcp: boolean): JsonObject {
  if (!tcp) return {};
  const modes = [{ name: "default", mode: defaultMode ?? "any" }, ...channels];
  const names = (mode: "secure" | "insecure") =>
    modes.filter((channel) => channel.mode === mode).map(({ name }) => name);
  const named = (mode: "secure" | "insecure") => {
    const list = names(mode);
    return list.length === 0 ? {} : { [channelKeys[mode]]: list };
  };
  return { ...named("secure"), ...named("insecure") };
}
