/** How values of one type are written and read: both sides of each rule of the wire stand together. */
import { XdrError } from "./error.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** Writes a value of one type; throws `XdrError` for a value that is not of the type or breaks a limit. */
export type Encoder<T> = (writer: Writer, value: T) => void;

/** Reads a value of one type; throws `XdrError` when the bytes are no such value. */
export type Decoder<T> = (reader: Reader) => T;

export interface Codec {
  readonly write: Encoder<unknown>;
  readonly read: Decoder<unknown>;
}

export function refuse(expected: string, value: unknown): never {
  throw new XdrError(`expected ${expected}, got ${describe(value)}`);
}

/** A value in messages. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "bigint" || typeof value === "number") return `${typeof value} ${value}`;
  return Array.isArray(value) ? "an array" : typeof value;
}

export function checkLimit(what: string, length: number, max: number): void {
  if (length > max) throw new XdrError(`${what} of ${length}, the limit is ${max}`);
}
