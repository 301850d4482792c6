/** The host's end of a character device. */
import { LibvirtError } from "../../../../errors.ts";
import type { CharBackend, CharBackendOf } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import { chardev } from "../parts/make-part.ts";
import type { ChardevPart, Part } from "../parts/part.ts";
import { tlsParts } from "../secrets.ts";
import type { DeviceContext } from "./context.ts";

/** Id of the character device that serves a device. */
export const chardevId = (alias: string): string => `char${alias}`;

/** What distinguishes the few backends that look at what they serve. */
export interface Served {
  /** `parallel` for parallel ports, whose device files QEMU treats apart. */
  readonly port?: "parallel";
  /** What a SPICE channel is for. */
  readonly spice?: "vdagent" | "usbredir" | "smartcard";
}

/** A character device, with the certificates it needs. */
export function chardevParts(id: string, backend: CharBackend, context: DeviceContext, served: Served = {}): Part[] {
  if (backend.type === "tcp") return tcpParts(id, backend, context);
  return [plainPart(id, backend, context, served)];
}

type Backend = Exclude<CharBackend, { type: "tcp" }>;

function plainPart(id: string, backend: Backend, context: DeviceContext, served: Served): ChardevPart {
  const log = logProps(backend, context);
  switch (backend.type) {
    case "null":
    case "vc":
    case "pty":
    case "stdio":
      return chardev(id, backend.type, log);
    case "dev":
      return chardev(id, served.port ?? "serial", { device: backend.source?.path, ...log });
    case "file":
      return chardev(id, "file", { ...output(backend, context), ...log });
    case "pipe":
      return chardev(id, "pipe", { device: backend.source?.path, ...log });
    case "udp":
      return chardev(id, "udp", { ...udpEnds(backend), ...log });
    case "unix":
      return chardev(id, "socket", { ...unixProps(backend), ...log });
    case "spicevmc":
      return chardev(id, "spicevmc", { type: served.spice ?? "vdagent", ...log });
    case "spiceport":
      return chardev(id, "spiceport", { fqdn: backend.source?.channel, ...log });
    case "qemu-vdagent":
      return chardev(id, "qemu-vdagent", { ...vdagentProps(backend), ...log });
    case "dbus":
      return chardev(id, "dbus", { name: backend.source?.channel, ...log });
    case "nmdm":
      throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", "unsupported chardev 'nmdm': null modems are bhyve's");
  }
}

function logProps({ log }: CharBackend, { facts }: DeviceContext): JsonObject {
  return log === undefined ? {} : { logfile: facts.outputFile(log.file), logappend: log.append };
}

/** A file that was opened for QEMU was emptied then, if that was wanted. */
function output({ source }: CharBackendOf<"file">, { facts }: DeviceContext): JsonObject {
  const out = facts.outputFile(source?.path ?? "");
  return { out, append: out === source?.path ? source.append : true };
}

const inet = (host: string | undefined, service: string | undefined): JsonObject => ({
  type: "inet",
  data: { host: host ?? "", port: service ?? "" },
});

/** Where to send to, and where to listen: what is not said of the latter, the system chooses. */
function udpEnds({ connect, bind }: CharBackendOf<"udp">): JsonObject {
  return { remote: inet(connect?.host, connect?.service), local: inet(bind?.host, bind?.service ?? "0") };
}

function unixProps({ source }: CharBackendOf<"unix">): JsonObject {
  const addr = { type: "unix", data: { path: source?.path ?? "" } };
  return source?.mode === "bind" ? { addr, server: true, wait: false } : { addr, ...client(source?.reconnect) };
}

type Reconnect = NonNullable<CharBackendOf<"unix">["source"]>["reconnect"];

/** What a client does when the other side goes away; seconds, where 0 is never to try again. */
function client(reconnect: Reconnect): JsonObject {
  const again = reconnect === undefined ? undefined : reconnect.enabled ? reconnect.timeout : 0;
  return { server: false, reconnect: again };
}

function vdagentProps({ source }: CharBackendOf<"qemu-vdagent">): JsonObject {
  return { clipboard: source?.clipboard, mouse: source?.mouse === undefined ? undefined : source.mouse === "client" };
}

function tcpParts(id: string, backend: CharBackendOf<"tcp">, context: DeviceContext): Part[] {
  const { settings, facts } = context;
  const { source, protocol } = backend;
  const server = source?.mode === "bind";
  const encrypted = source?.tls ?? settings.chardevTls;
  const credentials = encrypted ? `obj${id}_tls0` : undefined;
  const socket = chardev(id, "socket", {
    addr: inet(source?.host, source?.service),
    telnet: protocol === "telnet" ? true : undefined,
    ...(server ? { server, wait: false } : client(source?.reconnect)),
    "tls-creds": credentials,
    ...logProps(backend, context),
  });
  if (credentials === undefined) return [socket];
  const secretId = `${id}-secret0`;
  return [...tlsParts(credentials, settings.chardevCredentials, { server, secretId }, facts.secret), socket];
}
