/** Between files and libvirt's streams. */
import { createReadStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { systemError } from "../../errors.ts";

/** A file that is being written. Its owner calls `discardUnlessDone` in the end. */
class OutputFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  /** Whether the file was not there before. */
  readonly #created: boolean;
  #done = false;

  constructor(path: string, handle: FileHandle, created: boolean) {
    this.#path = path;
    this.#handle = handle;
    this.#created = created;
  }

  /** Writes all of a stream. */
  async save(stream: Readable): Promise<void> {
    for await (const chunk of stream) await this.#handle.writeFile(chunk as Uint8Array);
    this.#done = true;
  }

  /** Closes the file, and removes it if it was made for data that never came. */
  async close(): Promise<void> {
    await this.#handle.close();
    if (!this.#done && this.#created) await rm(this.#path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Opens a file for writing, emptied if it is there. @throws {LibvirtError} */
export async function createOutput(path: string): Promise<OutputFile> {
  try {
    return new OutputFile(path, await open(path, "wx", 0o644), true);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST")
      throw systemError("NONE", `cannot create file ${path}`, error);
  }
  try {
    return new OutputFile(path, await open(path, "w"), false);
  } catch (error) {
    throw systemError("NONE", `cannot create file ${path}`, error);
  }
}

/** Writes a file into a stream, `length` bytes of it unless that is 0. */
export async function sendFile(path: string, length: bigint, stream: Writable): Promise<void> {
  const range = length > 0n ? { end: Number(length) - 1 } : {};
  await pipeline(createReadStream(path, range), stream);
}
