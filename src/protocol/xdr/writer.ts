/** Writes words and bytes into a message that grows. */
import { XdrError } from "./error.ts";

/** Strings up to this length are written by a loop, which beats the call into native code. */
const SHORT = 32;

/**
 * Bytes of messages in the making. The buffer grows as needed up to `limit`; a message that failed half way is taken
 * back with `reset(mark)`, so that several messages can share one writer and one write to the socket.
 */
export class Writer {
  readonly #limit: number;
  #buffer: Buffer;
  #position = 0;

  /** `limit`: the most bytes it may hold. `size`: bytes to start with. */
  constructor(limit = 0x7fffffff, size = 1024) {
    this.#limit = limit;
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(size, limit));
  }

  /** How many bytes have been written. */
  get position(): number {
    return this.#position;
  }

  /** Where to return to with `reset` if what is written next turns out bad. */
  mark(): number {
    return this.#position;
  }

  /** Forgets all that was written since `mark` (without one: everything). */
  reset(mark = 0): void {
    if (!Number.isInteger(mark) || mark < 0 || mark > this.#position) {
      throw new XdrError(`cannot go back to ${mark} from ${this.#position}`);
    }
    this.#position = mark;
  }

  /** What was written, from `start` on, as a view: it holds until the next write. */
  view(start = 0): Uint8Array {
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset + start, this.#position - start);
  }

  /** Hands out what was written and starts anew with a buffer of its own, so that the bytes stay as they are. */
  take(): Uint8Array {
    const bytes = this.view();
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(1024, this.#limit));
    this.#position = 0;
    return bytes;
  }

  /** Writes over a word written before: the length of a message is known only at its end. */
  patch(position: number, word: number): void {
    if (!Number.isInteger(position) || position < 0 || position + 4 > this.#position) {
      throw new XdrError(`there is no word at ${position}`);
    }
    this.#buffer.writeUInt32BE(word >>> 0, position);
  }

  /** One 4-byte word; signed and unsigned alike. */
  word(value: number): void {
    const at = this.#reserve(4);
    const buffer = this.#buffer;
    buffer[at] = value >>> 24;
    buffer[at + 1] = value >>> 16;
    buffer[at + 2] = value >>> 8;
    buffer[at + 3] = value;
  }

  /** 64 bits from a bigint from 0 to 2^64 - 1. */
  uhyper(value: bigint): void {
    const at = this.#reserve(8);
    this.#buffer.writeBigUInt64BE(value, at);
  }

  /** 64 bits from a bigint from -2^63 to 2^63 - 1. */
  hyper(value: bigint): void {
    const at = this.#reserve(8);
    this.#buffer.writeBigInt64BE(value, at);
  }

  double(value: number): void {
    const at = this.#reserve(8);
    this.#buffer.writeDoubleBE(value, at);
  }

  /** Bytes, filled up with zeros to a multiple of four. */
  bytes(value: Uint8Array): void {
    const length = value.length;
    const at = this.#reserve(padded(length));
    this.#buffer.set(value, at);
    this.#pad(at + length);
  }

  /** Bytes as they are, with nothing added. */
  raw(value: Uint8Array): void {
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
  }

  /** A string with its length in front; `max` is the most bytes it may have. */
  string(value: string, max: number): void {
    if (value.length <= SHORT && value.length <= max && this.#ascii(value)) return;
    if (value.includes("\0")) throw new XdrError("a string must not contain NUL");
    const length = Buffer.byteLength(value);
    if (length > max) throw new XdrError(`string of ${length} bytes, the limit is ${max}`);
    this.word(length);
    const at = this.#reserve(padded(length));
    this.#buffer.write(value, at, length, "utf8");
    this.#pad(at + length);
  }

  /** Writes a short string if it is plain ASCII without NUL, else leaves everything as it was. */
  #ascii(value: string): boolean {
    const start = this.#position;
    const length = value.length;
    this.word(length);
    const at = this.#reserve(padded(length));
    const buffer = this.#buffer;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code === 0 || code > 0x7f) {
        this.#position = start;
        return false;
      }
      buffer[at + i] = code;
    }
    this.#pad(at + length);
    return true;
  }

  /** Zeros from `from` up to the position. */
  #pad(from: number): void {
    for (let at = from; at < this.#position; at++) this.#buffer[at] = 0;
  }

  /** Makes room for `count` more bytes and returns where they begin. The buffer may be another one afterwards. */
  #reserve(count: number): number {
    const start = this.#position;
    const end = start + count;
    if (end > this.#buffer.length) this.#grow(end);
    this.#position = end;
    return start;
  }

  #grow(size: number): void {
    if (size > this.#limit) throw new XdrError(`message of more than ${this.#limit} bytes`);
    const larger = Buffer.allocUnsafeSlow(Math.min(this.#limit, Math.max(size, this.#buffer.length * 2)));
    this.#buffer.copy(larger, 0, 0, this.#position);
    this.#buffer = larger;
  }
}

/** The next multiple of four. */
export function padded(length: number): number {
  return (length + 3) & ~3;
}
