/** Byte connections: what the protocol runs over, and all that it knows of sockets, pipes and TLS. */
import type { Duplex } from "node:stream";

/** Takes what a connection brings. */
export interface TransportHandlers {
  /**
   * Bytes have come; the receiver keeps them, nobody writes over them. `descriptors` are the open files that came with
   * one of these bytes, in order; they belong to the receiver, who closes them.
   */
  data(chunk: Uint8Array, descriptors?: readonly number[]): void;
  /** What was sent is on its way: there is room again after `send` gave false. */
  drain(): void;
  /** The connection is over, called exactly once; without an error it ended in order. Nothing is called afterwards. */
  end(error?: Error): void;
}

/** One open byte connection. Nothing flows before `start`. */
export interface Transport {
  start(handlers: TransportHandlers): void;
  /**
   * Sends bytes, which belong to the transport from now on. False: wait for `drain` before sending more than a little.
   * With descriptors, each goes along with one more byte after `bytes`, as libvirt sends them. They stay the caller's:
   * a transport that cannot send at once takes copies of them before it returns.
   */
  send(bytes: Uint8Array, descriptors?: readonly number[]): boolean;
  /** Brings nothing more until `resume`; a chunk that is on its way already may still come. */
  pause(): void;
  resume(): void;
  /**
   * Messages with open files may come from now on, which would be lost before. An end of a connection calls it when the
   * other end has asked whether it may send such, or when it makes a call that is answered with such.
   */
  expectDescriptors?(): void;
  /** Ends the connection; idempotent. Without an error what was sent still goes out. */
  close(error?: Error): void;
  /** Whether open files can go along: a unix socket, with the optional native part. */
  readonly canPassDescriptors: boolean;
  /** Bytes that were sent and that the system has not taken yet. */
  readonly pending: number;
}

/** A transport over a Node stream: a `net.Socket`, a `tls.TLSSocket`, the pipes of a child process. */
export function duplexTransport(duplex: Duplex): Transport {
  return new DuplexTransport(duplex);
}

/** How long an orderly end may take to flush, in milliseconds, before the connection is cut. */
const flushTime = 5_000;

class DuplexTransport implements Transport {
  readonly canPassDescriptors = false;
  readonly #duplex: Duplex;
  #handlers: TransportHandlers | undefined;
  #error: Error | undefined;
  #closing = false;

  constructor(duplex: Duplex) {
    this.#duplex = duplex;
  }

  get pending(): number {
    return this.#duplex.writableLength;
  }

  start(handlers: TransportHandlers): void {
    const duplex = this.#duplex;
    this.#handlers = handlers;
    duplex.on("error", (error) => {
      this.#error ??= error;
    });
    duplex.once("close", () => this.#ended());
    // The other side will send no more: what it still waits for is answered by nobody, as in libvirt.
    duplex.once("end", () => this.close());
    duplex.on("drain", () => this.#handlers?.drain());
    duplex.on("data", (chunk: Uint8Array) => {
      if (!this.#closing) this.#handlers?.data(chunk);
    });
    // A listener may have held the socket until somebody takes it.
    if (duplex.isPaused()) duplex.resume();
    if (duplex.destroyed) queueMicrotask(() => this.#ended());
  }

  send(bytes: Uint8Array): boolean {
    if (this.#closing || !this.#duplex.writable) return true;
    return this.#duplex.write(bytes);
  }

  pause(): void {
    this.#duplex.pause();
  }

  resume(): void {
    this.#duplex.resume();
  }

  close(error?: Error): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#error ??= error;
    if (error !== undefined || this.#duplex.destroyed) {
      this.#duplex.destroy();
      return;
    }
    const duplex = this.#duplex;
    const cut = setTimeout(() => duplex.destroy(), flushTime);
    cut.unref();
    duplex.once("close", () => clearTimeout(cut));
    duplex.resume();
    duplex.end(() => duplex.destroy());
  }

  #ended(): void {
    const handlers = this.#handlers;
    this.#handlers = undefined;
    this.#closing = true;
    handlers?.end(this.#error);
  }
}
