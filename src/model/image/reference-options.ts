/** References that are options of QEMU's block layer, nested or with dotted names: `{"file.driver":"nbd", ...}`. */
import type { StorageOf } from "../domain/storage.ts";
import { fromRbd, fromUrl, type Protocol, portNumber, refuseReference } from "./reference-address.ts";
import type { ReferenceDraft } from "./reference-draft.ts";

interface Options {
  readonly [name: string]: unknown;
}

const isOptions = (value: unknown): value is Options =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** How many nodes may lie on each other in one reference. */
const maxDepth = 8;

export function referenceOptions(value: unknown): ReferenceDraft {
  if (!isOptions(value)) return refuseReference("backing reference in JSON is no object");
  const options = nested(value);
  // What the format is, the holder of the reference says; only a raw one may show a part of what it lies on.
  return place(options.driver !== "raw" && isOptions(options.file) ? options.file : options, 0);
}

/** `{"server.host": "h"}` is `{"server": {"host": "h"}}`. */
function nested(options: Options): Options {
  let made: Options = {};
  for (const [name, value] of Object.entries(options)) {
    made = merged(made, spread(name.split("."), isOptions(value) ? nested(value) : value));
  }
  return made;
}

function spread([step = "", ...steps]: readonly string[], value: unknown): Options {
  return { [step]: steps.length === 0 ? value : spread(steps, value) };
}

function merged(left: Options, right: Options): Options {
  const made = new Map(Object.entries(left));
  for (const [name, value] of Object.entries(right)) {
    const there = made.get(name);
    made.set(name, isOptions(there) && isOptions(value) ? merged(there, value) : value);
  }
  return Object.fromEntries(made);
}

function place(options: Options, depth: number): ReferenceDraft {
  const driver = text(options.driver) ?? "";
  if (driver === "raw") return inner(options, depth);
  const read = Object.hasOwn(readers, driver) ? readers[driver] : undefined;
  if (read === undefined)
    return refuseReference(`missing parser implementation for JSON backing volume driver '${driver}'`);
  return read(options);
}

/** A raw node shows what it lies on, or a part of it. */
function inner(options: Options, depth: number): ReferenceDraft {
  if (!isOptions(options.file) || depth >= maxDepth) return refuseReference("JSON backing volume lacks 'file' object");
  const below = place(options.file, depth + 1);
  if (options.offset === undefined && options.size === undefined) return below;
  const slice = { type: "storage" as const, offset: big(options.offset), size: big(options.size) };
  return { ...below, source: { ...below.source, slices: { slices: [slice] } } } as ReferenceDraft;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;

function needed(options: Options, name: string, driver: string): string {
  return text(options[name]) ?? refuseReference(`missing '${name}' field in JSON backing volume of '${driver}'`);
}

function big(value: unknown): bigint {
  const digits = text(value) ?? "0";
  return /^\d{1,19}$/.test(digits) ? BigInt(digits) : refuseReference("invalid number in JSON backing volume");
}

function flag(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === "on" || value === "yes") return true;
  return value === "off" || value === "no" ? false : undefined;
}

type Reader = (options: Options) => ReferenceDraft;

const readers: { readonly [driver: string]: Reader } = {
  file: (options) => ({ type: "file", source: { file: needed(options, "filename", "file") } }),
  host_device: (options) => ({ type: "block", source: { dev: needed(options, "filename", "host_device") } }),
  host_cdrom: (options) => ({ type: "block", source: { dev: needed(options, "filename", "host_cdrom") } }),
  vvfat: (options) => ({ type: "dir", source: { dir: needed(options, "dir", "vvfat") } }),
  http: curl,
  https: curl,
  ftp: curl,
  ftps: curl,
  tftp: curl,
  nbd,
  iscsi,
  gluster,
  rbd,
  ssh: (options) =>
    typeof options.filename === "string"
      ? fromUrl(options.filename)
      : onServer("ssh", needed(options, "path", "ssh"), server(options), options.user !== undefined),
  sheepdog: (options) =>
    typeof options.filename === "string"
      ? fromUrl(options.filename)
      : onServer("sheepdog", needed(options, "vdi", "sheepdog"), server(options)),
  vxhs: (options) => onServer("vxhs", needed(options, "vdisk-id", "vxhs"), server(options)),
  nfs,
  nvme,
};

type Source = NonNullable<StorageOf<"network">["source"]>;
type Host = Partial<Source["hosts"][number]>;

function onServer(protocol: Protocol, name: string | undefined, host: Host, hadCredentials = false): ReferenceDraft {
  return {
    type: "network",
    source: { protocol, ...(name === undefined ? {} : { name }), hosts: [host] },
    hadCredentials,
  };
}

/** `server`, or its members beside the others as older emulators wrote them. */
function server(options: Options): Host {
  const said = isOptions(options.server) ? options.server : options;
  return hostOf(said);
}

