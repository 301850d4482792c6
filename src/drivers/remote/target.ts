/** Where a remote URI leads: the transport and all it needs to know. Pure: nothing is looked up. */
import type { RemoteSettings } from "../../driver/client-configuration.ts";
import type { ConnectionUri } from "../../driver/uri.ts";
import { LibvirtError } from "../../errors.ts";
import { nameForDaemon, type RemoteParameters, remoteParameters } from "./parameters.ts";

/** libvirt's port for connections without encryption. */
export const tcpPort = 16509;
/** libvirt's port for TLS. */
export const tlsPort = 16514;

/** Whose socket is used: libvirtd's (`legacy`), the driver's own daemon's (`direct`), or the one that is there. */
export type SocketMode = "auto" | "legacy" | "direct";
/** What carries the connection on the far side of ssh: virt-ssh-helper (`native`), netcat, or the one that is there. */
export type Proxy = "auto" | "native" | "netcat";

/** A daemon on this machine. */
export interface UnixTarget {
  readonly transport: "unix";
  readonly driver: string;
  /** Where the socket is when the URI says so. */
  readonly socket: string | null;
  readonly mode: SocketMode;
  /** Whether the daemon is the user's own, unless the user is root. */
  readonly ofUser: boolean;
}

export interface TcpTarget {
  readonly transport: "tcp";
  readonly host: string;
  readonly port: number;
}

export interface TlsTarget {
  readonly transport: "tls";
  readonly host: string;
  readonly port: number;
  /** The folder of the certificates; null for libvirt's places. */
  readonly pkiPath: string | null;
  /** Whether the server's certificate is believed without looking at it. */
  readonly noVerify: boolean;
  /** Whether our own certificate is used without looking at it. */
  readonly noSanity: boolean;
  /** GnuTLS's words for what may be used; null for the default. */
  readonly priority: string | null;
}

export interface SshTarget {
  readonly transport: "ssh";
  readonly host: string;
  readonly port: number | null;
  readonly user: string | null;
  readonly command: string;
  readonly keyfile: string | null;
  readonly netcat: string;
  readonly proxy: Proxy;
  readonly noTty: boolean;
  /** `ask` is ssh's own configuration, `accept-new` takes keys of unknown hosts, `ignore` any. */
  readonly hostKeys: "ask" | "accept-new" | "ignore";
  readonly knownHosts: string | null;
  /** Methods of authentication, in ssh's words. */
  readonly methods: readonly string[];
  /** The far socket when the URI says where it is. */
  readonly socket: string | null;
  readonly mode: SocketMode;
  readonly driver: string;
}

/** A program of the user's that carries the bytes. */
export interface ExternalTarget {
  readonly transport: "ext";
  readonly command: string;
}

export type Target = UnixTarget | TcpTarget | TlsTarget | SshTarget | ExternalTarget;

/** A URI taken apart for opening. */
export interface RemoteUri {
  readonly target: Target;
  /** What the daemon is asked to open. */
  readonly name: string;
  /** The host as the user named it, for certificates and passwords; `localhost` without one. */
  readonly hostname: string;
  /** A file of names and passwords that the URI says to use. */
  readonly authFile: string | null;
  /** How the URI wants to authenticate: `sasl`, `sasl.NAME`, `polkit`; null leaves it to the daemon. */
  readonly auth: string | null;
  /** Who the URI says to be. */
  readonly user: string | null;
}

const transports = ["tls", "unix", "ssh", "ext", "tcp", "libssh2", "libssh"] as const;

function invalid(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "REMOTE", detail);
}

function transportOf({ transport, host }: ConnectionUri): (typeof transports)[number] {
  const name = transport ?? (host === "" ? "unix" : "tls");
  const known = transports.find((candidate) => candidate === name);
  if (known) return known;
  const list = transports.join("|");
  throw invalid(`remote_open: transport in URL not recognised (should be ${list})`);
}

function modeOf(params: RemoteParameters, settings: RemoteSettings): SocketMode {
  const mode = params.mode ?? settings.mode ?? "auto";
  if (mode === "auto" || mode === "legacy" || mode === "direct") return mode;
  throw invalid(`Unknown remote mode '${mode}'`);
}

