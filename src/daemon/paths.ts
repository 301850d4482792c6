/** Where the daemon has its files: the system's places for root, the user's own for others, or all below one folder. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export interface Paths {
  readonly config: string;
  /** Folder of the sockets, unless the configuration names one. */
  readonly sockets: string;
  readonly pidFile: string;
  /** Where the log of a daemon in the background goes, unless the configuration says it. */
  readonly log: string;
  /** The state of the drivers, when it is not at their usual place. */
  readonly state: string | null;
}

export interface PathOptions {
  readonly root?: string | null;
  readonly isRoot?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** The names of the sockets in their folder. */
export const socketNames = { unix: "libvirt-sock", "unix-ro": "libvirt-sock-ro", admin: "libvirt-admin-sock" } as const;

export function pathsOf(options: PathOptions = {}): Paths {
  const { root, isRoot = process.geteuid?.() === 0, env = process.env } = options;
  if (root) return privatePaths(resolve(root));
  return isRoot ? systemPaths : userPaths(env);
}

function privatePaths(root: string): Paths {
  return {
    config: join(root, "libvirtd.conf"),
    sockets: join(root, "run"),
    pidFile: join(root, "run", "tsvirtd.pid"),
    log: join(root, "log", "tsvirtd.log"),
    state: root,
  };
}

const systemPaths: Paths = {
  config: "/etc/libvirt/libvirtd.conf",
  sockets: "/var/run/libvirt",
  pidFile: "/run/tsvirtd.pid",
  log: "/var/log/tsvirt/tsvirtd.log",
  state: null,
};

function userPaths(env: NodeJS.ProcessEnv): Paths {
  const home = env.HOME || homedir();
  const cache = env.XDG_CACHE_HOME || join(home, ".cache");
  // Without a folder of the session's own, libvirt uses the cache.
  const runtime = env.XDG_RUNTIME_DIR || cache;
  return {
    config: join(env.XDG_CONFIG_HOME || join(home, ".config"), "libvirt", "libvirtd.conf"),
    sockets: join(runtime, "libvirt"),
    pidFile: join(runtime, "libvirt", "tsvirtd.pid"),
    log: join(cache, "tsvirt", "tsvirtd.log"),
    state: null,
  };
}
