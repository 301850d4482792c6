/** Cuts a stream of bytes into messages, in time linear in their number, whatever the pieces they come in. */
import { closeSync } from "node:fs";
import {
  MESSAGE_DESCRIPTORS_MAX,
  MESSAGE_HEADER_SIZE,
  MESSAGE_LENGTH_SIZE,
  MESSAGE_MAX,
  MessageType,
} from "../protocol/index.ts";
import { wordAt } from "./word.ts";

/** Bytes that stand before the body of a message: its length and its header. */
export const messagePrefix = MESSAGE_LENGTH_SIZE + MESSAGE_HEADER_SIZE;
/** The largest message, its length word included. */
export const largestMessage = MESSAGE_MAX + MESSAGE_LENGTH_SIZE;

/** The bytes are no messages: there is no way to go on. */
export class FramingError extends Error {
  override readonly name = "FramingError";
}

/** Where the words of a header stand in a message. */
const typeAt = 16;
const descriptorCountAt = messagePrefix;

/** A message that comes in pieces is held in blocks that grow with what has come, not with what was announced. */
const smallestBlock = 4 * 1024;
const largestBlock = 1024 * 1024;
/** For each byte that has come, room for so many is made, if so many were announced. */
const trust = 8;

const nothing = Buffer.alloc(0);

/**
 * The messages in what a connection brings. After `next` has given true, the message is `bytes` from `start` to `end`;
 * they stay as they are.
 */
export class Framer {
  /** The most bytes that a message may have; may be changed between messages. */
  limit: number = largestMessage;
  bytes: Uint8Array = nothing;
  start = 0;
  end = 0;
  /** The open files of the message. They belong to whoever took the message. */
  descriptors: readonly number[] = [];

  /** The chunk being read, and where. */
  #chunk: Uint8Array = nothing;
  #at = 0;
  /** Chunks that came while there was still something to read. */
  #waiting: Uint8Array[] = [];
  /** The beginning of a message whose rest has not come: all blocks are full but the last. */
  #blocks: Buffer[] = [];
  #block: Buffer = nothing;
  #blockLength = 0;
  #heldLength = 0;
  #received: number[] = [];

  /** Whether bytes are here that `next` has not looked at. */
  get hasMore(): boolean {
    return this.#at < this.#chunk.length || this.#waiting.length > 0;
  }

  /** Takes bytes, which must stay as they are. */
  push(chunk: Uint8Array, descriptors?: readonly number[]): void {
    if (descriptors !== undefined) this.#received.push(...descriptors);
    if (this.hasMore) this.#waiting.push(chunk);
    else {
      this.#chunk = chunk;
      this.#at = 0;
    }
  }

  /** Goes on to the next message; false when it has not come whole. Throws `FramingError`. */
  next(): boolean {
    for (;;) {
      if (this.#heldLength > 0 ? this.#complete() : this.#inPlace()) return true;
      const chunk = this.#waiting.shift();
      if (chunk === undefined) return false;
      this.#chunk = chunk;
      this.#at = 0;
    }
  }

  /** Forgets everything and closes the files that nobody took. */
  destroy(): void {
    for (const descriptor of this.#received.splice(0)) closeSync(descriptor);
    this.#chunk = nothing;
    this.#at = 0;
    this.#release();
    this.#waiting = [];
    this.bytes = nothing;
  }

  /** A message that lies whole within the chunk is not copied. */
  #inPlace(): boolean {
    const chunk = this.#chunk;
    const at = this.#at;
    const available = chunk.length - at;
    if (available === 0) return false;
    const needed = this.#needed(chunk, at, available);
    if (needed <= available) {
      this.#at = at + needed;
      this.#found(chunk, at);
      return true;
    }
    this.#hold(available, needed);
    return false;
  }

  /** Fills up a message whose beginning is held. */
  #complete(): boolean {
    // The header lies within the first block.
    const head = this.#blocks[0] ?? this.#block;
    for (;;) {
      const needed = this.#needed(head, 0, this.#heldLength);
      if (needed === this.#heldLength) break;
      const available = Math.min(needed - this.#heldLength, this.#chunk.length - this.#at);
      if (available === 0) return false;
      this.#hold(available, needed);
    }
    this.#found(this.#joined(), 0);
    this.#release();
    return true;
  }

  #hold(count: number, needed: number): void {
    for (let left = count; left > 0; ) {
      if (this.#blockLength === this.#block.length) {
        const kept = this.#heldLength + count - left;
        this.#nextBlock(Math.min(needed - kept, trust * (this.#heldLength + count)));
      }
      const part = Math.min(left, this.#block.length - this.#blockLength);
      this.#block.set(this.#chunk.subarray(this.#at, this.#at + part), this.#blockLength);
      this.#blockLength += part;
      this.#at += part;
      left -= part;
    }
    this.#heldLength += count;
  }

  #nextBlock(size: number): void {
    if (this.#block.length > 0) this.#blocks.push(this.#block);
    this.#block = Buffer.allocUnsafeSlow(Math.min(Math.max(size, smallestBlock), largestBlock));
    this.#blockLength = 0;
  }

  #joined(): Uint8Array {
    if (this.#blocks.length === 0) return this.#block;
    const whole = Buffer.allocUnsafeSlow(this.#heldLength);
    let at = 0;
    for (const block of this.#blocks) {
      whole.set(block, at);
      at += block.length;
    }
    whole.set(this.#block.subarray(0, this.#blockLength), at);
    return whole;
  }

  #release(): void {
    this.#blocks = [];
    this.#block = nothing;
    this.#blockLength = 0;
    this.#heldLength = 0;
  }

  /** How many bytes a message has as far as its beginning tells; more may turn out when so many are here. */
  #needed(bytes: Uint8Array, at: number, available: number): number {
    if (available < MESSAGE_LENGTH_SIZE) return MESSAGE_LENGTH_SIZE;
    const length = wordAt(bytes, at);
    if (length < messagePrefix || length > this.limit) throw new FramingError(`a message of ${length} bytes`);
    if (available < messagePrefix) return length;
    const type = wordAt(bytes, at + typeAt);
    if (type !== MessageType.CALL_WITH_FDS && type !== MessageType.REPLY_WITH_FDS) return length;
    if (length < descriptorCountAt + 4) throw new FramingError("a message without the count of its descriptors");
    if (available < descriptorCountAt + 4) return length;
    const count = wordAt(bytes, at + descriptorCountAt);
    if (count > MESSAGE_DESCRIPTORS_MAX) throw new FramingError(`a message with ${count} descriptors`);
    // Each descriptor comes with a byte of its own after the message.
    return length + count;
  }

  #found(bytes: Uint8Array, start: number): void {
    const length = wordAt(bytes, start);
    this.bytes = bytes;
    this.start = start;
    this.end = start + length;
    const type = wordAt(bytes, start + typeAt);
    if (type === MessageType.CALL_WITH_FDS || type === MessageType.REPLY_WITH_FDS) {
      const count = wordAt(bytes, start + descriptorCountAt);
      if (this.#received.length < count) throw new FramingError("descriptors were announced that did not come");
      this.descriptors = this.#received.splice(0, count);
    } else if (this.descriptors.length > 0) this.descriptors = [];
  }
}
