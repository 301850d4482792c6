/** Numbers: words of 4 bytes, hypers of 8, enumerations. */
import { type Codec, refuse } from "./codec.ts";
import { XdrError } from "./error.ts";
import type { Word } from "./type.ts";

const int: Codec = {
  write(writer, value) {
    if (typeof value !== "number" || (value | 0) !== value) refuse("a signed 32-bit integer", value);
    writer.word(value as number);
  },
  read: (reader) => reader.int(),
};

const uint: Codec = {
  write(writer, value) {
    if (typeof value !== "number" || value >>> 0 !== value) refuse("an unsigned 32-bit integer", value);
    writer.word(value as number);
  },
  read: (reader) => reader.word(),
};

const bool: Codec = {
  write(writer, value) {
    if (typeof value !== "boolean") refuse("a boolean", value);
    writer.word(value ? 1 : 0);
  },
  read: (reader) => reader.int() !== 0,
};

/** A whole number in a range, in one word. */
function whole(name: string, min: number, max: number): Codec {
  return {
    write(writer, value) {
      if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) refuse(name, value);
      writer.word(value as number);
    },
    read(reader) {
      const value = reader.int();
      if (value < min || value > max) throw new XdrError(`expected ${name}, got ${value}`);
      return value;
    },
  };
}

export const words: Readonly<Record<Word, Codec>> = {
  int,
  uint,
  bool,
  char: whole("a signed 8-bit integer", -128, 127),
  uchar: whole("an unsigned 8-bit integer", 0, 255),
  ushort: whole("an unsigned 16-bit integer", 0, 65535),
};

export const hyper: Codec = {
  write(writer, value) {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) refuse("a signed 64-bit bigint", value);
    writer.hyper(value as bigint);
  },
  read: (reader) => reader.hyper(),
};

export const uhyper: Codec = {
  write(writer, value) {
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) refuse("an unsigned 64-bit bigint", value);
    writer.uhyper(value as bigint);
  },
  read: (reader) => reader.uhyper(),
};

export const double: Codec = {
  write(writer, value) {
    if (typeof value !== "number") refuse("a number", value);
    writer.double(value as number);
  },
  read: (reader) => reader.double(),
};

export function enumeration(values: Readonly<Record<string, number>>): Codec {
  const known = new Set<unknown>(Object.values(values));
  const expected = `one of ${Object.keys(values).join(", ")}`;
  return {
    write(writer, value) {
      if (!known.has(value)) refuse(expected, value);
      writer.word(value as number);
    },
    read(reader) {
      const value = reader.int();
      if (!known.has(value)) throw new XdrError(`expected ${expected}, got ${value}`);
      return value;
    },
  };
}
