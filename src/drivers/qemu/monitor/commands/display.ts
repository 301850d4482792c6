/** Screens, keyboards and those who watch: VNC and SPICE. */
import type { CallOptions, CommandRunner } from "../qmp.ts";
import { array, boolean, fields, nothing, type Of, object, optional, string } from "../shape.ts";

export interface ScreendumpOptions extends CallOptions {
  /** Id of the video device; the first one without it. */
  readonly device?: string | undefined;
  /** Which of the device's screens. */
  readonly head?: number | undefined;
  /** QEMU before 7.1 writes PPM only. */
  readonly format?: "ppm" | "png" | undefined;
}

/** Writes a picture of the screen to a file of the host. */
export function screendump(qemu: CommandRunner, filename: string, options: ScreendumpOptions = {}): Promise<void> {
  const { device, head, format, ...call } = options;
  return qemu.ask("screendump", nothing, { filename, device, head, format }, call);
}

/** Presses keys together, by their QEMU names or numbers (scan codes with the highest bit for those after E0), and lets them go after `holdTime` ms. */
export function sendKey(
  qemu: CommandRunner,
  keys: readonly (string | number)[],
  holdTime?: number,
  options?: CallOptions,
): Promise<void> {
  const values = keys.map((key) =>
    typeof key === "number" ? { type: "number", data: key } : { type: "qcode", data: key },
  );
  return qemu.ask("send-key", nothing, { keys: values, "hold-time": holdTime }, options);
}

export type GraphicsProtocol = "vnc" | "spice";

/** Makes a socket that QEMU was given under a name a client of a screen, as if it had connected there. */
export async function addClient(
  qemu: CommandRunner,
  protocol: GraphicsProtocol,
  fdname: string,
  skipAuthentication: boolean,
  options?: CallOptions,
): Promise<void> {
  try {
    await qemu.ask("add_client", nothing, { protocol, fdname, skipauth: skipAuthentication }, options);
  } catch (error) {
    // It may have taken it before it refused it.
    await qemu.ask("closefd", nothing, { fdname }, options).catch(() => {});
    throw error;
  }
}

/** What happens to those who are connected when the password changes; VNC knows `keep` only. */
export type Connected = "keep" | "fail" | "disconnect";

export function setPassword(
  qemu: CommandRunner,
  protocol: GraphicsProtocol,
  password: string,
  connected: Connected = "keep",
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("set_password", nothing, { protocol, password, connected }, options);
}

/** @param time `now`, `never`, `+SECONDS` or seconds since 1970. */
export function expirePassword(
  qemu: CommandRunner,
  protocol: GraphicsProtocol,
  time: string,
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("expire_password", nothing, { protocol, time }, options);
}

/** Reads TLS certificates of the VNC server anew. */
export function reloadVncCertificates(qemu: CommandRunner, options?: CallOptions): Promise<void> {
  return qemu.ask("display-reload", nothing, { type: "vnc", "tls-certs": true }, options);
}

const vnc = fields({
  enabled: boolean,
  host: optional(string),
  family: optional(string),
  service: optional(string),
  auth: optional(string),
  clients: optional(array(object)),
});

export type VncInfo = Of<typeof vnc>;

export function queryVnc(qemu: CommandRunner, options?: CallOptions): Promise<VncInfo> {
  return qemu.ask("query-vnc", vnc, undefined, options);
}
