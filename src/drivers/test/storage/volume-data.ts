/** What is in a volume: real bytes, of which only what was written takes memory. */
import { LibvirtError } from "../../../errors.ts";

/** Bytes that are kept or left out together. */
const pageSize = 64 * 1024;

/** How many bytes all volumes of one node may hold in memory; beyond it the "disk" is full. */
const memoryLimit = 1024 ** 3;

/** The memory that the volumes of one node share. */
export class VolumeMemory {
  #pages = 0;

  take(): void {
    if ((this.#pages + 1) * pageSize > memoryLimit) {
      throw new LibvirtError("SYSTEM_ERROR", "TEST", "cannot write to volume: No space left on device", { int1: 28 });
    }
    this.#pages++;
  }

  give(pages: number): void {
    this.#pages -= pages;
  }
}

/** A run of bytes of a volume; null where nothing was ever written. */
export interface Extent {
  readonly length: number;
  readonly bytes: Uint8Array | null;
}

export class VolumeData {
  readonly #memory: VolumeMemory;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(memory: VolumeMemory) {
    this.#memory = memory;
  }

  /** Writes bytes at an offset. */
  write(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const at = offset + done;
      const within = at % pageSize;
      const length = Math.min(pageSize - within, bytes.length - done);
      this.#page(Math.floor(at / pageSize)).set(bytes.subarray(done, done + length), within);
      done += length;
    }
  }

  /** Makes a run of bytes zero, and gives back the memory of whole pages. */
  zero(offset: number, length: number): void {
    const end = offset + length;
    for (const [index, page] of this.#pages) {
      const from = Math.max(offset, index * pageSize);
      const to = Math.min(end, (index + 1) * pageSize);
      if (from >= to) continue;
      if (to - from === pageSize) this.#drop(index);
      else page.fill(0, from - index * pageSize, to - index * pageSize);
    }
  }

  /** The content from `offset` on, `length` bytes of it, page by page. */
  *read(offset: number, length: number): Iterable<Extent> {
    for (let at = offset; at < offset + length; ) {
      const within = at % pageSize;
      const size = Math.min(pageSize - within, offset + length - at);
      const page = this.#pages.get(Math.floor(at / pageSize));
      yield { length: size, bytes: page ? page.slice(within, within + size) : null };
      at += size;
    }
  }

  /** Takes over the content of another volume, up to `length` bytes. */
  copyFrom(other: VolumeData, length: number): void {
    for (const [index, page] of other.#pages) {
      const size = Math.min(pageSize, length - index * pageSize);
      if (size > 0) this.write(index * pageSize, page.subarray(0, size));
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#memory.give(this.#pages.size);
    this.#pages.clear();
  }

  #page(index: number): Uint8Array {
    const known = this.#pages.get(index);
    if (known) return known;
    this.#memory.take();
    const page = new Uint8Array(pageSize);
    this.#pages.set(index, page);
    return page;
  }

  #drop(index: number): void {
    if (this.#pages.delete(index)) this.#memory.give(1);
  }
}
