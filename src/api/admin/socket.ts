/** Where the admin socket is that a URI means: `libvirtd:///system`, `virtqemud:///session?socket=PATH`. */
import { homedir } from "node:os";
import { join } from "node:path";
import { parseConnectionUri } from "../../driver/uri.ts";
import { LibvirtError } from "../../errors.ts";

/** The daemons of libvirt that have an admin socket, and tsvirt's. Libvirtd's has no name of its own. */
const daemons: ReadonlyMap<string, string> = new Map([
  ["libvirtd", "libvirt"],
  ["tsvirtd", "libvirt"],
  ...["virtlogd", "virtlockd", "virtproxyd"].map(named),
  ...[
    "bhyve",
    "interface",
    "lxc",
    "network",
    "nodedev",
    "nwfilter",
    "qemu",
    "secret",
    "storage",
    "vbox",
    "vz",
    "xen",
  ].map((driver) => named(`virt${driver}d`)),
]);

function named(daemon: string): [string, string] {
  return [daemon, daemon];
}

export interface AdminSocketOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly isRoot?: boolean;
}

/** The URI of the daemon that is meant when none is named: LIBVIRT_ADMIN_DEFAULT_URI, else root's or the user's own. */
export function defaultAdminUri({ env = process.env, isRoot = runsAsRoot() }: AdminSocketOptions = {}): string {
  return env.LIBVIRT_ADMIN_DEFAULT_URI || (isRoot ? "libvirtd:///system" : "libvirtd:///session");
}

/** The path of the socket. @throws {LibvirtError} CONFIG_UNSUPPORTED for a URI of nothing that has one */
export function adminSocket(text: string, options: AdminSocketOptions = {}): string {
  const { env = process.env } = options;
  if (!text.includes(":")) throw unsupported("No URI scheme specified");
  const uri = parseConnectionUri(text);
  const daemon = uri.transport === null || uri.transport === "unix" ? daemons.get(uri.driver) : undefined;
  if (daemon === undefined) throw unsupported(`Unsupported URI scheme '${text.split(":")[0]}'`);
  for (const name of uri.params.keys()) if (name !== "socket") throw unsupported(`Unknown URI parameter '${name}'`);
  const named = uri.params.get("socket");
  if (named !== undefined) return named;
  const file = `${daemon}-admin-sock`;
  switch (uri.path) {
    case "/system":
      return join("/run/libvirt", file);
    case "/session":
      return join(env.XDG_RUNTIME_DIR || env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "libvirt", file);
    default:
      throw unsupported(`Invalid URI path '${uri.path}', try '/system'`);
  }
}

function runsAsRoot(): boolean {
  return process.geteuid?.() === 0;
}

function unsupported(detail: string): LibvirtError {
  return new LibvirtError("CONFIG_UNSUPPORTED", "ADMIN", detail);
}
