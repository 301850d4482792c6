/** Unix sockets with an owner and permissions. What a daemon that was killed left at their paths is removed. */
import { chmod, chown, lstat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { LibvirtError, systemError } from "../../errors.ts";
import { makeFolder } from "../../host/files.ts";
import { connectUnix, maxAddress } from "../../host/unix.ts";
import { lookupGroup } from "../../host/users.ts";
import { type Listener, listen, type OnConnection } from "./listener.ts";

export interface UnixSocketOptions {
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  /** The group that it belongs to; null for the daemon's own. */
  readonly group: number | null;
  readonly backlog: number;
}

export async function listenUnix(options: UnixSocketOptions, onConnection: OnConnection): Promise<Listener> {
  const { path, mode, group, backlog } = options;
  if (Buffer.byteLength(path) > maxAddress) {
    throw new LibvirtError(
      "CONFIG_UNSUPPORTED",
      "RPC",
      `the path of a socket has at most ${maxAddress} bytes: '${path}'`,
    );
  }
  await makeFolder(dirname(path), 0o755, "RPC");
  await clearPath(path);
  const listener = await listen({ path, backlog }, `'${path}'`, onConnection);
  try {
    if (group !== null) await chown(path, -1, group);
    await chmod(path, mode);
    return listener;
  } catch (error) {
    await listener.close();
    throw systemError("RPC", `cannot set the permissions of '${path}'`, error);
  }
}

/** Removes a socket that nobody listens at. @throws {LibvirtError} RESOURCE_BUSY when somebody does */
async function clearPath(path: string): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (there === null) return;
  if (!there.isSocket()) {
    throw new LibvirtError(
      "OPERATION_FAILED",
      "RPC",
      `'${path}' is in the way: it is no socket. Remove it, or name another folder`,
    );
  }
  try {
    (await connectUnix(path)).destroy();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ECONNREFUSED") return await unlink(path);
    if (code === "ENOENT") return;
    throw systemError("RPC", `cannot find out who listens at '${path}'`, error);
  }
  throw new LibvirtError("RESOURCE_BUSY", "RPC", `a daemon listens at '${path}' already`);
}

/** The number of a group, by name or number. */
export async function groupNumber(group: string): Promise<number> {
  if (/^\d{1,10}$/.test(group)) return Number(group);
  const found = await lookupGroup(group, "RPC");
  if (found !== null) return found;
  throw new LibvirtError("INVALID_ARG", "RPC", `'unix_sock_group': there is no group '${group}'`);
}
