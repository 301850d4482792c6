/** Displays: the kinds QEMU has, how many at once, and on which ports. */
import type { Domain, Graphics, GraphicsOf } from "../../../model/domain/index.ts";
import type { CapabilityFlag } from "../capabilities/flags.ts";
import type { ValidationContext } from "./context.ts";
import { need, unsupported } from "./refuse.ts";

const flags: { readonly [Type in Graphics["type"]]?: CapabilityFlag } = {
  sdl: "sdl",
  vnc: "vnc",
  spice: "spice",
  "egl-headless": "egl-headless",
  dbus: "display-dbus",
};

export function validateGraphics(domain: Domain, context: ValidationContext): void {
  const { graphics, audios } = domain.devices;
  for (const one of graphics) validateOne(one, context);
  validateTogether(graphics);
  const spice = graphics.some(({ type }) => type === "spice");
  for (const { backend } of audios) {
    if (backend.type === "spice" && !spice) unsupported("Spice audio is not supported without spice graphics");
    if (backend.type === "dbus" && !graphics.some(({ type }) => type === "dbus")) {
      unsupported("D-Bus audio is not supported without D-Bus graphics");
    }
  }
}

export function validateGraphicsStart({ devices }: Domain): void {
  const seen = new Set<Graphics["type"]>();
  for (const one of devices.graphics) {
    if (seen.has(one.type)) {
      unsupported("only 1 graphics device of each type (sdl, vnc, spice, headless, dbus) is supported");
    }
    seen.add(one.type);
    if ("listens" in one && one.listens.length > 1) {
      unsupported("QEMU does not support multiple listens for one graphics device.");
    }
    if (one.type === "vnc") validateVncPort(one);
    if (one.type === "spice") validateSpiceStart(one);
  }
}

function validateOne(one: Graphics, context: ValidationContext): void {
  const flag = flags[one.type];
  if (flag === undefined || !context.capabilities.has(flag)) {
    unsupported(`${one.type} graphics are not supported with this QEMU`);
  }
  if (one.type === "egl-headless" && one.gl?.rendernode !== undefined) {
    need(
      "egl-headless.rendernode",
      context,
      "This QEMU doesn't support OpenGL rendernode with egl-headless graphics type",
    );
  }
  if (one.type === "spice") validateSpice(one, context);
}

function validateSpice(one: GraphicsOf<"spice">, context: ValidationContext): void {
  const { tlsPort, gl } = one;
  if (context.spiceTls === false && tlsPort !== undefined && tlsPort > 0) {
    unsupported("spice TLS port set in XML configuration, but TLS is disabled in qemu.conf");
  }
  if (gl?.enable === true) need("spice-gl", context, "This QEMU doesn't support spice OpenGL");
}

/** One display draws with the host's graphics card. */
function validateTogether(graphics: readonly Graphics[]): void {
  const headless = graphics.some(({ type }) => type === "egl-headless");
  if (!headless) return;
  const others = graphics.filter(({ type }) => type !== "egl-headless");
  if (others.some(({ type }) => type !== "vnc" && type !== "spice")) {
    unsupported("graphics type 'egl-headless' is only supported with one of: 'vnc', 'spice' graphics types");
  }
  if (others.some((one) => one.type === "spice" && one.gl?.enable === true)) {
    unsupported("multiple OpenGL displays are not supported by QEMU");
  }
}

const firstVncPort = 5900;

function validateVncPort({ port, autoport }: GraphicsOf<"vnc">): void {
  if (autoport === true || port === undefined || port === -1) return;
  if (port < firstVncPort || port > 65535) unsupported(`vnc port must be in range [${firstVncPort},65535]`);
}

function validateSpiceStart({ defaultMode, tlsPort, channels, autoport }: GraphicsOf<"spice">): void {
  const tls = autoport === true || (tlsPort !== undefined && tlsPort !== 0);
  if (defaultMode === "secure" && !tls) {
    unsupported("spice defaultMode secure requested in XML configuration, but TLS connection is not available");
  }
  for (const { mode } of channels) {
    if (mode === "secure" && !tls) {
      unsupported("spice secure channels set in XML configuration, but TLS connection is not available");
    }
  }
}
