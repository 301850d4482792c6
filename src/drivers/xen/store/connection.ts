/** One connection to the Xen Store's daemon: requests and their answers, events of watches. */
import type { Duplex } from "node:stream";
import { LibvirtError } from "../../../errors.ts";
import { encodeMessage, type Message, MessageReader, MessageType, maxPayload, wordsOf } from "./wire.ts";

/** What the daemon refuses, by its own code: ENOENT, EACCES, EAGAIN, ... */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: string;

  constructor(code: string) {
    super(`the Xen Store answers ${code}`);
    this.code = code;
  }
}

export interface StoreConnectionOptions {
  /** Something changed at a path that a watch with this token is about. */
  readonly onEvent: (path: string, token: string) => void;
  /** The connection is over. */
  readonly onEnd: () => void;
}

interface Waiter {
  readonly type: number;
  resolve(payload: Buffer): void;
  reject(error: Error): void;
}

/** Requests that may be under way at a time; the daemon answers in order, and what is too much waits with it. */
const lastRequest = 0xffff_fffe;

export class StoreConnection {
  readonly #socket: Duplex;
  readonly #options: StoreConnectionOptions;
  readonly #reader = new MessageReader();
  readonly #waiting = new Map<number, Waiter>();
  #request = 0;
  #over: LibvirtError | null = null;

  /** Owns the socket. */
  constructor(socket: Duplex, options: StoreConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#end(error.message));
    socket.on("close", () => this.#end("the daemon has closed the connection"));
  }

  /** Asks, and gives what is answered. @throws {StoreError} what the daemon refuses */
  ask(type: MessageType, payload: Buffer, transaction = 0): Promise<Buffer> {
    if (this.#over) return Promise.reject(this.#over);
    if (payload.length > maxPayload) return Promise.reject(new StoreError("E2BIG"));
    this.#request = this.#request >= lastRequest ? 1 : this.#request + 1;
    const request = this.#request;
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { type, resolve, reject });
      this.#socket.write(encodeMessage({ type, request, transaction, payload }));
    });
  }

  close(): void {
    this.#end("it was closed");
  }

  #take(chunk: Buffer): void {
    if (this.#over) return;
    let messages: Message[];
    try {
      messages = this.#reader.push(chunk);
    } catch (error) {
      this.#end((error as Error).message);
      return;
    }
    for (const message of messages) this.#hear(message);
  }

  #hear({ type, request, payload }: Message): void {
    if (type === MessageType.WATCH_EVENT) {
      const [path = "", token = ""] = wordsOf(payload);
      this.#options.onEvent(path, token);
      return;
    }
    const waiter = this.#waiting.get(request);
    if (!waiter) return;
    this.#waiting.delete(request);
    if (type === MessageType.ERROR) waiter.reject(new StoreError(wordsOf(payload)[0] ?? "EIO"));
    // A copy: what it lies in is reused.
    else if (type === waiter.type) waiter.resolve(Buffer.from(payload));
    else waiter.reject(new StoreError("EIO"));
  }

  #end(reason: string): void {
    if (this.#over) return;
    this.#over = new LibvirtError("OPERATION_FAILED", "XENSTORE", `the connection to the Xen Store is over: ${reason}`);
    this.#socket.destroy();
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
    this.#options.onEnd();
  }
}
