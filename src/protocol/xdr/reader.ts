/** Reads the words and bytes of a message. */
import { XdrError } from "./error.ts";
import { padded } from "./writer.ts";

/** Strings up to this length are read by a loop, which beats the call into native code. */
const SHORT = 24;

/**
 * Bytes of a message being read. It never reads past its end, and what it hands out is a copy: the buffer may be used
 * again as soon as the message is decoded.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  #native: Buffer | undefined;
  #position: number;
  readonly #end: number;

  /** Reads `bytes` from `start` up to `end`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#position = start;
    this.#end = Math.min(end, bytes.length);
  }

  /** Where the next byte is read. */
  get position(): number {
    return this.#position;
  }

  /** How many bytes are left. */
  get remaining(): number {
    return this.#end - this.#position;
  }

  /** Refuses when fewer than `count` bytes are left. */
  need(count: number): void {
    const missing = count - this.remaining;
    if (missing > 0) throw new XdrError(`message ends ${missing} bytes too early`);
  }

  /** One 4-byte word, unsigned. */
  word(): number {
    return this.int() >>> 0;
  }

  /** One 4-byte word, signed. */
  int(): number {
    const at = this.#advance(4);
    const bytes = this.#bytes;
    return (
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    );
  }

  hyper(): bigint {
    return this.#buffer().readBigInt64BE(this.#advance(8));
  }

  uhyper(): bigint {
    return this.#buffer().readBigUInt64BE(this.#advance(8));
  }

  double(): number {
    return this.#buffer().readDoubleBE(this.#advance(8));
  }

  /** A copy of `length` bytes; what fills them up to a multiple of four is skipped, whatever it holds. */
  bytes(length: number): Uint8Array {
    const at = this.#advance(padded(length));
    const copy = new Uint8Array(length);
    if (length <= SHORT) {
      for (let i = 0; i < length; i++) copy[i] = this.#bytes[at + i] as number;
    } else {
      copy.set(this.#bytes.subarray(at, at + length));
    }
    return copy;
  }

  /** The length in front of something that may have up to `max` of them. */
  length(max: number, what: string): number {
    const length = this.word();
    if (length > max) throw new XdrError(`${what} of ${length}, the limit is ${max}`);
    return length;
  }

  /**
   * A string with its length in front; `max` is the most bytes it may have. It ends at a NUL, as in C. Bytes that are
   * not UTF-8 become U+FFFD.
   */
  string(max: number): string {
    const length = this.length(max, "string");
    const at = this.#advance(padded(length));
    return (length <= SHORT ? this.#ascii(at, length) : undefined) ?? this.#utf8(at, at + length);
  }

  /** A short string if it is plain ASCII without NUL. */
  #ascii(at: number, length: number): string | undefined {
    let text = "";
    for (let i = at; i < at + length; i++) {
      const byte = this.#bytes[i] as number;
      if (byte === 0 || byte > 0x7f) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #utf8(start: number, end: number): string {
    const text = this.#buffer().toString("utf8", start, end);
    const nul = text.indexOf("\0");
    return nul < 0 ? text : text.slice(0, nul);
  }

  #advance(count: number): number {
    const start = this.#position;
    if (start + count > this.#end) this.need(count);
    this.#position = start + count;
    return start;
  }

  /** The same bytes as a `Buffer`, made only if something needs its methods. */
  #buffer(): Buffer {
    const bytes = this.#bytes;
    this.#native ??= Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#native;
  }
}
