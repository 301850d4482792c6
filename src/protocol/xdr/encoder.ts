/** Writers of values, derived from types. */
import { within, XdrError } from "./error.ts";
import type { Arms, Fields, Shape, Type, Word } from "./type.ts";
import type { Writer } from "./writer.ts";

/** Writes a value of one type; throws `XdrError` for a value that is not of the type or breaks a limit. */
export type Encoder<T> = (writer: Writer, value: T) => void;

type Write = Encoder<unknown>;

const encoders = new WeakMap<Type, Write>();

/** What writes values of a type, derived from its shape when first asked for. */
export function encoderOf<T>(type: Type<T>): Encoder<T> {
  let encoder = encoders.get(type);
  if (encoder === undefined) {
    encoder = derive(type.shape);
    encoders.set(type, encoder);
  }
  return encoder as Encoder<T>;
}

function derive(shape: Shape): Write {
  switch (shape.kind) {
    case "void":
      return () => {};
    case "hyper":
      return hyper;
    case "uhyper":
      return uhyper;
    case "double":
      return double;
    case "string":
      return string(shape.max);
    case "opaque":
      return opaque(shape.max);
    case "fixedOpaque":
      return fixedOpaque(shape.length);
    case "chars":
      return chars(shape.max);
    case "text":
      return text(shape.max);
    case "fixedText":
      return fixedText(shape.length);
    case "optional":
      return optional(shape.of);
    case "array":
      return array(shape.of, shape.max);
    case "fixedArray":
      return fixedArray(shape.of, shape.length);
    case "struct":
      return struct(shape.fields);
    case "union":
      return union(shape.arms);
    case "enumeration":
      return enumeration(shape.values);
    default:
      return words[shape.kind];
  }
}

