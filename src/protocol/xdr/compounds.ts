/** What is made of other types: optional values, arrays, structures, unions. */
import { type Codec, checkLimit, type Decoder, describe, type Encoder, refuse } from "./codec.ts";
import { within, XdrError } from "./error.ts";
import type { Reader } from "./reader.ts";

export function optional({ write, read }: Codec): Codec {
  return {
    write(writer, value) {
      if (value === null) return writer.word(0);
      writer.word(1);
      write(writer, value);
    },
    read: (reader) => (reader.int() === 0 ? null : read(reader)),
  };
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse("an array", value);
}

export function array(of: Codec, size: number, max: number): Codec {
  const write = writeElements(of);
  const read = readElements(of, size);
  return {
    write(writer, value) {
      const values = arrayOf(value);
      checkLimit("array", values.length, max);
      writer.word(values.length);
      write(writer, values);
    },
    read: (reader) => read(reader, reader.length(max, "array")),
  };
}

export function fixedArray(of: Codec, size: number, length: number): Codec {
  const write = writeElements(of);
  const read = readElements(of, size);
  return {
    write(writer, value) {
      const values = arrayOf(value);
      if (values.length !== length) throw new XdrError(`expected ${length} elements, got ${values.length}`);
      write(writer, values);
    },
    read: (reader) => read(reader, length),
  };
}

function writeElements({ write }: Codec): Encoder<readonly unknown[]> {
  return (writer, values) => {
    let i = 0;
    try {
      for (; i < values.length; i++) write(writer, values[i]);
    } catch (error) {
      throw within(error, i);
    }
  };
}

/** @param size the fewest bytes that an element takes */
function readElements({ read }: Codec, size: number): (reader: Reader, count: number) => readonly unknown[] {
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

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) refuse("an object", value);
  return value as Readonly<Record<string, unknown>>;
}

export function struct(fields: Readonly<Record<string, Codec>>): Codec {
  const names = Object.keys(fields);
  const codecs = Object.values(fields);
  const writes = codecs.map(({ write }) => write);
  const reads = codecs.map(({ read }) => read);
  return {
    write(writer, value) {
      const values = objectOf(value);
      let i = 0;
      try {
        for (; i < writes.length; i++) (writes[i] as Encoder<unknown>)(writer, values[names[i] as string]);
      } catch (error) {
        throw within(error, names[i] as string);
      }
    },
    read(reader) {
      const value: Record<string, unknown> = {};
      let i = 0;
      try {
        for (; i < reads.length; i++) value[names[i] as string] = (reads[i] as Decoder<unknown>)(reader);
      } catch (error) {
        throw within(error, names[i] as string);
      }
      return value;
    },
  };
}

/** @param arms by the value of the discriminant */
export function union(arms: ReadonlyMap<number, Codec>): Codec {
  return {
    write(writer, value) {
      const { type, value: inner } = objectOf(value) as { readonly type: number; readonly value: unknown };
      const arm = arms.get(type);
      if (arm === undefined) throw new XdrError(`a union has no arm ${describe(type)}`);
      writer.word(type);
      try {
        arm.write(writer, inner);
      } catch (error) {
        throw within(error, "value");
      }
    },
    read(reader) {
      const type = reader.int();
      const arm = arms.get(type);
      if (arm === undefined) throw new XdrError(`a union has no arm ${type}`);
      try {
        return { type, value: arm.read(reader) };
      } catch (error) {
        throw within(error, "value");
      }
    },
  };
}
