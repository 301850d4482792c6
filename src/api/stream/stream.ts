/** Streams: bytes between a program and a volume, a console or a screen, as Node streams. */
import { Duplex, type DuplexOptions } from "node:stream";
import { finished } from "node:stream/promises";
import { whenAborted } from "../../driver/abort.ts";
import { LibvirtError } from "../../errors.ts";
import type { StreamRule } from "../../protocol/procedure.ts";
import { type Hole, isHole, maxStreamChunk, type StreamChunk, type StreamEnd } from "../../rpc/stream.ts";
import type { Link } from "../core/link.ts";
import { type Integer, signed } from "../values/integer.ts";

export type { Hole, StreamChunk };

export interface StreamSettings {
  /** Which way the bytes go, seen from the program. */
  readonly direction: StreamRule["direction"];
  /** Aborts the stream when it fires. */
  readonly signal?: AbortSignal | undefined;
}

const zeros = Buffer.alloc(maxStreamChunk);

/**
 * A stream (`virStream`): a Node duplex stream of bytes, that can be given to `pipeline`, read with `for await`, piped.
 *
 *     await pipeline(await volume.download(0, 0), createWriteStream("disk.raw"));
 *     await pipeline(createReadStream("disk.raw"), await volume.upload(0, 0));
 *
 * A stream that only receives has no writing side, one that only sends no reading side. Sending is over when the other
 * side has taken everything: `pipeline` and {@link finish} wait for that. An error of the other side is the stream's
 * `error`, a LibvirtError.
 *
 * Where a sparse transfer was asked for, holes arrive as zeros in ordinary reading; {@link chunks} gives them as holes.
 */
export class Stream extends Duplex {
  readonly #end: StreamEnd;
  readonly #link: Link;
  readonly #direction: StreamRule["direction"];
  /** What is left of a hole that is being read as zeros. */
  #hole = 0n;
  #wanted = false;
  #over = false;

