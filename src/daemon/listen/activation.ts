/** Sockets that systemd made before it started the daemon (sd_listen_fds). */
import { readlink, stat } from "node:fs/promises";
import { LibvirtError } from "../../errors.ts";
import { readBounded } from "../../host/files.ts";
import type { SocketKind } from "../auth/authenticator.ts";
import { socketNames } from "../paths.ts";

/** A socket that is there already, listening. */
export interface ActivatedSocket {
  readonly fd: number;
  readonly kind: SocketKind;
  /** Of a unix socket. */
  readonly path: string | null;
}

const firstFd = 3;
const maxFds = 64;
const maxTable = 64 * 1024 * 1024;

/**
 * The sockets that were handed over. Takes the variables out of the environment: they are for nobody else.
 * @throws {LibvirtError} CONFIG_UNSUPPORTED for a socket that is neither named nor placed like one of libvirt's
 */
export async function activatedSockets(env: NodeJS.ProcessEnv = process.env): Promise<readonly ActivatedSocket[]> {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES } = env;
  for (const name of ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]) delete env[name];
  const count = /^\d{1,3}$/.test(LISTEN_FDS ?? "") ? Math.min(Number(LISTEN_FDS), maxFds) : 0;
  if (count === 0 || LISTEN_PID !== String(process.pid)) return [];
  const names = (LISTEN_FDNAMES ?? "").split(":");
  const table = (await readBounded("/proc/self/net/unix", maxTable, "RPC")) ?? "";
  const fds = Array.from({ length: count }, (_, index) => firstFd + index);
  return Promise.all(fds.map((fd, index) => describe(fd, names[index] ?? "", table)));
}

async function describe(fd: number, name: string, table: string): Promise<ActivatedSocket> {
  const path = await pathOf(fd, table);
  return { fd, path, kind: kindOf(fd, name, path) };
}

function kindOf(fd: number, name: string, path: string | null): SocketKind {
  const [, named] = /^(?:libvirtd|tsvirtd)(?:-(ro|admin|tcp|tls))?(?:\.socket)?$/.exec(name) ?? [null, null];
  if (named !== null) return named === undefined ? "unix" : kindsByName[named as keyof typeof kindsByName];
  const kind = kindsByFile[path?.split("/").at(-1) ?? ""];
  if (kind !== undefined) return kind;
  throw new LibvirtError(
    "CONFIG_UNSUPPORTED",
    "RPC",
    `socket ${fd} was handed over, ${path === null ? "no unix socket" : `'${path}'`} and named '${name}': name it ` +
      "tsvirtd, tsvirtd-ro, tsvirtd-admin, tsvirtd-tcp or tsvirtd-tls (FileDescriptorName=)",
  );
}

const kindsByName = { ro: "unix-ro", admin: "admin", tcp: "tcp", tls: "tls" } as const;

const kindsByFile: Readonly<Record<string, SocketKind>> = {
  [socketNames.unix]: "unix",
  [socketNames["unix-ro"]]: "unix-ro",
  [socketNames.admin]: "admin",
};

/** The path that a unix socket is bound to; null for one of another kind. */
async function pathOf(fd: number, table: string): Promise<string | null> {
  const [, inode] = /^socket:\[(\d+)\]$/.exec(await readlink(`/proc/self/fd/${fd}`).catch(() => "")) ?? [];
  if (inode === undefined) return null;
  const fields = table.split("\n").map((line) => line.trim().split(/\s+/));
  return fields.find((line) => line[6] === inode)?.[7] ?? null;
}

/** Whether everybody may connect to a read-write socket of these. */
export async function isOpenToAll(sockets: readonly ActivatedSocket[]): Promise<boolean> {
  const modes = sockets.map(async ({ kind, path }) => {
    return kind === "unix" && path !== null ? (await stat(path)).mode : 0;
  });
  return (await Promise.all(modes)).some((mode) => (mode & 0o002) !== 0);
}
