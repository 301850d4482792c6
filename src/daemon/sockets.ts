/** The sockets that the configuration asks for, or that were handed over, each led to its server. */

import type { ListenOptions, Socket } from "node:net";
import { join } from "node:path";
import { LibvirtError } from "../errors.ts";
import type { SocketKind } from "./auth/authenticator.ts";
import { activatedSockets, isOpenToAll } from "./listen/activation.ts";
import { type Listener, listen } from "./listen/listener.ts";
import { listenTcp, portNumber, TlsAcceptor } from "./listen/tcp.ts";
import { groupNumber, listenUnix } from "./listen/unix.ts";
import { socketNames } from "./paths.ts";
import type { Arrival } from "./server/server.ts";
import type { SettingValues } from "./settings/table.ts";

export interface SocketPlan {
  /** The settings of now: what TLS is made of may be read again. */
  readonly settings: () => SettingValues;
  /** Folder of the unix sockets. */
  readonly folder: string;
  /** Whether the TCP ports are wanted. */
  readonly tcp: boolean;
  /** How clients of the read-write socket log in: where polkit decides, everybody may connect. */
  readonly unixAuth: () => string;
}

export interface Sockets {
  readonly kinds: ReadonlySet<SocketKind>;
  /** Where clients find the daemon, a line each for the log. */
  readonly places: readonly string[];
  /** Null where there is no TLS. */
  readonly tls: TlsAcceptor | null;
  close(): Promise<void>;
}

/** Which sockets there will be: asked before any of them is opened. */
export interface SocketSet {
  readonly kinds: ReadonlySet<SocketKind>;
  /** Whether everybody may connect to a read-write socket that was handed over. */
  readonly isOpenToAll: boolean;
  open(accept: (arrival: Arrival) => void): Promise<Sockets>;
}

/** Finds out which sockets there are to be. */
export async function planSockets(plan: SocketPlan): Promise<SocketSet> {
  const activated = await activatedSockets();
  if (activated.length > 0) {
    const kinds = new Set(activated.map(({ kind }) => kind));
    const openers = activated.map(({ fd, kind }) => ({
      kind,
      place: `${kind} socket ${fd}, handed over`,
      open: (to: ToServer) => listen({ fd } as ListenOptions, `descriptor ${fd}`, to),
    }));
    return { kinds, isOpenToAll: await isOpenToAll(activated), open: (accept) => openAll(openers, plan, accept) };
  }
  const openers = await configured(plan);
  return {
    kinds: new Set(openers.map(({ kind }) => kind)),
    isOpenToAll: false,
    open: (accept) => openAll(openers, plan, accept),
  };
}

type ToServer = (socket: Socket) => void;

interface Opener {
  readonly kind: SocketKind;
  readonly place: string;
  open(to: ToServer): Promise<Listener>;
}

async function configured(plan: SocketPlan): Promise<Opener[]> {
  const settings = plan.settings();
  const group = settings.unix_sock_group === undefined ? null : await groupNumber(settings.unix_sock_group);
  const unix = (kind: keyof typeof socketNames, mode: () => number, backlog: number): Opener => {
    const path = join(plan.folder, socketNames[kind]);
    return { kind, place: path, open: (to) => listenUnix({ path, mode: mode(), group, backlog }, to) };
  };
  const open = () => settings.unix_sock_rw_perms ?? (plan.unixAuth() === "polkit" ? 0o777 : 0o700);
  const openers = [
    unix("unix", open, settings.max_queued_clients),
    unix("unix-ro", () => settings.unix_sock_ro_perms, settings.max_queued_clients),
    unix("admin", () => settings.unix_sock_admin_perms, settings.admin_max_queued_clients),
  ];
  if (!plan.tcp) return openers;
  if (settings.listen_tcp) openers.push(await tcp("tcp", settings.tcp_port, settings));
  if (settings.listen_tls) openers.push(await tcp("tls", settings.tls_port, settings));
  return openers;
}

async function tcp(kind: "tcp" | "tls", service: string, settings: SettingValues): Promise<Opener> {
  const address = settings.listen_addr ?? null;
  const port = await portNumber(service);
  return {
    kind,
    place: `${address ?? "*"} port ${port} (${kind})`,
    open: (to) => listenTcp({ address, port, backlog: settings.max_queued_clients }, to),
  };
}

async function openAll(
  openers: readonly Opener[],
  plan: SocketPlan,
  accept: (arrival: Arrival) => void,
): Promise<Sockets> {
  const kinds = new Set(openers.map(({ kind }) => kind));
  const tls = kinds.has("tls") ? await TlsAcceptor.open(plan.settings) : null;
  const listeners: Listener[] = [];
  const close = async () => void (await Promise.all(listeners.map((listener) => listener.close())));
  try {
    for (const { kind, open } of openers) {
      const prepare = kind === "tls" && tls !== null ? { prepare: tls.secure } : {};
      listeners.push(await open((socket) => accept({ kind, socket, ...prepare })));
    }
  } catch (error) {
    await close();
    throw error;
  }
  if (listeners.length === 0) throw new LibvirtError("CONFIG_UNSUPPORTED", "RPC", "no socket to listen at");
  return { kinds, places: openers.map(({ place }) => place), tls, close };
}
