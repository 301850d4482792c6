/** Plain files: making one, giving it room, filling it with zeros. */
import { type FileHandle, open } from "node:fs/promises";
import { LibvirtError, systemError } from "../../../errors.ts";
import { runTool, whereIs } from "../../../host/tool.ts";

const zeros = Buffer.alloc(1024 * 1024);

/** Makes a file that is not there yet, as large as it shall look, with room for as much as it shall have. */
export async function makeRawFile(
  path: string,
  capacity: bigint,
  allocation: bigint,
  signal: AbortSignal,
): Promise<void> {
  const file = await open(path, "wx+", 0o600).catch((error) => {
    throw systemError("STORAGE", `Failed to create file '${path}'`, error);
  });
  try {
    await extend(file, path, capacity);
  } finally {
    await file.close();
  }
  if (allocation > 0n) await allocate(path, 0n, allocation, signal);
}

/** Makes a file look as large as this. */
export async function extend(file: FileHandle, path: string, length: bigint): Promise<void> {
  try {
    await file.truncate(exactly(length));
  } catch (error) {
    throw systemError("STORAGE", `cannot extend file '${path}'`, tooLarge(error));
  }
}

/** Changes how large a file is. */
export async function truncateFile(path: string, length: bigint): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r+");
    await file.truncate(exactly(length));
  } catch (error) {
    throw systemError("STORAGE", `Failed to truncate file '${path}'`, tooLarge(error));
  } finally {
    await file?.close();
  }
}

/** Sizes beyond 8 PiB are not numbers that can be trusted, and no file system has room for them. */
function exactly(length: bigint): number {
  if (length <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(length);
  throw Object.assign(new Error("File too large"), { code: "EFBIG", errno: -27 });
}

/** Node says EINVAL for what the kernel calls too large. */
function tooLarge(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code === "EINVAL"
    ? Object.assign(new Error(), { code: "EFBIG", errno: -27 })
    : error;
}

/** Takes room on the disk for a part of a file, which reads as zeros until it is written to. */
export async function allocate(path: string, offset: bigint, length: bigint, signal: AbortSignal): Promise<void> {
  if (length <= 0n) return;
  try {
    if (await hasFallocate()) {
      await runTool("fallocate", ["-o", `${offset}`, "-l", `${length}`, path], { domain: "STORAGE", signal });
      return;
    }
  } catch (error) {
    if (!/not supported/.test(String(error))) throw noRoom(path, length, error);
  }
  await fillHoles(path, offset, length, signal);
}

let fallocate: Promise<boolean> | undefined;
/** Node cannot ask the kernel for room itself. */
function hasFallocate(): Promise<boolean> {
  fallocate ??= whereIs("fallocate").then((path) => path !== null);
  return fallocate;
}

function noRoom(path: string, length: bigint, error: unknown): unknown {
  if (!/No space left|File too large/.test(String(error))) return error;
  const what = `cannot allocate ${length} bytes in file '${path}'`;
  return new LibvirtError("SYSTEM_ERROR", "STORAGE", `${what}: No space left on device`, { int1: 28, cause: error });
}

async function fillHoles(path: string, offset: bigint, length: bigint, signal: AbortSignal): Promise<void> {
  const file = await open(path, "r+");
  try {
    await writeZeros(file, path, offset, length, signal);
  } finally {
    await file.close();
  }
}

/** Writes zeros to a part of a file. */
export async function writeZeros(
  file: FileHandle,
  path: string,
  offset: bigint,
  length: bigint,
  signal?: AbortSignal,
): Promise<void> {
  const end = offset + length;
  for (let at = offset; at < end; ) {
    if (signal?.aborted) throw new LibvirtError("OPERATION_ABORTED", "STORAGE", `'${path}': the caller gave up`);
    const size = end - at < BigInt(zeros.length) ? Number(end - at) : zeros.length;
    await writeFully(file, path, zeros.subarray(0, size), at);
    at += BigInt(size);
  }
}

/** Writes all of the bytes at an offset. */
export async function writeFully(file: FileHandle, path: string, bytes: Uint8Array, offset: bigint): Promise<void> {
  let done = 0;
  try {
    while (done < bytes.length) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, Number(offset) + done);
      done += bytesWritten;
    }
  } catch (error) {
    throw systemError("STORAGE", `cannot write to '${path}'`, error);
  }
}
