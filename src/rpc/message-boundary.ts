/** Where messages end in a stream of bytes, for who must not read beyond one. */
import {
  MESSAGE_DESCRIPTORS_MAX,
  MESSAGE_HEADER_SIZE,
  MESSAGE_LENGTH_SIZE,
  MESSAGE_MAX,
  MessageType,
} from "../protocol/index.ts";
import { wordAt } from "./word.ts";

/** Length, header, and the count of descriptors: what tells how much comes. */
const headLength = MESSAGE_LENGTH_SIZE + MESSAGE_HEADER_SIZE + 4;
const typeAt = 16;
const countAt = 28;
/** Most that is read at a time, in bytes. */
const largestRead = 256 * 1024;

export class MessageBoundary {
  readonly #head = Buffer.alloc(headLength);
  /** Bytes of the message at hand that have passed, and its length once that is known. */
  #passed = 0;
  #length = 0;
  /** Descriptors that come next, before the next message. */
  descriptors = 0;
  /** How many messages have passed whole. */
  completed = 0;

  /** Whether the last byte that passed ended a message. */
  get isBetween(): boolean {
    return this.#passed === 0;
  }

  /** Bytes that may be read without going beyond the message at hand. */
  get room(): number {
    const end = this.#passed < MESSAGE_LENGTH_SIZE ? MESSAGE_LENGTH_SIZE : this.#length;
    return Math.min(end - this.#passed, largestRead);
  }

  /** Takes note of bytes. Those that are no messages are not judged here: whoever reads the messages will. */
  pass(chunk: Uint8Array): void {
    let at = this.#passed === 0 ? this.#wholeMessages(chunk) : 0;
    while (at < chunk.length) {
      const end = this.#passed < MESSAGE_LENGTH_SIZE ? MESSAGE_LENGTH_SIZE : this.#length;
      const count = Math.min(end - this.#passed, chunk.length - at);
      const known = Math.min(count, headLength - this.#passed);
      if (known > 0) this.#head.set(chunk.subarray(at, at + known), this.#passed);
      at += count;
      this.#passed += count;
      if (this.#passed === MESSAGE_LENGTH_SIZE) this.#length = this.#announced();
      else if (this.#passed === this.#length) this.#complete();
    }
  }

  /** Most messages lie whole in what came: nothing of them need be kept. Gives where the first one begins that does not. */
  #wholeMessages(chunk: Uint8Array): number {
    let at = 0;
    while (chunk.length - at >= headLength) {
      const end = at + wordAt(chunk, at);
      const type = wordAt(chunk, at + typeAt);
      const carries = type === MessageType.CALL_WITH_FDS || type === MessageType.REPLY_WITH_FDS;
      if (carries || end > chunk.length || end < at + countAt) break;
      this.completed++;
      at = end;
    }
    return at;
  }

  #announced(): number {
    const length = this.#head.readUInt32BE(0);
    return Math.min(Math.max(length, countAt), MESSAGE_MAX + MESSAGE_LENGTH_SIZE);
  }

  #complete(): void {
    const type = this.#head.readUInt32BE(typeAt);
    const carries = type === MessageType.CALL_WITH_FDS || type === MessageType.REPLY_WITH_FDS;
    if (carries && this.#length >= headLength) {
      this.descriptors = Math.min(this.#head.readUInt32BE(countAt), MESSAGE_DESCRIPTORS_MAX);
    }
    this.completed++;
    this.#passed = 0;
    this.#length = 0;
  }
}
