/** Strings and bytes. */
import { type Codec, checkLimit, refuse } from "./codec.ts";
import { XdrError } from "./error.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

export function string(max: number): Codec {
  return {
    write(writer, value) {
      if (typeof value !== "string") refuse("a string", value);
      writer.string(value as string, max);
    },
    read: (reader) => reader.string(max),
  };
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : refuse("a Uint8Array", value);
}

export function opaque(max: number): Codec {
  return {
    write(writer, value) {
      const bytes = bytesOf(value);
      checkLimit("opaque data", bytes.length, max);
      writer.word(bytes.length);
      writer.bytes(bytes);
    },
    read: (reader) => reader.bytes(reader.length(max, "opaque data")),
  };
}

export function fixedOpaque(length: number): Codec {
  return {
    write(writer, value) {
      const bytes = bytesOf(value);
      if (bytes.length !== length) throw new XdrError(`expected ${length} bytes, got ${bytes.length}`);
      writer.bytes(bytes);
    },
    read: (reader) => reader.bytes(length),
  };
}

/** A byte in a word of its own, with the sign that `char` has in C on most machines. */
function writeChar(writer: Writer, byte: number): void {
  writer.word((byte << 24) >> 24);
}

/** Bytes in a word each. Of a word only the low byte counts: whether `char` has a sign differs between machines. */
function readChars(reader: Reader, length: number): Uint8Array {
  reader.need(length * 4);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = reader.int();
  return bytes;
}

export function chars(max: number): Codec {
  return {
    write(writer, value) {
      const bytes = bytesOf(value);
      checkLimit("array", bytes.length, max);
      writer.word(bytes.length);
      for (const byte of bytes) writeChar(writer, byte);
    },
    read: (reader) => readChars(reader, reader.length(max, "array")),
  };
}

/** The bytes of a C string, without the NUL at its end. */
function bytesOfText(value: unknown): Uint8Array {
  if (typeof value !== "string") refuse("a string", value);
  if ((value as string).includes("\0")) throw new XdrError("a string must not contain NUL");
  return Buffer.from(value as string, "utf8");
}

/** What stands before the NUL. */
function textOfBytes(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return Buffer.from(bytes.buffer, 0, nul < 0 ? bytes.length : nul).toString("utf8");
}

export function text(max: number): Codec {
  const what = "string with its NUL";
  return {
    write(writer, value) {
      const bytes = bytesOfText(value);
      checkLimit(what, bytes.length + 1, max);
      writer.word(bytes.length + 1);
      for (const byte of bytes) writeChar(writer, byte);
      writer.word(0);
    },
    read: (reader) => textOfBytes(readChars(reader, reader.length(max, what))),
  };
}

export function fixedText(length: number): Codec {
  return {
    write(writer, value) {
      const bytes = bytesOfText(value);
      checkLimit("string", bytes.length, length - 1);
      for (let i = 0; i < length; i++) writeChar(writer, bytes[i] ?? 0);
    },
    read: (reader) => textOfBytes(readChars(reader, length)),
  };
}
