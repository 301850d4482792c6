/** Two transports that lead to each other, in memory: for tests, and for a daemon within the same process. */
import { openSync } from "node:fs";
import type { Transport, TransportHandlers } from "./transport.ts";

/** Bytes on their way in one direction before the sender is told to wait. */
const highWater = 64 * 1024;

interface Parcel {
  readonly bytes: Uint8Array;
  readonly descriptors: readonly number[] | undefined;
}

class MemoryTransport implements Transport {
  readonly canPassDescriptors = true;
  other!: MemoryTransport;
  #handlers: TransportHandlers | undefined;
  /** What has been sent to this end and not been handed on. */
  #coming: Parcel[] = [];
  #bytes = 0;
  #paused = false;
  #scheduled = false;
  #starved = false;
  #over = false;
  #error: Error | undefined;
  #closed = false;

  get pending(): number {
    return this.other.#bytes;
  }

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers;
    this.#schedule();
  }

  send(bytes: Uint8Array, descriptors?: readonly number[]): boolean {
    if (this.#closed) return true;
    const other = this.other;
    other.#put({ bytes, descriptors: undefined });
    for (const descriptor of descriptors ?? [])
      other.#put({ bytes: new Uint8Array(1), descriptors: [copyOf(descriptor)] });
    this.#starved = other.#bytes > highWater;
    return !this.#starved;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  close(error?: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = error;
    this.#coming = [];
    this.#end();
    this.other.#end();
  }

  #put(parcel: Parcel): void {
    this.#coming.push(parcel);
    this.#bytes += parcel.bytes.length;
    this.#schedule();
  }

  #end(): void {
    this.#over = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // As from a socket, nothing comes before the current turn is over.
    setImmediate(() => this.#deliver());
  }

  #deliver(): void {
    this.#scheduled = false;
    while (!this.#paused && this.#handlers !== undefined) {
      const parcel = this.#coming.shift();
      if (parcel === undefined) break;
      this.#bytes -= parcel.bytes.length;
      this.#handlers.data(parcel.bytes, parcel.descriptors);
    }
    const sender = this.other;
    if (sender.#starved && this.#bytes <= highWater / 2) {
      sender.#starved = false;
      queueMicrotask(() => sender.#handlers?.drain());
    }
    if (!this.#over || this.#coming.length > 0) return;
    const handlers = this.#handlers;
    this.#handlers = undefined;
    this.#closed = true;
    handlers?.end(this.#error);
  }
}

/** Another descriptor of the same file; of what has no name in the file system there is none. */
function copyOf(descriptor: number): number {
  return openSync(`/proc/self/fd/${descriptor}`, "r");
}

/** Two ends of one connection. Of descriptors only those of files and devices pass, for reading. */
export function transportPair(): readonly [Transport, Transport] {
  const one = new MemoryTransport();
  const other = new MemoryTransport();
  one.other = other;
  other.other = one;
  return [one, other];
}
