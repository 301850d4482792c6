/** Moving the bytes of a volume's file in and out, over streams. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { LibvirtError, systemError } from "../../../errors.ts";
import { drained, isHole, type StreamEnd } from "../../../rpc/stream.ts";
import { failure } from "../failure.ts";
import { extentsOf } from "./extents.ts";
import { writeFully, writeZeros } from "./raw-file.ts";

/** A part of a file, in bytes; a length of 0 is "to the end", and for writing "however much comes". */
export interface Part {
  readonly offset: bigint;
  readonly length: bigint;
  readonly sparse: boolean;
}

/** How much is read at a time, in bytes. */
const chunkSize = 256 * 1024;

/** Opens a volume's file for a transfer. */
export async function openForTransfer(path: string, direction: "read" | "write"): Promise<FileHandle> {
  const access = direction === "read" ? constants.O_RDONLY : constants.O_RDWR;
  const file = await open(path, access | constants.O_NONBLOCK | constants.O_NOCTTY).catch((error) => {
    throw systemError("STORAGE", `Unable to open stream for '${path}'`, error);
  });
  return file;
}

/** Refuses what has no bytes, such as a directory; reading one is refused when it is read. */
async function requireBytes(file: FileHandle, path: string, what: string) {
  const found = await file.stat({ bigint: true });
  if (found.isFile() || found.isBlockDevice()) return found;
  const cause = Object.assign(new Error(), { code: "EISDIR", errno: -21 });
  throw systemError("STORAGE", `Unable to ${what} ${path}`, cause);
}

/** Sends a part of a file. The caller ends this side of the stream. */
export async function sendFile(
  stream: StreamEnd,
  file: FileHandle,
  path: string,
  { offset, length, sparse }: Part,
  signal: AbortSignal,
): Promise<void> {
  const { size } = await requireBytes(file, path, "read");
  const end = length === 0n || offset + length > size ? size : offset + length;
  if (sparse) {
    for await (const extent of extentsOf(file, path, offset, end, signal)) {
      if (extent.hole) await put(stream, { hole: extent.length });
      else await sendData(stream, file, path, extent.start, extent.start + extent.length);
      if (stream.destroyed) return;
    }
  } else await sendData(stream, file, path, offset, end);
}

async function sendData(stream: StreamEnd, file: FileHandle, path: string, from: bigint, end: bigint): Promise<void> {
  for (let at = from; at < end && !stream.destroyed; ) {
    const size = end - at < BigInt(chunkSize) ? Number(end - at) : chunkSize;
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, Number(at)).catch((error) => {
      throw systemError("STORAGE", `cannot read from '${path}'`, error);
    });
    // Somebody made it shorter meanwhile.
    if (bytesRead === 0) return;
    await put(stream, buffer.subarray(0, bytesRead));
    at += BigInt(bytesRead);
  }
}

/** Writes to the stream, and waits until it takes more or is gone. */
function put(stream: StreamEnd, chunk: Uint8Array | { readonly hole: bigint }): Promise<void> | undefined {
  if (stream.destroyed || stream.write(chunk)) return undefined;
  return drained(stream);
}

/** Writes what comes into a part of a file until the other side ends. The caller ends this side. */
export async function receiveFile(stream: StreamEnd, file: FileHandle, path: string, part: Part): Promise<void> {
  const { offset, length } = part;
  await requireBytes(file, path, "write");
  const limit = length === 0n ? null : offset + length;
  let at = offset;
  const take = (size: bigint): bigint => {
    if (limit !== null && at + size > limit) {
      const full = "cannot write to stream: No space left on device";
      throw new LibvirtError("SYSTEM_ERROR", "STREAMS", full, { int1: 28 });
    }
    const start = at;
    at += size;
    return start;
  };
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    if (isHole(chunk)) await makeHole(file, path, take(chunk.hole), chunk.hole, limit);
    else await writeFully(file, path, chunk, take(BigInt(chunk.length)));
  }
}

/**
 * Makes a part of a file read as zeros. Where all that follows belongs to the transfer, it is cut off and the file made
 * longer again, which gives the room back; a file is never filled up to a hole that lies beyond its end.
 */
async function makeHole(
  file: FileHandle,
  path: string,
  start: bigint,
  length: bigint,
  limit: bigint | null,
): Promise<void> {
  const found = await file.stat({ bigint: true });
  const end = start + length;
  if (end > BigInt(Number.MAX_SAFE_INTEGER)) throw failure("INVALID_ARG", `'${path}' cannot be ${end} bytes long`);
  if (!found.isFile()) return writeZeros(file, path, start, length);
  try {
    if (limit === null || limit >= found.size || start >= found.size) {
      await file.truncate(Number(start < found.size ? start : found.size));
      await file.truncate(Number(end > found.size ? end : found.size));
      return;
    }
  } catch (error) {
    throw systemError("STORAGE", `cannot write to '${path}'`, error);
  }
  await writeZeros(file, path, start, length);
}
