/** References that are addresses: `nbd://host/export`, `iscsi://...`, and the older forms of QEMU's own. */
import { LibvirtError } from "../../errors.ts";
import { networkProtocols, type StorageOf } from "../domain/storage.ts";
import type { ReferenceDraft } from "./reference-draft.ts";

type Source = NonNullable<StorageOf<"network">["source"]>;
export type Protocol = Source["protocol"];
type Host = Partial<Source["hosts"][number]>;

const protocols: ReadonlySet<string> = new Set(networkProtocols);

const isProtocol = (name: string): name is Protocol => protocols.has(name);

/** Refuses a reference. */
export function refuseReference(detail: string): never {
  throw new LibvirtError("INTERNAL_ERROR", "STORAGE", detail);
}

export function referenceAddress(text: string): ReferenceDraft {
  if (/^[A-Za-z0-9+.-]+:\/\//.test(text)) return fromUrl(text);
  if (text.startsWith("nbd:")) return fromNbd(text.slice("nbd:".length));
  if (text.startsWith("rbd:")) return fromRbd(text.slice("rbd:".length));
  if (text.startsWith("fat:")) return { type: "dir", source: { dir: text.slice("fat:".length) } };
  if (text.startsWith("file:")) return { type: "file", source: { file: text.slice("file:".length) } };
  return refuseReference(`backing protocol '${text.split(":", 1)[0]}' is not supported`);
}

const url =
  /^([a-z0-9]+)(?:\+([a-z]+))?:\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d{1,5}))?([^?#]*)(?:\?([^#]*))?$/i;

/** `protocol[+transport]://[user@]host[:port]/name?query` */
export function fromUrl(text: string): ReferenceDraft {
  const [, protocol = "", transport, user, host = "", port, path = "", query] = url.exec(text) ?? [];
  if (!isProtocol(protocol)) return refuseReference(`backing protocol '${protocol || text}' is not supported`);
  if (transport !== undefined && transport !== "tcp" && transport !== "unix" && transport !== "rdma") {
    return refuseReference(`unsupported transport '${transport}' in backing reference`);
  }
  const options = new URLSearchParams(query ?? "");
  const name = decode(path.replace(/^\//, ""));
  return {
    type: "network",
    source: {
      protocol,
      ...(name === "" && protocol === "nbd" ? {} : { name }),
      ...(isCurl(protocol) && query !== undefined ? { query } : {}),
      hosts: [hostOf(host, port, transport, options.get("socket") ?? undefined)],
    },
    hadCredentials: user !== undefined,
  };
}

const isCurl = (protocol: Protocol): boolean => ["http", "https", "ftp", "ftps", "tftp"].includes(protocol);

function hostOf(
  name: string,
  port: string | undefined,
  transport: Host["transport"],
  socket: string | undefined,
): Host {
  if (transport === "unix" || (name === "" && socket !== undefined)) {
    return socket === undefined
      ? refuseReference("missing socket in backing reference")
      : { transport: "unix", socket };
  }
  const bare = name.replace(/^\[(.*)\]$/, "$1");
  if (bare === "") return refuseReference("missing host in backing reference");
  return {
    name: decode(bare),
    ...(transport === undefined ? {} : { transport }),
    ...(port === undefined ? {} : { port: portNumber(port) }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuseReference("invalid escape in backing reference");
  }
}

export function portNumber(text: string | number): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  return refuseReference(`invalid port '${text}' in backing reference`);
}

/** `unix:/socket:exportname=NAME` or `host:port:exportname=NAME` */
function fromNbd(text: string): ReferenceDraft {
  const [, place = text, name] = /^(.*?):exportname=(.*)$/s.exec(text) ?? [];
  const named = name === undefined || name === "" ? {} : { name };
  if (place.startsWith("unix:")) {
    const host: Host = { transport: "unix", socket: place.slice("unix:".length) };
    return { type: "network", source: { protocol: "nbd", ...named, hosts: [host] } };
  }
  const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(place) ?? [];
  return { type: "network", source: { protocol: "nbd", ...named, hosts: [hostOf(host, port, undefined, undefined)] } };
}

/** `pool/image[@snapshot][:option=value]...`, where a backslash makes the next character a plain one. */
export function fromRbd(text: string): ReferenceDraft {
  const [place = "", ...options] = splitEscaped(text, ":");
  const [name = "", snapshot] = splitEscaped(place, "@");
  const source: { -readonly [K in keyof Source]?: Source[K] } = { name: plain(name) };
  const hosts: Host[] = [];
  let hadCredentials = false;
  for (const option of options) {
    const [key = "", value = ""] = splitEscaped(option, "=").map(plain);
    if (key === "id" || key === "key") hadCredentials = true;
    else if (key === "conf") source.config = value;
    else if (key === "mon_host") hosts.push(...value.split(/[;,]/).map(monitor));
  }
  return {
    type: "network",
    source: { ...source, protocol: "rbd", hosts, ...(snapshot === undefined ? {} : { snapshot: plain(snapshot) }) },
    hadCredentials,
  };
}

function splitEscaped(text: string, separator: string): string[] {
  const parts = [""];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") parts.push(`${parts.pop()}${text.slice(at, ++at + 1)}`);
    else if (text[at] === separator) parts.push("");
    else parts.push(`${parts.pop()}${text[at]}`);
  }
  return parts;
}

const plain = (text: string): string => text.replace(/\\(.)/gs, "$1");

function monitor(text: string): Host {
  const [, name = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  return hostOf(name, port, undefined, undefined);
}
