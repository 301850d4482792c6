/** A unix socket that carries open files too, as libvirt sends them: one byte for each, after the message. */
import { closeSync } from "node:fs";
import type { Socket } from "node:net";
import { descriptorOf } from "../host/native/descriptor-of.ts";
import type { Native } from "../host/native/index.ts";
import { CarefulReader } from "./careful-reader.ts";
import { MessageBoundary } from "./message-boundary.ts";
import { duplexTransport, type Transport, type TransportHandlers } from "./transport.ts";

/** What waits for what was sent before it. */
interface Parcel {
  readonly bytes: Uint8Array;
  /** Copies of the caller's. */
  readonly descriptors: readonly number[];
}

/** How long an orderly end may wait for the other side to read, in milliseconds. */
const flushTime = 5_000;

/**
 * A transport over a unix socket. Without the native part it is one that carries bytes alone.
 *
 * Node reads as much as there is, and the system then drops the open files that came with it. So reading becomes
 * cautious, never beyond the message at hand, when `expectDescriptors` is called: each end knows before such messages
 * come.
 */
export function unixTransport(socket: Socket, native: Native | null): Transport {
  return native === null || descriptorOf(socket) === null ? duplexTransport(socket) : new UnixTransport(socket, native);
}

class UnixTransport implements Transport {
  readonly canPassDescriptors = true;
  readonly #socket: Socket;
  readonly #native: Native;
  readonly #plain: Transport;
  readonly #boundary = new MessageBoundary();
  #handlers: TransportHandlers | undefined;
  #reader: CarefulReader | undefined;
  readonly #parcels: Parcel[] = [];
  #parcelBytes = 0;
  /** Whether a parcel is on its way, so that all else has to wait. */
  #busy = false;
  #paused = false;
  #cut: NodeJS.Timeout | undefined;

  constructor(socket: Socket, native: Native) {
    this.#socket = socket;
    this.#native = native;
    this.#plain = duplexTransport(socket);
  }

  get pending(): number {
    return this.#plain.pending + this.#parcelBytes;
  }

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers;
    this.#plain.start({
      data: (chunk) => {
        this.#boundary.pass(chunk);
        handlers.data(chunk);
      },
      drain: () => {
        if (!this.#busy) handlers.drain();
      },
      end: (error) => this.#ended(error),
    });
  }

  expectDescriptors(): void {
    if (this.#reader !== undefined || this.#handlers === undefined) return;
    this.#reader = new CarefulReader(this.#socket, this.#native, this.#boundary, {
      data: (chunk, descriptors = []) => {
        if (this.#handlers === undefined) closeAll(descriptors);
        else this.#handlers.data(chunk, descriptors);
      },
      end: (error) => this.close(error),
    });
    if (!this.#paused) this.#reader.resume();
  }

  send(bytes: Uint8Array, descriptors: readonly number[] = []): boolean {
    if (!this.#busy && descriptors.length === 0) return this.#plain.send(bytes);
    if (this.#handlers === undefined || this.#cut !== undefined) return true;
    this.#parcels.push({ bytes, descriptors: descriptors.map((descriptor) => this.#native.duplicate(descriptor)) });
    this.#parcelBytes += bytes.length;
    this.#dispatch();
    return false;
  }

  pause(): void {
    this.#paused = true;
    (this.#reader ?? this.#plain).pause();
  }

  resume(): void {
    this.#paused = false;
    (this.#reader ?? this.#plain).resume();
  }

  close(error?: Error): void {
    this.#reader?.end();
    if (error !== undefined || !this.#busy) this.#plain.close(error);
    // What waits still goes out, but not for ever.
    else this.#cut ??= setTimeout(() => this.#plain.close(new Error("the other side does not read")), flushTime);
  }

  /** Sends what waits, one parcel after the other: the files of one go when the system has all of its bytes. */
  #dispatch(): void {
    if (this.#busy) return;
    const parcel = this.#parcels.shift();
    if (parcel === undefined) {
      if (this.#cut !== undefined) this.#plain.close();
      else this.#handlers?.drain();
      return;
    }
    this.#busy = true;
    this.#parcelBytes -= parcel.bytes.length;
    this.#socket.write(parcel.bytes, (error) => {
      this.#busy = false;
      // The end of the connection has its own way to be told.
      if (error || !this.#pass(parcel.descriptors)) return;
      this.#dispatch();
    });
  }

  #pass(descriptors: readonly number[]): boolean {
    const socket = descriptorOf(this.#socket);
    try {
      for (const descriptor of descriptors) {
        if (socket === null) throw new Error("the connection is closed");
        if (!this.#native.sendDescriptor(socket, descriptor)) throw new Error("the other side does not read");
      }
      return true;
    } catch (error) {
      this.#plain.close(error as Error);
      return false;
    } finally {
      closeAll(descriptors);
    }
  }

  #ended(error: Error | undefined): void {
    const handlers = this.#handlers;
    this.#handlers = undefined;
    this.#reader?.end();
    clearTimeout(this.#cut);
    for (const { descriptors } of this.#parcels.splice(0)) closeAll(descriptors);
    handlers?.end(error);
  }
}

function closeAll(descriptors: readonly number[]): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}
