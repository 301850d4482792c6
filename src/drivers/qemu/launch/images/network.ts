/** Images on servers. */
import { LibvirtError } from "../../../../errors.ts";
import type { StorageOf } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { DeviceContext } from "../devices/context.ts";
import { integer } from "../parts/make-part.ts";
import { formatEncryption } from "./encryption.ts";
import type { Image } from "./image.ts";

type Source = NonNullable<StorageOf<"network">["source"]>;
type Host = Source["hosts"][number];
type Protocol = Source["protocol"];

/** What the writer of one protocol's options looks at. */
interface Place {
  readonly source: Source;
  readonly image: Image;
  readonly context: DeviceContext;
}

export function networkProps(image: Image, { source }: StorageOf<"network">, context: DeviceContext): JsonObject {
  if (source === undefined) return {};
  return writers[source.protocol]({ source, image, context });
}

const writers: Readonly<Record<Protocol, (place: Place) => JsonObject>> = {
  nbd,
  rbd,
  gluster,
  iscsi,
  nfs,
  ssh,
  sheepdog,
  vxhs,
  http: curl,
  https: curl,
  ftp: curl,
  ftps: curl,
  tftp: curl,
};

function only({ protocol, hosts }: Source): Host {
  const [host] = hosts;
  if (host !== undefined && hosts.length === 1) return host;
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", `protocol '${protocol}' accepts only one host`);
}

/** A server as blocks of QEMU know it: by address, or by its socket. */
function typedServer(host: Host): JsonObject {
  if (host.transport === "unix") return { type: "unix", path: host.socket };
  return { type: "inet", ...plainServer(host) };
}

const plainServer = ({ name, port }: Host): JsonObject => ({ host: name, port: String(port ?? 0) });

/** Whether a connection is encrypted, and with which certificates. */
export function usesTls({ protocol, tls }: Source, { settings }: DeviceContext): boolean {
  const standard = protocol === "vxhs" ? settings.vxhsTls : protocol === "nbd" && settings.nbdTls;
  return tls ?? standard;
}

const tlsId = ({ source, image, context }: Place): string | undefined =>
  usesTls(source, context) ? image.names.tls : undefined;

function nbd(place: Place): JsonObject {
  const { source } = place;
  return {
    driver: "nbd",
    server: typedServer(only(source)),
    export: source.name,
    "tls-creds": tlsId(place),
    "tls-hostname": source.tlsHostname,
  };
}

/** The part of a name before its first slash, and what follows. */
function halves({ name = "", protocol }: Source): [string, string] {
  const slash = name.indexOf("/");
  if (slash > 0) return [name.slice(0, slash), name.slice(slash + 1)];
  throw new LibvirtError("XML_ERROR", "QEMU", `missing volume name or file name in ${protocol} source path '${name}'`);
}

function rbd({ source, image }: Place): JsonObject {
  const [pool, name] = halves(source);
  const { auth, encryption, names } = image;
  const servers = source.hosts.map(plainServer);
  return {
    driver: "rbd",
    pool,
    image: name,
    snapshot: source.snapshot,
    conf: source.config,
    server: servers.length > 0 ? servers : undefined,
    encrypt: encryption?.engine === "librbd" ? formatEncryption(encryption, names.encryptionSecret) : undefined,
    ...(auth && {
      user: auth.username,
      "auth-client-required": ["cephx", "none"],
      "key-secret": names.authSecret,
    }),
  };
}

function gluster({ source, context }: Place): JsonObject {
  const [volume, path] = halves(source);
  return {
    driver: "gluster",
    volume,
    path,
    server: source.hosts.map(typedServer),
    debug: context.settings.glusterDebug,
  };
}

/** Where iSCSI portals listen. */
export const iscsiPort = 3260;

/** `iqn.2013-07.com.example:pool/1` is LUN 1 of a target. */
function iscsi({ source, image }: Place): JsonObject {
  const host = only(source);
  const { auth, names } = image;
  const [target = "", lun = "0"] = (source.name ?? "").split("/");
  return {
    driver: "iscsi",
    portal: hostAndPort({ ...host, port: host.port ?? iscsiPort }),
    target,
    lun: Number(lun),
    transport: "tcp",
    ...(auth && { user: auth.username, "password-secret": names.authSecret }),
    "initiator-name": source.initiator?.iqn,
  };
}

export const hostAndPort = ({ name = "", port }: Pick<Host, "name" | "port">): string => {
  const host = name.includes(":") ? `[${name}]` : name;
  return port === undefined ? host : `${host}:${port}`;
};

function nfs({ source }: Place): JsonObject {
  const { name } = only(source);
  const { user, group } = source.identity ?? {};
  return {
    driver: "nfs",
    server: { host: name, type: "inet" },
    path: source.name,
    user: user === undefined ? undefined : numericId(user),
    group: group === undefined ? undefined : numericId(group),
  };
}

/** A user or group as a number, where `+` says that it is no name; names are looked up before the launch. */
function numericId(text: string): number {
  const [, digits] = /^\+?(\d{1,10})$/.exec(text) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `NFS identity '${text}' is not a number such as +1000`);
}

function ssh({ source, image }: Place): JsonObject {
  return {
    driver: "ssh",
    path: source.name,
    server: plainServer(only(source)),
    user: image.auth?.username,
  };
}

function sheepdog({ source }: Place): JsonObject {
  return { driver: "sheepdog", server: typedServer(only(source)), vdi: source.name };
}

function vxhs(place: Place): JsonObject {
  const { source } = place;
  return {
    driver: "vxhs",
    "tls-creds": tlsId(place),
    "vdisk-id": source.name,
    server: plainServer(only(source)),
  };
}

function curl({ source, image }: Place): JsonObject {
  const { auth, names } = image;
  return {
    driver: source.protocol,
    url: urlOf(source),
    ...(auth && { username: auth.username, "password-secret": names.authSecret }),
    sslverify: source.ssl?.verify,
    "cookie-secret": source.cookies === undefined ? undefined : names.cookieSecret,
    readahead: source.readahead?.size === undefined ? undefined : integer(source.readahead.size),
    timeout: source.timeout?.seconds === undefined ? undefined : integer(source.timeout.seconds),
  };
}

/** The address of an image on a server that is asked by URL. */
export function urlOf(source: Source): string {
  const { protocol, name = "", query } = source;
  const path = encodeURI(name.startsWith("/") ? name : `/${name}`).replace(/[?#]/g, encodeURIComponent);
  return `${protocol}://${hostAndPort(only(source))}${path}${query === undefined ? "" : `?${query}`}`;
}

/** The cookies of a source as one header line. */
export function cookieLine({ cookies }: Source): string | undefined {
  return cookies?.cookies.map(({ name, value }) => `${name}=${value ?? ""}`).join("; ");
}
