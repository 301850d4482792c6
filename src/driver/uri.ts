/** Connection URIs: `driver[+transport]://[user@][host][:port]/path[?name=value&...]`. */
import { LibvirtError } from "../errors.ts";

/** The longest URI that is looked at; nothing real comes near it. */
const maxLength = 16 * 1024;

export interface ConnectionUri {
  /** The URI as it was given. */
  readonly text: string;
  /** The driver's name: `qemu`, `test`, `xen`, ... */
  readonly driver: string;
  /** How to reach a remote daemon (`unix`, `tcp`, `tls`, `ssh`, ...); null when the URI names none. */
  readonly transport: string | null;
  readonly user: string | null;
  /** The host without brackets; empty for this machine. */
  readonly host: string;
  readonly port: number | null;
  /** The path with its leading slash, percent-decoded: `/system`. */
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
}

/** URIs that were read lately: a daemon's clients all give the same few. */
const known = new Map<string, ConnectionUri>();
const knownMax = 32;
/** The longest URI that is worth keeping. */
const knownLength = 256;

/** Takes a URI apart; one that cannot be read is refused with libvirt's INTERNAL_ERROR of the URI domain. */
export function parseConnectionUri(text: string): ConnectionUri {
  let uri = known.get(text);
  if (uri === undefined) {
    uri = Object.freeze(parse(text));
    if (known.size >= knownMax) known.clear();
    if (text.length <= knownLength) known.set(text, uri);
  }
  return uri;
}

function parse(text: string): ConnectionUri {
  const match = /^([A-Za-z][A-Za-z0-9.-]*)(?:\+([A-Za-z0-9]+))?:(.*)$/s.exec(text);
  if (!match || text.length > maxLength || /[\s\0]/.test(text)) throw unreadable(text);
  const [, driver = "", transport, rest = ""] = match;
  let url: URL;
  try {
    // The scheme's own rules must not apply (a `file:` or `http:` look-alike is normalised by URL).
    url = new URL(`tsvirt:${rest}`);
    return {
      text,
      driver: driver.toLowerCase(),
      transport: transport?.toLowerCase() ?? null,
      user: url.username === "" ? null : decodeURIComponent(url.username),
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: url.port === "" ? null : Number(url.port),
      path: decodeURIComponent(url.pathname),
      params: new Map(url.searchParams),
    };
  } catch {
    throw unreadable(text);
  }
}

/** Whether the URI leaves this process: it names a host or a transport. */
export function isRemote(uri: ConnectionUri): boolean {
  return uri.host !== "" || uri.transport !== null;
}

/** The drivers that libvirt has in its daemons, other than those that are in this project too. */
const elsewhere: ReadonlySet<string> = new Set([
  ...["remote", "lxc", "vbox", "bhyve", "vz", "ch"],
  ...["interface", "network", "nodedev", "nwfilter", "secret", "storage"],
]);

/** The drivers that libvirt has in the client, which reach hosts in ways of their own. */
const clientSide: ReadonlySet<string> = new Set([
  ...["esx", "gsx", "vpx", "hyperv", "openvz", "vmwareplayer", "vmwarews", "vmwarefusion"],
]);

/** Whether a daemon is to be asked, and nobody else. */
export function needsDaemon(uri: ConnectionUri): boolean {
  return !clientSide.has(uri.driver) && (isRemote(uri) || elsewhere.has(uri.driver));
}

/** What drivers of this project that manage hosts have at the usual places of the host or of the user. */
const usualPaths: Readonly<Record<string, readonly string[]>> = {
  qemu: ["/system", "/session"],
  xen: ["", "/", "/system"],
};

/** Whether a daemon of this host is to be asked, when there is one. */
export function prefersDaemon(uri: ConnectionUri): boolean {
  const usual = usualPaths[uri.driver];
  return usual?.includes(uri.path) === true && !isRemote(uri) && !uri.params.has("root");
}

/**
 * The URI that is opened when a program names none: LIBVIRT_DEFAULT_URI, else the QEMU driver, system-wide for root
 * and per user for everyone else.
 */
export function defaultUri(env: NodeJS.ProcessEnv = process.env, isRoot = process.geteuid?.() === 0): string {
  const named = env.LIBVIRT_DEFAULT_URI;
  if (named !== undefined && named !== "") return named;
  return isRoot ? "qemu:///system" : "qemu:///session";
}

function unreadable(text: string): LibvirtError {
  return new LibvirtError("INTERNAL_ERROR", "URI", `Unable to parse URI ${text.slice(0, 200)}`);
}
