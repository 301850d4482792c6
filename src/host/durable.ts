/** Files that survive: each write is whole or not there, and on the disk before its promise resolves. */
import { close, fsync, open as openFile, rename as renamePath, writeFile } from "node:fs";
import { constants, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { type ErrorDomainName, systemError } from "../errors.ts";
import { WriteThread } from "./write-thread.ts";

const openDescriptor = promisify(openFile);
const writeDescriptor = promisify(writeFile);
const syncDescriptor = promisify(fsync);
const closeDescriptor = promisify(close);
const renameFile = promisify(renamePath);

/** A folder's sync that is under way, and the one that waits behind it: everybody who asks meanwhile shares that one. */
interface FolderSync {
  readonly running: Promise<void>;
  next?: Promise<void>;
  /** Begins the next one, with the descriptor of this one. */
  goOn(): Promise<void>;
}

const syncing = new Map<string, FolderSync>();

/**
 * Puts a folder's entries on the disk. Callers that come while a sync is under way share the next one: their entry was
 * made after the running one began, so that one cannot speak for them.
 */
export function syncFolder(folder: string): Promise<void> {
  const sync = syncing.get(folder);
  if (!sync) return startSync(folder);
  sync.next ??= sync.running.then(sync.goOn, sync.goOn);
  return sync.next;
}

function startSync(folder: string, opened?: number): Promise<void> {
  let descriptor = opened;
  const run = async (): Promise<void> => {
    descriptor ??= await openDescriptor(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    await syncDescriptor(descriptor);
  };
  const sync: FolderSync = { running: run(), goOn: () => startSync(folder, descriptor) };
  syncing.set(folder, sync);
  const done = (): void => {
    if (sync.next) return;
    syncing.delete(folder);
    if (descriptor !== undefined) close(descriptor, () => {});
  };
  sync.running.then(done, done);
  return sync.running;
}

let temporaries = 0;

/** The name of a temporary file beside `path`; {@link isTemporary} knows it again after a crash. */
function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${temporaries++}.new`);
}

/** Whether a file name is a leftover of a write that a crash cut short. */
export function isTemporary(name: string): boolean {
  return /^\..+\.\d+\.\d+\.new$/.test(name);
}

const defaultMode = 0o600;

export interface WriteOptions {
  /** Permission bits of the new file; only the owner may read and write it when none are given. */
  readonly mode?: number;
  /** The part of libvirt that reports a failure. */
  readonly domain: ErrorDomainName;
}

const thread = new WriteThread();

/** As many writes at once are worth a thread of their own. */
const manyWrites = 4;
let writes = 0;

/**
 * Replaces a file whole: temporary file in the same folder, sync, rename, sync of the folder. After a failure the old
 * file is still there, untouched.
 */
export async function writeDurably(path: string, data: string | Uint8Array, options: WriteOptions): Promise<void> {
  if (++writes >= manyWrites) void thread.begin();
  try {
    if (thread.ready && (await writeInThread(path, data, options))) return;
    await replace(path, data, options, true);
    await syncFolder(dirname(path));
  } finally {
    writes--;
  }
}

async function writeInThread(path: string, data: string | Uint8Array, options: WriteOptions): Promise<boolean> {
  try {
    return await thread.write({ path, temporary: temporaryBeside(path), data, mode: options.mode ?? defaultMode });
  } catch (error) {
    throw systemError(options.domain, `failed to write '${path}'`, error);
  }
}

/**
 * Replaces a file whole, without waiting for the disk: for what means nothing any more once the host has gone down. A
 * crash of this program never leaves half a file; one of the host may leave an empty one.
 */
export function writeAtomically(path: string, data: string | Uint8Array, options: WriteOptions): Promise<void> {
  return replace(path, data, options, false);
}

async function replace(
  path: string,
  data: string | Uint8Array,
  options: WriteOptions,
  durable: boolean,
): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    // Plain descriptors: many small documents are written, and a FileHandle costs more than the system call it wraps.
    const descriptor = await openDescriptor(temporary, "wx", options.mode ?? defaultMode);
    try {
      await writeDescriptor(descriptor, data);
      if (durable) await syncDescriptor(descriptor);
    } catch (error) {
      await closeDescriptor(descriptor);
      throw error;
    }
    // Closing says nothing any more about what is on the disk, so the file need not wait for it.
    await Promise.all([renameFile(temporary, path), closeDescriptor(descriptor)]);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw systemError(options.domain, `failed to write '${path}'`, error);
  }
}

/** Removes a file for good; one that is not there is fine. */
export async function removeDurably(path: string, domain: ErrorDomainName): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw systemError(domain, `failed to remove '${path}'`, error);
  }
  await syncFolder(dirname(path));
}

/** Renames a file for good, within one folder or between two. */
export async function renameDurably(from: string, to: string, domain: ErrorDomainName): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    throw systemError(domain, `failed to rename '${from}' to '${to}'`, error);
  }
  await syncFolder(dirname(to));
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
}
