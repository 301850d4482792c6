/**
 * The two ends of a stream between a caller and a driver: bytes both ways, holes of sparse transfers, an orderly finish
 * or an abort with an error. Each end is a Node duplex stream whose chunks are buffers and holes.
 *
 *     finish    end() the writing side; the other end reads to its end
 *     abort     destroy(error); the other end is destroyed with the same error
 */
import { Duplex } from "node:stream";

/** A run of zero bytes that a sparse transfer does not send: `length` bytes. */
export interface Hole {
  readonly hole: bigint;
}

export type StreamChunk = Uint8Array | Hole;

export function isHole(chunk: StreamChunk): chunk is Hole {
  return !(chunk instanceof Uint8Array);
}

/** The largest chunk that libvirt's wire carries, in bytes: drivers and callers need not cut theirs, the pair does. */
export const maxStreamChunk = 262_120;

/** Chunks that may wait between the two ends before the writer is told to pause: about 4 MiB. */
const waitingChunks = 16;

/** One end of a stream. Its chunks are {@link StreamChunk} values, in object mode. */
export class StreamEnd extends Duplex {
  #peer: StreamEnd | undefined;
  #resume: (() => void) | undefined;

  constructor() {
    super({
      objectMode: true,
      readableHighWaterMark: waitingChunks,
      writableHighWaterMark: waitingChunks,
      allowHalfOpen: true,
    });
    // An abort is news for whoever reads or writes, not a reason to end the process of one who has already left.
    this.on("error", () => {});
  }

  /** @internal */
  static pair(): readonly [StreamEnd, StreamEnd] {
    const one = new StreamEnd();
    const other = new StreamEnd();
    one.#peer = other;
    other.#peer = one;
    return [one, other];
  }

  /** Sends a hole of `length` bytes; false when the writer should wait for `drain`. */
  writeHole(length: bigint): boolean {
    return this.write({ hole: length } satisfies Hole);
  }

  override _write(chunk: StreamChunk, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const peer = this.#peer;
    if (!peer || peer.destroyed) {
      // Not at once: a writer that writes as long as it may would never let anything else happen.
      setImmediate(done);
      return;
    }
    let ready = true;
    for (const piece of pieces(chunk)) ready = peer.push(piece);
    if (ready) done();
    else peer.#resume = done;
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#peer?.push(null);
    done();
  }

  override _read(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const peer = this.#peer;
    this.#peer = undefined;
    if (peer) {
      // The other end learns of an abort; of an orderly end on both sides it knows already.
      if (error) peer.destroy(error);
      else if (!peer.readableEnded && !this.writableFinished) peer.push(null);
      peer._read();
    }
    // A writer who waits is woken last, for by now he can see that it is over.
    this._read();
    done(error);
  }
}

/** Waits until the stream takes more, or is gone. */
export function drained(stream: StreamEnd): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
    if (stream.destroyed) done();
  });
}

/** A new stream: one end for the caller, the other for the driver. */
export function streamPair(): readonly [StreamEnd, StreamEnd] {
  return StreamEnd.pair();
}

function* pieces(chunk: StreamChunk): Iterable<StreamChunk> {
  if (isHole(chunk) || chunk.length <= maxStreamChunk) {
    yield chunk;
    return;
  }
  for (let at = 0; at < chunk.length; at += maxStreamChunk) yield chunk.subarray(at, at + maxStreamChunk);
}
