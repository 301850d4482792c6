/** Reads a unix socket message by message, so that the open files behind one can be taken before Node loses them. */
import type { Socket } from "node:net";
import { descriptorOf, stopReading } from "../host/native/descriptor-of.ts";
import type { Native } from "../host/native/index.ts";
import { readingSocket, whenReadable } from "../host/native/readable.ts";
import type { MessageBoundary } from "./message-boundary.ts";

export interface ReaderHandlers {
  data(chunk: Uint8Array, descriptors?: readonly number[]): void;
  /** The other side has ended, or the connection has failed; called once at most. */
  end(error?: Error): void;
}

export class CarefulReader {
  readonly #native: Native;
  readonly #boundary: MessageBoundary;
  readonly #handlers: ReaderHandlers;
  /** What the socket had read before, and not yet given away. */
  readonly #before: Uint8Array[];
  readonly #reader: Socket;
  readonly #descriptor: number;
  #buffer: Buffer = Buffer.alloc(0);
  #paused = true;
  #stopWatch: (() => void) | undefined;
  #over = false;

  /** Reads from here on instead of `socket`, which goes on to write. */
  constructor(socket: Socket, native: Native, boundary: MessageBoundary, handlers: ReaderHandlers) {
    const own = descriptorOf(socket);
    // Asking the socket for what it has makes it read on, so that comes before it is stopped.
    const before = leftIn(socket);
    if (own === null || !stopReading(socket)) throw new Error("this version of Node hides what reading takes");
    this.#native = native;
    this.#boundary = boundary;
    this.#handlers = handlers;
    this.#before = before;
    this.#descriptor = own;
    const reader = readingSocket(native.duplicate(own), {
      buffer: () => this.#nextBuffer(),
      callback: (count) => this.#took(count),
    });
    reader.pause();
    reader.on("error", (error) => this.#finish(error));
    reader.on("end", () => this.#finish());
    this.#reader = reader;
  }

  pause(): void {
    this.#paused = true;
    this.#reader.pause();
  }

  resume(): void {
    this.#paused = false;
    for (let chunk = this.#before.shift(); chunk !== undefined; chunk = this.#before.shift()) {
      this.#boundary.pass(chunk);
      this.#handlers.data(chunk);
      if (this.#paused) return;
    }
    if (this.#collect() && !this.#paused && !this.#over) this.#reader.resume();
  }

  /** Ends reading; nothing is told any more. */
  end(): void {
    this.#over = true;
    this.#stopWatch?.();
    this.#reader.destroy();
  }

  #nextBuffer(): Buffer {
    this.#buffer = Buffer.allocUnsafe(this.#boundary.room);
    return this.#buffer;
  }

  /** @returns whether to go on reading */
  #took(count: number): boolean {
    if (this.#over) return false;
    const chunk = this.#buffer.subarray(0, count);
    this.#boundary.pass(chunk);
    this.#handlers.data(chunk);
    return this.#collect() && !this.#paused;
  }

  /** Takes the open files that come next. False: reading has to wait for them, or is over. */
  #collect(): boolean {
    if (this.#stopWatch !== undefined) return false;
    try {
      while (!this.#over && this.#boundary.descriptors > 0) {
        const received = this.#native.receiveDescriptor(this.#descriptor);
        if (received === null) {
          this.#watch();
          return false;
        }
        if (received === "end") throw new Error("the connection ended before the descriptors that were announced");
        this.#boundary.descriptors--;
        this.#handlers.data(new Uint8Array(1), [received]);
      }
    } catch (error) {
      this.#finish(error as Error);
    }
    return !this.#over;
  }

  #watch(): void {
    this.#stopWatch = whenReadable(this.#native.duplicate(this.#descriptor), () => {
      this.#stopWatch = undefined;
      if (this.#collect() && !this.#paused && !this.#over) this.#reader.resume();
    });
  }

  #finish(error?: Error): void {
    if (this.#over) return;
    this.end();
    this.#handlers.end(error);
  }
}

function leftIn(socket: Socket): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  while (socket.readableLength > 0) chunks.push(socket.read() as Uint8Array);
  return chunks;
}