  /** @internal */
  constructor(link: Link, end: StreamEnd, { direction, signal }: StreamSettings) {
    const sides = { readable: direction !== "send", writable: direction !== "receive" };
    super(sides as DuplexOptions);
    this.#link = link;
    this.#end = end;
    this.#direction = direction;
    // An abort reaches whoever reads or writes; it must not end a program that has already left.
    this.on("error", () => {});
    end.on("error", (error: unknown) => {
      // What this side itself has ended, by leaving a loop early for one, is no error to report.
      if (!this.destroyed) this.destroy(link.report(error));
    });
    end.once("end", () => this.#ended());
    if (direction === "send") end.resume();
    else end.on("readable", () => this.#pump());
    if (direction === "receive") end.end();
    this.#endWith(signal);
  }

  /**
   * Says that all is sent, and waits until the other side has taken it, or until all is received (`virStreamFinish`,
   * since 0.7.2). Rejects with the error that ended the stream.
   */
  async finish(): Promise<void> {
    if (this.writable) this.end();
    if (this.#direction !== "send") this.resume();
    await finished(this);
  }

  /** Ends the stream at once; what is under way is lost (`virStreamAbort`, since 0.7.2). */
  abort(): void {
    this.destroy();
  }

  /** Sends bytes and waits until there is room for more; gives how many they were (`virStreamSend`, since 0.7.2). */
  async send(data: Uint8Array): Promise<number> {
    await this.#put(data);
    return data.length;
  }

  /** Sends a hole of `length` bytes, in a sparse transfer (`virStreamSendHole`, since 3.4.0). */
  async sendHole(length: Integer): Promise<void> {
    const hole = signed(length);
    if (hole < 0n) throw this.#link.report(new LibvirtError("INVALID_ARG", "STREAMS", "a hole has no negative length"));
    if (hole > 0n) await this.#put({ hole });
  }

  /**
   * Sends all that a source gives, bytes and holes, and finishes the stream (`virStreamSendAll`, since 0.7.2;
   * `virStreamSparseSendAll`, since 3.4.0). If the source fails, the stream is aborted.
   */
  async sendAll(source: AsyncIterable<StreamChunk> | Iterable<StreamChunk>): Promise<void> {
    try {
      for await (const chunk of source) await this.#put(chunk);
    } catch (error) {
      this.destroy();
      throw error;
    }
    await this.finish();
  }

  /** Receives up to `nbytes` bytes; none at the end of the stream (`virStreamRecv`, since 0.7.2). */
  async recv(nbytes: number): Promise<Uint8Array> {
    for (;;) {
      if (this.destroyed && this.errored) throw this.errored;
      const chunk: Buffer | null = this.read(Math.min(nbytes, this.readableLength || nbytes)) ?? this.read();
      if (chunk) {
        if (chunk.length > nbytes) this.unshift(chunk.subarray(nbytes));
        return chunk.subarray(0, nbytes);
      }
      if (this.readableEnded || this.destroyed) return Buffer.of();
      await this.#changed(this, "readable", "end");
    }
  }

  /**
   * Hands all that comes to a function, which is waited for; holes as zeros (`virStreamRecvAll`, since 0.7.2). If the
   * function fails, the stream is aborted.
   */
  async recvAll(handler: (data: Uint8Array) => void | Promise<void>): Promise<void> {
    for await (const chunk of this) await handler(chunk as Uint8Array);
  }

  /**
   * All that comes, bytes and holes (`virStreamSparseRecvAll`, `virStreamRecvHole`, since 3.4.0). It replaces reading
   * the stream in other ways; leaving the loop early aborts the stream.
   */
  async *chunks(): AsyncGenerator<StreamChunk, void, undefined> {
    this.#end.removeAllListeners("readable");
    try {
      for await (const chunk of this.#end.iterator({ destroyOnReturn: false })) yield chunk as StreamChunk;
      this.push(null);
      this.resume();
    } finally {
      if (!this.#over) this.destroy();
    }
  }

  override _read(): void {
    this.#wanted = true;
    this.#pump();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#end.destroyed || this.#end.write(chunk)) done();
    else void this.#changed(this.#end, "drain").then(() => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#end.end();
    // A console ends on each side for itself; what was sent to a volume must have arrived.
    if (this.#direction !== "send" || this.#over || this.#end.destroyed) done();
    else this.#end.once("end", () => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const orderly = error === null && this.#over;
    this.#end.destroy(orderly ? undefined : (error ?? new LibvirtError("OPERATION_ABORTED", "STREAMS", "stream")));
    done(error);
  }

  async #put(chunk: StreamChunk): Promise<void> {
    if (this.errored) throw this.errored;
    if (this.destroyed || this.writableEnded || this.#direction === "receive") {
      throw this.#link.report(new LibvirtError("OPERATION_INVALID", "STREAMS", "the stream takes no data"));
    }
    if (!this.#end.write(chunk)) await this.#changed(this.#end, "drain");
    if (this.errored) throw this.errored;
  }

  /** Moves what has come to the reader, as long as it wants more. */
  #pump(): void {
    while (this.#wanted) {
      const bytes = this.#next();
      if (bytes === null) return;
      this.#wanted = this.push(bytes);
    }
  }

  #next(): Uint8Array | null {
    if (this.#hole === 0n) {
      const chunk = this.#end.read() as StreamChunk | null;
      if (chunk === null) return null;
      if (!isHole(chunk)) return chunk;
      this.#hole = chunk.hole;
    }
    const size = this.#hole < BigInt(zeros.length) ? Number(this.#hole) : zeros.length;
    this.#hole -= BigInt(size);
    if (this.#hole === 0n && this.#over) queueMicrotask(() => this.push(null));
    return zeros.subarray(0, size);
  }

  #ended(): void {
    this.#over = true;
    if (this.#direction !== "send" && this.#hole === 0n) this.push(null);
  }

  /** Waits for one of the events, or until the stream is gone. */
  #changed(emitter: Duplex, ...events: string[]): Promise<void> {
    return new Promise((resolve) => {
      const names = [...events, "close"];
      const done = () => {
        for (const name of names) emitter.off(name, done);
        resolve();
      };
      for (const name of names) emitter.on(name, done);
      if (emitter.destroyed) done();
    });
  }

  #endWith(signal: AbortSignal | undefined): void {
    const onAbort = () =>
      this.destroy(new LibvirtError("OPERATION_ABORTED", "STREAMS", "the caller gave up", { cause: signal?.reason }));
    const forgetClose = this.#link.events.onClose(() =>
      this.destroy(new LibvirtError("INVALID_STREAM", "STREAMS", "the connection was closed")),
    );
    const forgetAbort = signal && whenAborted(signal, onAbort);
    this.once("close", () => {
      forgetClose();
      forgetAbort?.();
    });
    if (signal?.aborted) onAbort();
  }
}
