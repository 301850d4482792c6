/** Where the socket of this machine's daemon is. */
import { homedir } from "node:os";
import { join } from "node:path";
import { exists } from "../../host/files.ts";
import type { UnixTarget } from "./target.ts";

/** The folder of the machine's own sockets. */
export const systemSocketFolder = "/var/run/libvirt";

/** Who asks, for tests. */
export interface SocketSearch {
  readonly readOnly: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly isRoot?: boolean;
  readonly systemFolder?: string;
}

/** A socket that has been chosen. */
export interface DaemonSocket {
  readonly path: string;
  /** Whether the daemon would be the user's own, which is started when it is not there. */
  readonly ofUser: boolean;
  /** Whether it is libvirtd's, not that of one driver's own daemon. */
  readonly isLibvirtd: boolean;
}

/** The socket of libvirtd, in a folder. */
export function legacySocket(readOnly: boolean): string {
  return readOnly ? "libvirt-sock-ro" : "libvirt-sock";
}

/** The socket of a driver's own daemon: `virtqemud-sock`. */
export function directSocket(driver: string, readOnly: boolean): string {
  return `virt${driver}d-sock${readOnly ? "-ro" : ""}`;
}

/** The drivers whose own daemons are looked for when the URI names none. */
export const probedDrivers = ["xen", "qemu", "lxc", "vbox", "bhyve", "vz"] as const;

/**
 * Chooses the socket: the URI's own, else one in the folder of the user or the system. Where nothing says which (`auto`),
 * the driver's own daemon is taken when its socket is there, even when nobody listens any more, else libvirtd.
 */
export async function findDaemonSocket(target: UnixTarget, search: SocketSearch): Promise<DaemonSocket> {
  const { env = process.env, isRoot = process.geteuid?.() === 0, systemFolder = systemSocketFolder } = search;
  const ofUser = target.ofUser && !isRoot;
  if (target.socket !== null) return { path: target.socket, ofUser, isLibvirtd: false };
  const folder = ofUser ? userSocketFolder(env) : systemFolder;
  // A user's daemon has one socket; who may only look says so when opening.
  const readOnly = search.readOnly && !ofUser;
  const legacy = join(folder, legacySocket(readOnly));
  if (target.mode === "legacy") return { path: legacy, ofUser, isLibvirtd: true };
  const drivers = target.driver === "remote" ? (target.mode === "direct" ? probedDrivers : []) : [target.driver];
  const direct = drivers.map((driver) => join(folder, directSocket(driver, readOnly)));
  for (const path of direct) if (await exists(path)) return { path, ofUser, isLibvirtd: false };
  const [own] = target.mode === "direct" ? direct : [];
  return { path: own ?? legacy, ofUser, isLibvirtd: own === undefined };
}

/** The folder of the sockets of the user's own daemons. */
export function userSocketFolder(env: NodeJS.ProcessEnv): string {
  if (env.XDG_RUNTIME_DIR) return join(env.XDG_RUNTIME_DIR, "libvirt");
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "libvirt");
}
