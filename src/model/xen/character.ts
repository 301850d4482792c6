/** Serial and parallel ports, as QEMU's command line calls what is at their other end: `pty`, `tcp:host:port`. */
import type { ConfigurationValue } from "../configuration.ts";
import { type CharBackend, charBackend, type Parallel, type Serial } from "../domain/index.ts";
import { unsupported } from "../domain/refuse.ts";
import type { Given } from "./given.ts";
import { isHvm, type Setting } from "./setting.ts";

const noPort = "none";
/** More ports than any machine has. */
const maxPorts = 16;

/** What a word stands for; null for no port at all. */
export function readBackend(word: string): CharBackend | null | undefined {
  const [, scheme = "", rest = ""] = /^([a-z]+):([\s\S]*)$/.exec(word) ?? [];
  if (word === noPort || word === "") return null;
  if (word === "pty" || word.startsWith("pty:")) return charBackend.make({ type: "pty" });
  if (word === "null" || word === "vc" || word === "stdio") return charBackend.make({ type: word });
  if (word.startsWith("vc:")) return charBackend.make({ type: "vc" });
  if (word.startsWith("/")) return charBackend.make({ type: "dev", source: { path: word } });
  switch (scheme) {
    case "file":
    case "pipe":
      return charBackend.make({ type: scheme, source: { path: rest } });
    case "unix":
      return readSocket(rest);
    case "tcp":
    case "telnet":
      return readTcp(rest, scheme === "telnet");
    case "udp":
      return readUdp(rest);
  }
  return undefined;
}

const listens = (options: readonly string[]): "bind" | "connect" =>
  options.some((option) => option === "server" || option === "server=on") ? "bind" : "connect";

function readSocket(rest: string): CharBackend {
  const [path = "", ...options] = rest.split(",");
  return charBackend.make({ type: "unix", source: { mode: listens(options), path } });
}

function readTcp(rest: string, telnet: boolean): CharBackend {
  const [endpoint = "", ...options] = rest.split(",");
  return charBackend.make({
    type: "tcp",
    source: { mode: listens(options), ...hostAndService(endpoint) },
    protocol: telnet ? "telnet" : "raw",
  });
}

/** `udp:REMOTE[@LOCAL]` */
function readUdp(rest: string): CharBackend {
  const [remote = "", local] = rest.split("@");
  return charBackend.make({
    type: "udp",
    ...(local !== undefined && { bind: hostAndService(local) }),
    connect: { mode: "connect", ...hostAndService(remote) },
  });
}

function hostAndService(endpoint: string): { host?: string; service?: string } {
  const colon = endpoint.lastIndexOf(":");
  const host = colon === -1 ? endpoint : endpoint.slice(0, colon);
  const service = colon === -1 ? "" : endpoint.slice(colon + 1);
  return { ...(host && { host }), ...(service && { service }) };
}

/** The word for what is at the other end. */
export function writeBackend(backend: CharBackend): string {
  switch (backend.type) {
    case "null":
    case "vc":
    case "stdio":
    case "pty":
      return backend.type;
    case "dev":
      return backend.source?.path ?? "null";
    case "file":
    case "pipe":
      return `${backend.type}:${backend.source?.path ?? ""}`;
    case "unix":
      return `unix:${backend.source?.path ?? ""}${serverOptions(backend.source?.mode)}`;
    case "tcp": {
      const scheme = backend.protocol === "telnet" ? "telnet" : "tcp";
      return `${scheme}:${endpointOf(backend.source)}${serverOptions(backend.source?.mode)}`;
    }
    case "udp": {
      const local = backend.bind === undefined ? "" : `@${endpointOf(backend.bind)}`;
      return `udp:${endpointOf(backend.connect)}${local}`;
    }
    default:
      return unsupported(`Xen has no character device of type '${backend.type}'`);
  }
}

const serverOptions = (mode: "bind" | "connect" | undefined): string => (mode === "bind" ? ",server,nowait" : "");

function endpointOf(endpoint: { host?: string | undefined; service?: string | undefined } | undefined): string {
  return `${endpoint?.host ?? ""}:${endpoint?.service ?? ""}`;
}

function backendOf(given: Given): CharBackend | null {
  const backend = readBackend(given.text());
  return backend === undefined ? given.fail(`unknown character device '${given.text().slice(0, 60)}'`) : backend;
}

function portsOf(ports: readonly (Serial | Parallel)[]): ConfigurationValue {
  const words: string[] = [];
  for (const { backend, target } of ports) {
    const port = target.port ?? words.length;
    if (port >= maxPorts) unsupported(`there is no port ${port} on Xen's machines`);
    words[port] = writeBackend(backend);
  }
  const all = Array.from(words, (word) => word ?? noPort);
  return all.length > 1 ? all : (all[0] ?? noPort);
}

export const characterDevices: readonly Setting[] = [
  {
    name: "parallel",
    read: (given, draft) => {
      const backend = isHvm(draft) ? backendOf(given) : null;
      if (backend !== null) draft.devices.parallels.push({ backend, target: { port: 0 } });
    },
    write: (domain) => (isHvm(domain) ? portsOf(domain.devices.parallels.slice(0, 1)) : undefined),
  },
  {
    name: "serial",
    read: (given, draft) => {
      if (!isHvm(draft)) return;
      given.items().forEach((one, port) => {
        const backend = backendOf(one);
        if (backend !== null) draft.devices.serials.push({ backend, target: { port } });
      });
    },
    write: (domain) => (isHvm(domain) ? portsOf(domain.devices.serials) : undefined),
  },
];
