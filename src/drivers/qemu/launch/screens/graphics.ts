/** How the guest's screens are shown. */
import type { Domain, Graphics, GraphicsOf } from "../../../../model/domain/index.ts";
import type { Guest } from "../context.ts";
import { audioOf } from "../devices/audio.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import { option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { spiceParts } from "./spice.ts";
import { vncParts } from "./vnc.ts";

/** Without graphics QEMU would open a window. */
export function noDisplayParts({ domain }: Guest): Part[] {
  return domain.devices.graphics.length === 0 ? [option("-display", "none")] : [];
}

export function graphicsParts(guest: Guest): Part[] {
  return guest.domain.devices.graphics.flatMap((graphics) => screenParts(graphics, guest));
}

function screenParts(graphics: Graphics, guest: Guest): Part[] {
  switch (graphics.type) {
    case "vnc":
      return vncParts(graphics, guest);
    case "spice":
      return spiceParts(graphics, guest);
    case "sdl":
      return sdlParts(graphics);
    case "egl-headless":
      return [keyedOption("-display", "egl-headless", { rendernode: graphics.gl?.rendernode })];
    case "dbus":
      return [dbusPart(graphics, guest.domain)];
    // VirtualBox's and others'.
    case "rdp":
    case "desktop":
      return [];
  }
}

function sdlParts({ fullscreen, gl }: GraphicsOf<"sdl">): Part[] {
  return [...(fullscreen === true ? [option("-full-screen")] : []), keyedOption("-display", "sdl", { gl: gl?.enable })];
}

function dbusPart({ p2p, address, gl, audio }: GraphicsOf<"dbus">, domain: Domain): Part {
  return keyedOption("-display", "dbus", {
    ...(p2p === true ? { p2p } : { addr: address }),
    gl: gl?.enable,
    rendernode: gl?.rendernode,
    audiodev: audio === undefined ? undefined : audioOf(domain, audio),
  });
}

/** What the window system of the host must be told of us. */
export function graphicsEnvironment({ domain, settings }: Guest): Record<string, string> {
  const env: Record<string, string> = {};
  for (const graphics of domain.devices.graphics) {
    if (graphics.type === "sdl") {
      if (graphics.xauth !== undefined) env.XAUTHORITY = graphics.xauth;
      if (graphics.display !== undefined) env.DISPLAY = graphics.display;
    } else if (graphics.type === "vnc" || graphics.type === "spice") {
      const { sasl, saslFolder } = settings[graphics.type];
      if (sasl && saslFolder !== undefined) env.SASL_CONF_PATH = saslFolder;
    }
  }
  return env;
}
