/** Readers of values, derived from types. */
import { within, XdrError } from "./error.ts";
import type { Reader } from "./reader.ts";
import { smallest } from "./size.ts";
import type { Arms, Fields, Shape, Type, Word } from "./type.ts";

/** Reads a value of one type; throws `XdrError` when the bytes are no such value. */
export type Decoder<T> = (reader: Reader) => T;

type Read = Decoder<unknown>;

const decoders = new WeakMap<Type, Read>();

/** What reads values of a type, derived from its shape when first asked for. */
export function decoderOf<T>(type: Type<T>): Decoder<T> {
  let decoder = decoders.get(type);
  if (decoder === undefined) {
    decoder = derive(type.shape);
    decoders.set(type, decoder);
  }
  return decoder as Decoder<T>;
}

function derive(shape: Shape): Read {
  switch (shape.kind) {
    case "void":
      return () => undefined;
    case "hyper":
      return (reader) => reader.hyper();
    case "uhyper":
      return (reader) => reader.uhyper();
    case "double":
      return (reader) => reader.double();
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

const words: Readonly<Record<Word, Read>> = {
  int: (reader) => reader.int(),
  uint: (reader) => reader.word(),
  bool: (reader) => reader.int() !== 0,
  char: whole("a signed 8-bit integer", -128, 127),
  uchar: whole("an unsigned 8-bit integer", 0, 255),
  ushort: whole("an unsigned 16-bit integer", 0, 65535),
};

function whole(name: string, min: number, max: number): Read {
  return (reader) => {
    const value = reader.int();
    if (value < min || value > max) throw new XdrError(`expected ${name}, got ${value}`);
    return value;
  };
}

function string(max: number): Read {
  return (reader) => reader.string(max);
}

function opaque(max: number): Read {
  return (reader) => reader.bytes(reader.length(max, "opaque data"));
}

function fixedOpaque(length: number): Read {
  return (reader) => reader.bytes(length);
}

/** Bytes in a word each. Of a word only the low byte counts: whether `char` has a sign differs between machines. */
function readChars(reader: Reader, length: number): Uint8Array {
  reader.need(length * 4);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = reader.int();
  return bytes;
}

function chars(max: number): Read {
  return (reader) => readChars(reader, reader.length(max, "array"));
}

function cString(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return Buffer.from(bytes.buffer, 0, nul < 0 ? bytes.length : nul).toString("utf8");
}

function text(max: number): Read {
  return (reader) => cString(readChars(reader, reader.length(max, "string with its NUL")));
}

function fixedText(length: number): Read {
  return (reader) => cString(readChars(reader, length));
}

function optional(of: Type): Read {
  const read = decoderOf(of);
  return (reader) => (reader.int() === 0 ? null : read(reader));
}

function array(of: Type, max: number): Read {
  const read = elements(of);
  return (reader) => read(reader, reader.length(max, "array"));
}

function fixedArray(of: Type, length: number): Read {
  const read = elements(of);
  return (reader) => read(reader, length);
}

function elements(of: Type): (reader: Reader, count: number) => readonly unknown[] {
  const read = decoderOf(of);
  const size = smallest(of);
  return (reader, count) => {
    // Before anything is allocated: a length that the rest of the message cannot hold is a lie.
    reader.need(count * size);
    const values: unknown[] = [];
    try {
      while (values.length < count) values.push(read(reader));
    } catch (error) {
      throw within(error, values.length);
    }
    return values;
  };
}

function struct(fields: Fields): Read {
  const names = Object.keys(fields);
  const reads = Object.values(fields).map(decoderOf);
  return (reader) => {
    const value: Record<string, unknown> = {};
    let i = 0;
    try {
      for (; i < reads.length; i++) value[names[i] as string] = (reads[i] as Read)(reader);
    } catch (error) {
      throw within(error, names[i] as string);
    }
    return value;
  };
}

function union(arms: Arms): Read {
  const reads = new Map(Object.entries(arms).map(([type, arm]) => [Number(type), decoderOf(arm)]));
  return (reader) => {
    const type = reader.int();
    const read = reads.get(type);
    if (read === undefined) throw new XdrError(`a union has no arm ${type}`);
    try {
      return { type, value: read(reader) };
    } catch (error) {
      throw within(error, "value");
    }
  };
}

function enumeration(values: Readonly<Record<string, number>>): Read {
  const known = new Set(Object.values(values));
  const names = Object.keys(values).join(", ");
  return (reader) => {
    const value = reader.int();
    if (!known.has(value)) throw new XdrError(`expected one of ${names}, got ${value}`);
    return value;
  };
}
