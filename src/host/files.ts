/** Looking at files and folders that may not be there, and making folders. */
import { access, chmod, constants, type FileHandle, mkdir, open, readdir, stat } from "node:fs/promises";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";

/** Reads a whole text file of at most `limit` bytes; null when it is not there. */
export async function readBounded(path: string, limit: number, domain: ErrorDomainName): Promise<string | null> {
  try {
    await using handle = await disposable(open(path, constants.O_RDONLY));
    return await readAll(handle.file, path, limit, domain);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    if (error instanceof LibvirtError) throw error;
    throw systemError(domain, `cannot read '${path}'`, error);
  }
}

async function readAll(file: FileHandle, path: string, limit: number, domain: ErrorDomainName): Promise<string> {
  // One byte more than allowed tells a file that is too large; sizes in /proc and /sys cannot be trusted.
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.alloc(Math.min(64 * 1024, limit + 1 - total));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return Buffer.concat(chunks).toString("utf8");
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
    if (total > limit) throw new LibvirtError("OPERATION_FAILED", domain, `'${path}' is larger than ${limit} bytes`);
  }
}

/** Whether there is something at the path that we can see. */
export function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/** The names in a folder; none when there is no such folder. */
export async function listFolder(path: string, domain: ErrorDomainName): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw systemError(domain, `cannot open directory '${path}'`, error);
  }
}

/** Makes a folder and those above it; the mode is for the ones that are new. */
export async function makeFolder(path: string, mode: number, domain: ErrorDomainName): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode });
  } catch (error) {
    throw systemError(domain, `cannot create directory '${path}'`, error);
  }
}

/** Lets others pass through a folder of ours, which does not let them see what is in it. */
export async function letPass(folder: string): Promise<void> {
  const { mode, uid } = await stat(folder);
  if (uid === process.geteuid?.() && (mode & 0o001) === 0) await chmod(folder, (mode & 0o7777) | 0o001);
}

interface DisposableFile extends AsyncDisposable {
  readonly file: FileHandle;
}

/** A file handle that closes at the end of its block (Node 20's own is not disposable on each release). */
async function disposable(opening: Promise<FileHandle>): Promise<DisposableFile> {
  const file = await opening;
  return { file, [Symbol.asyncDispose]: () => file.close() };
}
