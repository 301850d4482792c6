/**
 * C structures as values: members in their order with their types; offsets and size follow from the rules of C on
 * x86-64 and arm64, little-endian. Numbers of 64 bits are bigint.
 */

/** How a member is laid out. */
export interface MemberType<T> {
  readonly size: number;
  readonly alignment: number;
  read(bytes: Buffer, at: number): T;
  write(bytes: Buffer, at: number, value: T): void;
}

export const u8: MemberType<number> = {
  size: 1,
  alignment: 1,
  read: (bytes, at) => bytes.readUInt8(at),
  write: (bytes, at, value) => void bytes.writeUInt8(value, at),
};

export const u16: MemberType<number> = {
  size: 2,
  alignment: 2,
  read: (bytes, at) => bytes.readUInt16LE(at),
  write: (bytes, at, value) => void bytes.writeUInt16LE(value, at),
};

export const u32: MemberType<number> = {
  size: 4,
  alignment: 4,
  read: (bytes, at) => bytes.readUInt32LE(at),
  write: (bytes, at, value) => void bytes.writeUInt32LE(value >>> 0, at),
};

export const u64: MemberType<bigint> = {
  size: 8,
  alignment: 8,
  read: (bytes, at) => bytes.readBigUInt64LE(at),
  write: (bytes, at, value) => void bytes.writeBigUInt64LE(value, at),
};

/** So many bytes as they are; what is read is a copy. */
export function bytes(size: number): MemberType<Uint8Array> {
  return {
    size,
    alignment: 1,
    read: (from, at) => new Uint8Array(from.subarray(at, at + size)),
    write: (to, at, value) => void to.set(value.subarray(0, size), at),
  };
}

/** A member whatever its type. */
interface AnyMember {
  readonly size: number;
  readonly alignment: number;
  read(bytes: Buffer, at: number): unknown;
  // A method, so that each type of member is one of these.
  write(bytes: Buffer, at: number, value: never): void;
}
/** The members of a structure, by name and in order. */
export type Members = Readonly<Record<string, AnyMember>>;
type ValueOf<T extends AnyMember> = ReturnType<T["read"]>;
export type ValuesOf<M extends Members> = { readonly [Name in keyof M]: ValueOf<M[Name]> };

/** A structure: where its members are, and how they are read and written. */
export interface Structure<M extends Members> {
  readonly size: number;
  readonly offsets: Readonly<Record<string, number>>;
  /** All members of the structure that begins at `at`. */
  read(bytes: Buffer, at?: number): ValuesOf<M>;
  /** Writes the members that are given; the others stay as they are. */
  write(bytes: Buffer, values: Partial<ValuesOf<M>>, at?: number): void;
}

const aligned = (offset: number, alignment: number): number => Math.ceil(offset / alignment) * alignment;

export function structure<M extends Members>(members: M): Structure<M> {
  const offsets: Record<string, number> = {};
  let end = 0;
  let widest = 1;
  for (const [name, { size, alignment }] of Object.entries(members)) {
    offsets[name] = aligned(end, alignment);
    end = offsets[name] + size;
    widest = Math.max(widest, alignment);
  }
  const entries = Object.entries(members).map(([name, type]) => ({ name, type, offset: offsets[name] ?? 0 }));
  return {
    size: aligned(end, widest),
    offsets,
    read: (from, at = 0) =>
      Object.fromEntries(entries.map(({ name, type, offset }) => [name, type.read(from, at + offset)])) as ValuesOf<M>,
    write(to, values, at = 0) {
      for (const { name, type, offset } of entries) {
        const value = values[name as keyof M];
        if (value !== undefined) type.write(to, at + offset, value as never);
      }
    },
  };
}
