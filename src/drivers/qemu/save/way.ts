/** The way of a guest's state into a file and out of it: compressed or not, through the host's cache or past it. */
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LibvirtError, systemError } from "../../../errors.ts";
import { type Filter, findProgram, startFilter } from "../../../host/filter.ts";

/** Programs that compress, by the number that a save file's header has for them; 0 is none. */
const programs = ["raw", "gzip", "bzip2", "xz", "lzop", "zstd"] as const;

export type StateFormat = (typeof programs)[number];

/** The header's number of a format. */
export const numberOf = (format: StateFormat): number => programs.indexOf(format);

/** The format of a header's number, or undefined. */
export const formatOf = (number: number): StateFormat | undefined => programs[number];

export interface StateWay {
  readonly format: StateFormat;
  /** The host's cache is neither filled with it nor asked (O_DIRECT). */
  readonly bypassCache: boolean;
}

/**
 * The format that settings ask for, if its program is there.
 * @throws LibvirtError OPERATION_FAILED
 */
export async function usableFormat(format: StateFormat | undefined, what: string): Promise<StateFormat> {
  if (format === undefined || format === "raw" || (await findProgram(format)) !== null) return format ?? "raw";
  const detail = `Compression program for ${what} image format in configuration file isn't available: '${format}'`;
  throw new LibvirtError("OPERATION_FAILED", "QEMU", detail);
}

export interface StateFile {
  readonly file: FileHandle;
  /** Where it is now. */
  readonly temporary: string;
  /** What it will be called, for errors. */
  readonly path: string;
}

/** Where a guest's state goes to. */
export interface StateSink {
  /** Takes all that comes; resolves when it is in the file. */
  take(source: Readable): Promise<void>;
}

/** Opens the way into a file. What stands before the state is not compressed. */
export function stateSink(target: StateFile, preamble: Buffer | null, way: StateWay): StateSink {
  return {
    take: (source) =>
      way.bypassCache ? takeDirectly(source, target, preamble, way) : takeCached(source, target, preamble, way),
  };
}

async function takeCached(source: Readable, target: StateFile, preamble: Buffer | null, { format }: StateWay) {
  if (preamble) await writeWhole(target.file, preamble).catch((error) => refused(target, error));
  const filters = compressors(format);
  const writer = new Writable({
    write: (chunk: Buffer, _, done) => void writeWhole(target.file, chunk).then(() => done(), done),
  });
  await flow(filters, () => pipeline([source, ...filters.map(({ both }) => both), writer])).catch((error) =>
    refused(target, error),
  );
}

/** `dd` writes past the cache, which needs memory and lengths that JavaScript cannot promise. */
async function takeDirectly(source: Readable, target: StateFile, preamble: Buffer | null, { format }: StateWay) {
  const { temporary } = target;
  const options = ["oflag=direct", "iflag=fullblock", "bs=1M", "conv=notrunc", "status=none"];
  const writer = startFilter("dd", [`of=${temporary}`, ...options], "QEMU");
  const filters = [...compressors(format), writer];
  if (preamble) writer.input.write(preamble);
  const middle = filters.slice(0, -1).map(({ both }) => both);
  writer.output.resume();
  await flow(filters, () => pipeline([source, ...middle, writer.input])).catch((error) => refused(target, error));
}

const compressors = (format: StateFormat): Filter[] => (format === "raw" ? [] : [startFilter(format, ["-c"], "QEMU")]);

/** Lets data flow; when it does not, a program that failed tells why. */
async function flow(filters: readonly Filter[], run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    for (const { input } of filters) input.destroy();
    for (const { ended } of filters) await ended;
    throw error;
  }
  for (const { ended } of filters) await ended;
}

function refused({ path }: StateFile, error: unknown): never {
  const doing = `unable to write the guest's state to '${path}'`;
  if (error instanceof LibvirtError) throw new LibvirtError("OPERATION_FAILED", "QEMU", `${doing}: ${error.message}`);
  throw systemError("QEMU", doing, error);
}

async function writeWhole(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written, chunk.length - written, null)).bytesWritten;
  }
}

/** A saved guest's state in its file. */
export interface SavedState {
  readonly path: string;
  /** Where the state begins, in bytes. */
  readonly start: number;
  readonly way: StateWay;
}

/** Sends what was saved to where it is read. */
export async function sendState({ path, start, way }: SavedState, fd: number, target: Writable): Promise<void> {
  const readers = way.bypassCache
    ? [startFilter("dd", [`if=${path}`, "iflag=direct", "bs=1M", "status=none"], "QEMU")]
    : [];
  const expanders = way.format === "raw" ? [] : [startFilter(way.format, ["-dc"], "QEMU")];
  const [reader] = readers;
  reader?.input.end();
  const source = reader
    ? Readable.from(skipping(reader.output, start))
    : createReadStream("", { fd, autoClose: false, start });
  await flow([...readers, ...expanders], () => pipeline([source, ...expanders.map(({ both }) => both), target]));
}

/** What comes after so many bytes. */
async function* skipping(source: Readable, count: number): AsyncGenerator<Buffer, void, undefined> {
  let left = count;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}
