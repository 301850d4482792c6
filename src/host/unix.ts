/** Unix sockets: short addresses for long paths, and listeners that a child process serves. */
import { chmod, open, rename, rm } from "node:fs/promises";
import { createServer, connect as netConnect, type Server, type Socket } from "node:net";
import { basename, dirname, join } from "node:path";

/** Longest path that fits a socket address (sun_path), in bytes. */
export const maxAddress = 107;

/**
 * Runs `use` with an address for the socket at `path`. A path that is too long for an address is reached through its
 * folder's descriptor in /proc, so a state root may lie anywhere.
 */
async function withAddress<T>(path: string, use: (address: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(path) <= maxAddress) return use(path);
  const folder = await open(dirname(path), "r");
  try {
    return await use(`/proc/self/fd/${folder.fd}/${basename(path)}`);
  } finally {
    await folder.close();
  }
}

/** Connects to a unix socket. Fails with the system's error (ENOENT, ECONNREFUSED, EACCES). */
export function connectUnix(path: string): Promise<Socket> {
  return withAddress(
    path,
    (address) =>
      new Promise((resolve, reject) => {
        const socket = netConnect({ path: address });
        // Also listens for whoever gets the socket, until he does: the other end may be gone again before that.
        socket.on("error", reject);
        socket.once("connect", () => resolve(socket));
      }),
  );
}

/**
 * A listening socket at `path`, mode 0600, for a child process to serve. We connect to it as soon as the child is
 * spawned, without waiting for the child to come so far: the kernel queues the connection, and breaks it if the child
 * dies before it accepts.
 */
export interface ChildListener {
  /** Our descriptor of it; goes into the `stdio` of spawn and becomes the child's descriptor of that index. */
  readonly fd: number;
  /** Closes our own descriptor; to be called right after spawn, before anybody connects. The path stays. */
  release(): Promise<void>;
}

export async function listenForChild(path: string): Promise<ChildListener> {
  // Node removes the path that it bound when it closes the listener, so it binds another name and the socket is
  // renamed: a unix socket is found by its inode.
  const temporary = join(dirname(path), `.${basename(path)}.new`);
  await rm(temporary, { force: true });
  const server = createServer((intruder) => intruder.destroy());
  await withAddress(temporary, (address) => listen(server, address));
  try {
    await chmod(temporary, 0o600);
    await rename(temporary, path);
  } catch (error) {
    await close(server);
    await rm(temporary, { force: true });
    throw error;
  }
  return { fd: descriptorOf(server), release: () => close(server) };
}

/** Node has no public name for the descriptor of a listener, and `spawn` takes no listener, only its descriptor. */
function descriptorOf(server: Server): number {
  const fd = (server as unknown as { _handle?: { fd?: unknown } })._handle?.fd;
  if (typeof fd !== "number" || fd < 0) throw new Error("this version of Node hides the descriptor of a listener");
  return fd;
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