function refuse(expected: string, value: unknown): never {
  throw new XdrError(`expected ${expected}, got ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "bigint" || typeof value === "number") return `${typeof value} ${value}`;
  return Array.isArray(value) ? "an array" : typeof value;
}

/** A whole number in a range, in one word. */
function whole(name: string, min: number, max: number): Write {
  return (writer, value) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) refuse(name, value);
    writer.word(value as number);
  };
}

const words: Readonly<Record<Word, Write>> = {
  int: (writer, value) => {
    if (typeof value !== "number" || (value | 0) !== value) refuse("a signed 32-bit integer", value);
    writer.word(value as number);
  },
  uint: (writer, value) => {
    if (typeof value !== "number" || value >>> 0 !== value) refuse("an unsigned 32-bit integer", value);
    writer.word(value as number);
  },
  bool: (writer, value) => {
    if (typeof value !== "boolean") refuse("a boolean", value);
    writer.word(value ? 1 : 0);
  },
  char: whole("a signed 8-bit integer", -128, 127),
  uchar: whole("an unsigned 8-bit integer", 0, 255),
  ushort: whole("an unsigned 16-bit integer", 0, 65535),
};

const hyper: Write = (writer, value) => {
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) refuse("a signed 64-bit bigint", value);
  writer.hyper(value as bigint);
};

const uhyper: Write = (writer, value) => {
  if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) refuse("an unsigned 64-bit bigint", value);
  writer.uhyper(value as bigint);
};

const double: Write = (writer, value) => {
  if (typeof value !== "number") refuse("a number", value);
  writer.double(value as number);
};

function string(max: number): Write {
  return (writer, value) => {
    if (typeof value !== "string") refuse("a string", value);
    writer.string(value as string, max);
  };
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : refuse("a Uint8Array", value);
}

function opaque(max: number): Write {
  return (writer, value) => {
    const bytes = bytesOf(value);
    checkLimit("opaque data", bytes.length, max);
    writer.word(bytes.length);
    writer.bytes(bytes);
  };
}

function fixedOpaque(length: number): Write {
  return (writer, value) => {
    const bytes = bytesOf(value);
    if (bytes.length !== length) throw new XdrError(`expected ${length} bytes, got ${bytes.length}`);
    writer.bytes(bytes);
  };
}

/** A byte in a word of its own, with the sign that `char` has in C on most machines. */
function writeChar(writer: Writer, byte: number): void {
  writer.word((byte << 24) >> 24);
}

function chars(max: number): Write {
  return (writer, value) => {
    const bytes = bytesOf(value);
    checkLimit("array", bytes.length, max);
    writer.word(bytes.length);
    for (const byte of bytes) writeChar(writer, byte);
  };
}

/** The bytes of a C string, without the NUL at its end. */
function cString(value: unknown): Uint8Array {
  if (typeof value !== "string") refuse("a string", value);
  if ((value as string).includes("\0")) throw new XdrError("a string must not contain NUL");
  return Buffer.from(value as string, "utf8");
}

function text(max: number): Write {
  return (writer, value) => {
    const bytes = cString(value);
    checkLimit("string with its NUL", bytes.length + 1, max);
    writer.word(bytes.length + 1);
    for (const byte of bytes) writeChar(writer, byte);
    writer.word(0);
  };
}

function fixedText(length: number): Write {
  return (writer, value) => {
    const bytes = cString(value);
    checkLimit("string", bytes.length, length - 1);
    for (let i = 0; i < length; i++) writeChar(writer, bytes[i] ?? 0);
  };
}

function optional(of: Type): Write {
  const write = encoderOf(of);
  return (writer, value) => {
    if (value === null) return writer.word(0);
    writer.word(1);
    write(writer, value);
  };
}

function array(of: Type, max: number): Write {
  const write = elements(of);
  return (writer, value) => {
    if (!Array.isArray(value)) refuse("an array", value);
    const values = value as readonly unknown[];
    checkLimit("array", values.length, max);
    writer.word(values.length);
    write(writer, values);
  };
}

function fixedArray(of: Type, length: number): Write {
  const write = elements(of);
  return (writer, value) => {
    if (!Array.isArray(value)) refuse("an array", value);
    const values = value as readonly unknown[];
    if (values.length !== length) throw new XdrError(`expected ${length} elements, got ${values.length}`);
    write(writer, values);
  };
}

function elements(of: Type): Encoder<readonly unknown[]> {
  const write = encoderOf(of);
  return (writer, values) => {
    let i = 0;
    try {
      for (; i < values.length; i++) write(writer, values[i]);
    } catch (error) {
      throw within(error, i);
    }
  };
}

function checkLimit(what: string, length: number, max: number): void {
  if (length > max) throw new XdrError(`${what} of ${length}, the limit is ${max}`);
}

function struct(fields: Fields): Write {
  const names = Object.keys(fields);
  const writes = Object.values(fields).map(encoderOf);
  return (writer, value) => {
    if (typeof value !== "object" || value === null) refuse("an object", value);
    const values = value as Readonly<Record<string, unknown>>;
    let i = 0;
    try {
      for (; i < writes.length; i++) (writes[i] as Write)(writer, values[names[i] as string]);
    } catch (error) {
      throw within(error, names[i] as string);
    }
  };
}

function union(arms: Arms): Write {
  const writes = new Map(Object.entries(arms).map(([type, arm]) => [Number(type), encoderOf(arm)]));
  return (writer, value) => {
    if (typeof value !== "object" || value === null) refuse("an object", value);
    const { type, value: inner } = value as { readonly type: number; readonly value: unknown };
    const write = writes.get(type);
    if (write === undefined) throw new XdrError(`a union has no arm ${describe(type)}`);
    writer.word(type);
    try {
      write(writer, inner);
    } catch (error) {
      throw within(error, "value");
    }
  };
}

function enumeration(values: Readonly<Record<string, number>>): Write {
  const known = new Set<unknown>(Object.values(values));
  const names = Object.keys(values).join(", ");
  return (writer, value) => {
    if (!known.has(value)) refuse(`one of ${names}`, value);
    writer.word(value as number);
  };
}