function hostOf(said: Options): Host {
  const kind = text(said.type);
  const path = text(said.socket) ?? text(said.path);
  if (kind === "unix") return { transport: "unix", socket: path ?? refuseReference("missing socket path") };
  if (kind !== undefined && kind !== "inet" && kind !== "tcp") {
    return refuseReference(`backing store protocol transport '${kind}' is not supported`);
  }
  const name = text(said.host) ?? refuseReference("missing host in JSON backing volume");
  const port = text(said.port);
  return { name, ...(port === undefined ? {} : { port: portNumber(port) }) };
}

function nbd(options: Options): ReferenceDraft {
  const name = text(options.export);
  if (typeof options.path === "string") return onServer("nbd", name, { transport: "unix", socket: options.path });
  return typeof options.filename === "string" ? fromUrl(options.filename) : onServer("nbd", name, server(options));
}

const portal = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/;

function iscsi(options: Options): ReferenceDraft {
  if (typeof options.filename === "string") return fromUrl(options.filename);
  if (text(options.transport) !== "tcp") return refuseReference("only TCP transport is supported for iSCSI volumes");
  const [, name = "", port] = portal.exec(needed(options, "portal", "iscsi")) ?? [];
  const target = `${needed(options, "target", "iscsi")}/${text(options.lun) ?? "0"}`;
  const host: Host = { name, ...(port === undefined ? {} : { port: portNumber(port) }) };
  return onServer("iscsi", target, host, options.user !== undefined || options.password !== undefined);
}

function gluster(options: Options): ReferenceDraft {
  if (typeof options.filename === "string") return fromUrl(options.filename);
  const name = `${needed(options, "volume", "gluster")}/${needed(options, "path", "gluster").replace(/^\//, "")}`;
  const servers = Array.isArray(options.server) ? options.server.filter(isOptions) : [];
  if (servers.length === 0) return refuseReference("missing 'server' attribute in JSON backing volume of 'gluster'");
  return { type: "network", source: { protocol: "gluster", name, hosts: servers.map(hostOf) } };
}

function rbd(options: Options): ReferenceDraft {
  if (typeof options.filename === "string") return fromRbd(options.filename.replace(/^rbd:/, ""));
  const hosts = Array.isArray(options.server) ? options.server.filter(isOptions).map(hostOf) : [];
  const snapshot = text(options.snapshot);
  const config = text(options.conf);
  return {
    type: "network",
    source: {
      protocol: "rbd",
      name: `${needed(options, "pool", "rbd")}/${needed(options, "image", "rbd")}`,
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(config === undefined ? {} : { config }),
      hosts,
    },
    hadCredentials: options.user !== undefined,
  };
}

function nfs(options: Options): ReferenceDraft {
  const id = (value: unknown): string | undefined => (typeof value === "number" ? `+${value}` : text(value));
  const [user, group] = [id(options.user), id(options.group)];
  const who = { ...(user === undefined ? {} : { user }), ...(group === undefined ? {} : { group }) };
  const identity = user === undefined && group === undefined ? undefined : who;
  return {
    type: "network",
    source: { protocol: "nfs", name: needed(options, "path", "nfs"), hosts: [server(options)], identity },
  };
}

function curl(options: Options): ReferenceDraft {
  const made = fromUrl(needed(options, "url", String(options.driver)));
  const verify = flag(options.sslverify);
  const cookies = text(options.cookie);
  return {
    ...made,
    source: {
      ...made.source,
      ...(verify === undefined ? {} : { ssl: { verify } }),
      ...(cookies === undefined ? {} : { cookies: { cookies: cookiesOf(cookies) } }),
      ...(options.readahead === undefined ? {} : { readahead: { size: big(options.readahead) } }),
      ...(options.timeout === undefined ? {} : { timeout: { seconds: big(options.timeout) } }),
    },
    hadCredentials: made.hadCredentials === true || options.username !== undefined || options.password !== undefined,
  } as ReferenceDraft;
}

function cookiesOf(line: string): { name: string; value: string }[] {
  return line.split(";").map((cookie) => {
    const [, name = "", value = ""] = /^\s*([^=]*)=(.*)$/s.exec(cookie) ?? [];
    return { name, value };
  });
}

function nvme(options: Options): ReferenceDraft {
  const [, domain, bus, slot, part] =
    /^([0-9a-f]{4}):([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$/i.exec(needed(options, "device", "nvme")) ?? [];
  if (part === undefined) return refuseReference("invalid PCI address in JSON backing volume of 'nvme'");
  const number = (digits: string | undefined): number => Number.parseInt(digits ?? "0", 16);
  const address = { domain: number(domain), bus: number(bus), slot: number(slot), function: number(part) };
  return { type: "nvme", source: { type: "pci", managed: true, namespace: big(options.namespace), address } };
}