function proxyOf(params: RemoteParameters, settings: RemoteSettings): Proxy {
  const proxy = params.proxy ?? settings.proxy;
  // Who names a netcat wants that.
  if (proxy === undefined) return params.netcat === undefined ? "auto" : "netcat";
  if (proxy === "auto" || proxy === "native" || proxy === "netcat") return proxy;
  throw invalid(`Unknown proxy type '${proxy}'`);
}

/** Reads a remote URI. @throws {LibvirtError} INVALID_ARG for what makes no sense */
export function readRemoteUri(uri: ConnectionUri, settings: RemoteSettings): RemoteUri {
  const params = remoteParameters(uri);
  return {
    target: targetOf(uri, params, settings),
    name: nameForDaemon(uri),
    hostname: uri.host === "" ? "localhost" : uri.host,
    authFile: params.authfile ?? null,
    auth: params.auth ?? null,
    user: uri.user,
  };
}

function targetOf(uri: ConnectionUri, params: RemoteParameters, settings: RemoteSettings): Target {
  const transport = transportOf(uri);
  const mode = modeOf(params, settings);
  const host = uri.host === "" ? "localhost" : uri.host;
  switch (transport) {
    case "unix":
      if (uri.host !== "") throw invalid(`using unix socket and remote server '${uri.host}' is not supported.`);
      return { transport, driver: uri.driver, socket: params.socket ?? null, mode, ofUser: uri.path === "/session" };
    case "tcp":
      return { transport, host, port: uri.port ?? tcpPort };
    case "tls": {
      const priority = params.tls_priority ?? settings.tlsPriority ?? null;
      const { pkipath: pkiPath = null, no_verify: noVerify, no_sanity: noSanity } = params;
      return { transport, host, port: uri.port ?? tlsPort, pkiPath, noVerify, noSanity, priority };
    }
    case "ext":
      if (params.command === undefined) throw invalid("remote_open: for 'ext' transport, command is required");
      return { transport, command: params.command };
    default:
      return sshTarget(uri, { ...params, mode, proxy: proxyOf(params, settings) });
  }
}

type SshParameters = RemoteParameters & { readonly mode: SocketMode; readonly proxy: Proxy };

function sshTarget(uri: ConnectionUri, params: SshParameters): SshTarget {
  const { mode, proxy, netcat, command } = params;
  if (proxy === "native" && netcat !== undefined) {
    throw new LibvirtError("INVALID_ARG", "RPC", "netcat path not valid with native proxy mode");
  }
  if (proxy === "netcat" && mode === "direct") {
    const detail = "Cannot use direct socket mode for ssh transport";
    throw new LibvirtError("OPERATION_UNSUPPORTED", "REMOTE", detail);
  }
  const host = uri.host === "" ? "localhost" : uri.host;
  // ssh would take it for an option.
  if (host.startsWith("-") || uri.user?.startsWith("-")) throw invalid(`'${uri.text}' does not name a host for ssh`);
  const own = uri.transport === "ssh";
  return {
    transport: "ssh",
    host,
    port: uri.port,
    user: uri.user,
    command: (own && command) || "ssh",
    keyfile: params.keyfile ?? null,
    netcat: netcat ?? "nc",
    proxy,
    noTty: params.no_tty,
    hostKeys: hostKeysOf(params),
    knownHosts: params.known_hosts ?? null,
    methods: methodsOf(params.sshauth),
    socket: params.socket ?? null,
    mode,
    driver: uri.driver,
  };
}

function hostKeysOf({ no_verify, known_hosts_verify: verify = "normal" }: RemoteParameters): SshTarget["hostKeys"] {
  if (no_verify) return "accept-new";
  switch (verify) {
    case "normal":
      return "ask";
    case "auto":
      return "accept-new";
    case "ignore":
      return "ignore";
    default:
      throw invalid(`Invalid host key verification method: '${verify}'`);
  }
}

/** libssh's names for what ssh calls otherwise. */
const methodNames: Readonly<Record<string, string>> = {
  agent: "publickey",
  privkey: "publickey",
  password: "password",
  "keyboard-interactive": "keyboard-interactive",
};

function methodsOf(list: string | undefined): readonly string[] {
  if (list === undefined) return [];
  const named = list.split(",").map((method) => {
    const name = Object.hasOwn(methodNames, method) ? methodNames[method] : undefined;
    if (name === undefined) throw invalid(`Invalid authentication method: '${method}'`);
    return name;
  });
  return [...new Set(named)];
}
