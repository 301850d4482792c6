/** Graphics: where they listen and on which ports; and the video cards they need. */
import type { ParsedDomain } from "../domain.ts";
import type { GraphicsOf, Listen } from "../graphics.ts";
import { malformed, unsupported } from "../refuse.ts";
import type { Video } from "../video.ts";
import { set } from "./update.ts";

export function completeGraphics({ devices }: ParsedDomain): void {
  for (const graphics of devices.graphics) {
    if ("listens" in graphics) completeListens(graphics);
    if (graphics.type === "vnc") completeVnc(graphics);
    else if (graphics.type === "spice") completeSpice(graphics);
    else if (graphics.type === "rdp") completeRdp(graphics);
  }
}

type Listening = GraphicsOf<"vnc" | "spice" | "rdp">;

/** Graphics over the network listen somewhere; without an address the driver's default is meant. */
function completeListens(graphics: Listening): void {
  const { listens } = graphics;
  if (listens.length === 0) listens.push(hasPorts(graphics) ? { type: "address" } : { type: "none" });
  for (const listen of listens) completeListen(listen);
}

/** SPICE without any port is for clients inside the same program. */
function hasPorts(graphics: Listening): boolean {
  if (graphics.type !== "spice") return true;
  return Boolean(graphics.port) || Boolean(graphics.tlsPort) || graphics.autoport === true;
}

function completeListen(listen: Listen): void {
  if (listen.type === "address" && listen.address === "") delete listen.address;
  if (listen.type === "network" && !listen.network)
    malformed("'network' attribute is required for listen type 'network'");
}

function listensOnNetwork({ listens: [first] }: Listening): boolean {
  return first?.type === "address" || first?.type === "network";
}

function completeVnc(graphics: GraphicsOf<"vnc">): void {
  if (!graphics.websocket) delete graphics.websocket;
  if (!listensOnNetwork(graphics)) {
    delete graphics.port;
    delete graphics.autoport;
    return;
  }
  const automatic = graphics.autoport ?? (graphics.port === undefined || graphics.port === -1);
  graphics.autoport = automatic;
  if (automatic) graphics.port = -1;
  else if (graphics.port === 0 || graphics.port === -1) delete graphics.port;
}

function completeSpice(graphics: GraphicsOf<"spice">): void {
  if (graphics.defaultMode === "any") delete graphics.defaultMode;
  graphics.channels = graphics.channels.filter(({ mode }) => mode !== "any");
  if (!listensOnNetwork(graphics)) {
    delete graphics.port;
    delete graphics.tlsPort;
    delete graphics.autoport;
    return;
  }
  const automatic = graphics.autoport === true || (graphics.port === -1 && graphics.tlsPort === -1);
  graphics.autoport = automatic;
  if (automatic || !graphics.port) delete graphics.port;
  if (automatic || !graphics.tlsPort) delete graphics.tlsPort;
}

function completeRdp(graphics: GraphicsOf<"rdp">): void {
  if (graphics.autoport === true || !graphics.port || graphics.port === -1) {
    graphics.autoport = true;
    graphics.port = 0;
  } else delete graphics.autoport;
}

/** KiB of video memory each model has when nothing is said. */
const defaultVram: Readonly<Record<string, number>> = {
  vga: 16384,
  cirrus: 16384,
  vmvga: 16384,
  bochs: 16384,
  xen: 4096,
  qxl: 65536,
};
const defaultRam = 65536;

/** Adds the card that graphics need, picks the primary one, which is always the first, and sizes memories. */
export function completeVideos(domain: ParsedDomain, defaultModel: () => Video["model"]): void {
  const { videos, graphics } = domain.devices;
  if (videos.length === 0 && graphics.length > 0) videos.push({ model: defaultModel() });
  const primaries = videos.filter(({ model }) => model?.primary === true);
  if (primaries.length > 1) unsupported("Only one primary video device is supported");
  const [primary] = primaries;
  if (primary !== undefined) videos.unshift(...videos.splice(videos.indexOf(primary), 1));
  videos.forEach((video, at) => {
    completeVideo(video, at === 0, defaultModel);
  });
}

function completeVideo(video: Video, first: boolean, defaultModel: () => Video["model"]): void {
  video.model ??= {};
  const { model } = video;
  if (model.type === undefined || model.type === "default") set(model, "type", defaultModel()?.type);
  if (model.type === "none") {
    video.model = { type: "none" };
    return;
  }
  completeVideoMemory(model);
  model.heads ??= 1;
  if (model.heads === 0) delete model.heads;
  set(model, "primary", first ? true : undefined);
}

function completeVideoMemory(model: NonNullable<Video["model"]>): void {
  if (!model.vram) set(model, "vram", defaultVram[model.type ?? ""]);
  if (model.type !== "qxl") return;
  model.ram ||= defaultRam;
  // Sizes of QXL's memories are powers of two.
  model.ram = powerOfTwo(model.ram);
  if (model.vram) model.vram = powerOfTwo(model.vram);
  if (model.vram64) model.vram64 = powerOfTwo(model.vram64);
  else delete model.vram64;
  if (!model.vgamem) delete model.vgamem;
}

function powerOfTwo(atLeast: number): number {
  let power = 1;
  while (power < atLeast) power *= 2;
  return power;
}
