/** XDR: types as values, and their readers and writers. */
import { decoderOf, encoderOf } from "./derive.ts";
import { XdrError } from "./error.ts";
import { Reader } from "./reader.ts";
import type { Type } from "./type.ts";
import { Writer } from "./writer.ts";

export type { Decoder, Encoder } from "./codec.ts";
export * from "./combinators.ts";
export { decoderOf, encoderOf } from "./derive.ts";
export { XdrError } from "./error.ts";
export { Reader } from "./reader.ts";
export type { Arms, Fields, Of, Shape, StructOf, Type, UnionOf } from "./type.ts";
export { Writer } from "./writer.ts";

/**
 * Writes a value. When it fails the writer is as it was before, and the error is an `XdrError` that names the field.
 */
export function encode<T>(type: Type<T>, value: T, writer: Writer): void {
  const mark = writer.mark();
  try {
    encoderOf(type)(writer, value);
  } catch (error) {
    writer.reset(mark);
    throw error;
  }
}

/** Reads a value and leaves the reader behind it. Throws `XdrError`. */
export function decode<T>(type: Type<T>, reader: Reader): T {
  return decoderOf(type)(reader);
}

/** The bytes of one value. Throws `XdrError`. */
export function toBytes<T>(type: Type<T>, value: T): Uint8Array {
  const writer = new Writer();
  encode(type, value, writer);
  return writer.take();
}

/**
 * The one value that the bytes hold. Bytes left over are refused unless `trailing` says to ignore them, as libvirt's
 * daemon does. Throws `XdrError`.
 */
export function fromBytes<T>(
  type: Type<T>,
  bytes: Uint8Array,
  { trailing = "refuse" }: { readonly trailing?: "refuse" | "ignore" } = {},
): T {
  const reader = new Reader(bytes);
  const value = decode(type, reader);
  if (trailing === "refuse" && reader.remaining > 0) throw new XdrError(`${reader.remaining} bytes are left over`);
  return value;
}
