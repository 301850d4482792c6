/**
 * One owner for each state root. The lock is a name in the kernel (an abstract unix socket named after the folder's
 * inode), so it is taken by one program alone and goes when its holder goes, however it ends. A file beside it says who
 * the holder is, and keeps out a program in another network namespace, where the kernel's name does not reach.
 */
import { stat } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";
import { removeDurably, writeDurably } from "./durable.ts";
import { readBounded } from "./files.ts";
import { isRunning, type ProcessId, processId } from "./proc.ts";

export interface LockOptions {
  readonly domain: ErrorDomainName;
  /** Waits for the holder to end instead of failing at once, until the signal fires. */
  readonly wait?: AbortSignal;
}

/** A lock that is held; releasing it twice is fine. */
export interface Lock extends AsyncDisposable {
  release(): Promise<void>;
}

const lockFile = "owner.lock";
const lockFileLimit = 1024;

/** Takes the lock on a folder that exists, or fails with RESOURCE_BUSY and says who holds it. */
export async function lockFolder(folder: string, options: LockOptions): Promise<Lock> {
  const address = await addressOf(folder, options.domain);
  const path = join(folder, lockFile);
  for (;;) {
    const name = await bindName(address);
    const holder = await readHolder(path, options.domain);
    if (name && !(holder && holder.pid !== process.pid && (await isRunning(holder)))) {
      await writeOwner(path, name, options.domain);
      return held(name, path, options.domain);
    }
    await name?.close();
    if (name) throw busy(folder, holder?.pid, options.domain);
    if (options.wait) await holderGone(address, options.wait, folder, options.domain);
    else {
      // The file may not be written yet, or be of a holder who was killed. A name that goes meanwhile is free.
      const pid = holder && (await isRunning(holder)) ? holder.pid : await askHolder(address);
      if (pid !== null) throw busy(folder, pid, options.domain);
    }
  }
}

/** What this program holds together, by the lock's address: the parts that use it, and the lock once it is there. */
interface Joined {
  readonly parts: Set<string>;
  readonly lock: Promise<Lock>;
}

const joined = new Map<string, Joined>();

/**
 * Takes the lock on a folder for one part of this program, such as a driver. Parts with other names hold it together;
 * the last one that releases it gives it back. The same part twice is RESOURCE_BUSY, as another program is.
 */
export async function lockPart(folder: string, part: string, options: LockOptions): Promise<Lock> {
  const address = await addressOf(folder, options.domain);
  const together = joined.get(address);
  if (together?.parts.has(part)) throw busy(folder, process.pid, options.domain);
  const own = together ?? { parts: new Set<string>(), lock: lockFolder(folder, options) };
  own.parts.add(part);
  joined.set(address, own);
  const leave = async (): Promise<void> => {
    if (!own.parts.delete(part) || own.parts.size > 0) return;
    if (joined.get(address) === own) joined.delete(address);
    await (await own.lock).release();
  };
  try {
    await own.lock;
  } catch (error) {
    own.parts.delete(part);
    if (joined.get(address) === own) joined.delete(address);
    throw error;
  }
  return { release: leave, [Symbol.asyncDispose]: leave };
}

/** How long a holder may take to say who it is, in ms. */
const askPatience = 2000;

/** Asks the holder of a name for its process number: undefined when it does not answer, null when it has gone. */
export function askHolder(address: string): Promise<number | undefined | null> {
  return new Promise((resolve) => {
    const socket = connect(address).setEncoding("latin1");
    const timer = setTimeout(() => settle(undefined), askPatience);
    const settle = (pid: number | undefined | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(pid);
    };
    let said = "";
    socket
      .on("data", (text) => {
        said += text;
        if (said.includes("\n") || said.length > 16)
          settle(/^\d{1,10}\n/.test(said) ? Number.parseInt(said, 10) : undefined);
      })
      .on("error", () => settle(null))
      .on("close", () => settle(null));
  });
}

async function addressOf(folder: string, domain: ErrorDomainName): Promise<string> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    return `\0tsvirt-root-${dev}-${ino}`;
  } catch (error) {
    throw systemError(domain, `cannot lock '${folder}'`, error);
  }
}

/** A name in the kernel, ours until it is closed or the process ends. */
export interface BoundName {
  close(): Promise<void>;
}

/**
 * Binds a name, an abstract socket's address; null when somebody else has it. Who connects to it is told who we are,
 * and of our end.
 */
export function bindName(address: string): Promise<BoundName | null> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<Socket>();
    const close = () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        for (const socket of waiting) socket.destroy();
      });
    const server = createServer((socket) => {
      waiting.add(socket.unref());
      socket.write(`${process.pid}\n`);
      socket.on("error", () => {}).on("close", () => waiting.delete(socket));
      socket.resume();
    });
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.listen(address, () => {
      server.unref();
      resolve({ close });
    });
  });
}

/** Resolves when the program that has the name lets it go: its side of our connection breaks. */
function holderGone(address: string, signal: AbortSignal, folder: string, domain: ErrorDomainName): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const onAbort = () => socket.destroy(new LibvirtError("OPERATION_TIMEOUT", domain, `waiting for '${folder}'`));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("error", (error) => {
      if (error instanceof LibvirtError) reject(error);
    });
    socket.on("close", () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    socket.resume();
    if (signal.aborted) onAbort();
  });
}

async function readHolder(path: string, domain: ErrorDomainName): Promise<ProcessId | null> {
  const text = await readBounded(path, lockFileLimit, domain);
  const match = /^(\d{1,10}) (\d{1,20})\n/.exec(text ?? "");
  return match ? { pid: Number(match[1]), startTime: BigInt(match[2] ?? 0) } : null;
}

async function writeOwner(path: string, name: BoundName, domain: ErrorDomainName): Promise<void> {
  try {
    const self = await processId(process.pid);
    if (!self) throw new LibvirtError("INTERNAL_ERROR", domain, "/proc does not know this process; is it mounted?");
    await writeDurably(path, `${self.pid} ${self.startTime}\n`, { domain });
  } catch (error) {
    await name.close();
    throw error;
  }
}

function held(name: BoundName, path: string, domain: ErrorDomainName): Lock {
  let releasing: Promise<void> | undefined;
  const release = () => {
    releasing ??= removeDurably(path, domain).finally(() => name.close());
    return releasing;
  };
  return { release, [Symbol.asyncDispose]: release };
}

function busy(folder: string, pid: number | undefined, domain: ErrorDomainName): LibvirtError {
  const who = pid !== undefined ? `the process with pid ${pid}` : "another program";
  return new LibvirtError(
    "RESOURCE_BUSY",
    domain,
    `'${folder}' is in use by ${who}: one program at a time may manage it. Close that one, or open another root`,
  );
}
