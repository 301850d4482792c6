/** What types are made of. */
import { STRING_MAX } from "../limits.ts";
import { smallest } from "./size.ts";
import type { Arms, Fields, StructOf, Type, UnionOf } from "./type.ts";

/** `int`: 32 bits, signed. */
export const int: Type<number> = { shape: { kind: "int" } };
/** `unsigned int`: 32 bits. */
export const uint: Type<number> = { shape: { kind: "uint" } };
/** `hyper`: 64 bits, signed. */
export const hyper: Type<bigint> = { shape: { kind: "hyper" } };
/** `unsigned hyper`: 64 bits. */
export const uhyper: Type<bigint> = { shape: { kind: "uhyper" } };
/** A truth value in one word. Any word but 0 reads as true, for not every client writes 1. */
export const bool: Type<boolean> = { shape: { kind: "bool" } };
/** `double`: IEEE 754, 64 bits. */
export const double: Type<number> = { shape: { kind: "double" } };
/** `char` as a number from -128 to 127, in a word of its own. */
export const char: Type<number> = { shape: { kind: "char" } };
/** `unsigned char`, in a word of its own. */
export const uchar: Type<number> = { shape: { kind: "uchar" } };
/** `unsigned short`, in a word of its own. */
export const ushort: Type<number> = { shape: { kind: "ushort" } };
/** Nothing, in no bytes. */
export const nothing: Type<void> = { shape: { kind: "void" } };

/** `string x<max>`: UTF-8 without NUL. `max` counts bytes. */
export function stringOf(max: number): Type<string> {
  return { shape: { kind: "string", max } };
}

/** `string x<REMOTE_STRING_MAX>`, the string of nearly every field. */
export const string: Type<string> = stringOf(STRING_MAX);

/** `opaque x<max>`: up to `max` bytes. */
export function opaque(max: number): Type<Uint8Array> {
  return { shape: { kind: "opaque", max } };
}

/** `opaque x[length]`: exactly that many bytes. */
export function fixedOpaque(length: number): Type<Uint8Array> {
  return { shape: { kind: "fixedOpaque", length } };
}

/** `char x<max>` holding bytes. XDR knows no arrays of characters, so each byte takes a word of its own. */
export function chars(max: number): Type<Uint8Array> {
  return { shape: { kind: "chars", max } };
}

/** `char x<max>` holding a C string: a word for each byte, the closing NUL included. */
export function text(max: number): Type<string> {
  return { shape: { kind: "text", max } };
}

/** `char x[length]` holding a C string: a word for each byte, filled up with NUL, of which there is at least one. */
export function fixedText(length: number): Type<string> {
  return { shape: { kind: "fixedText", length } };
}

/** `T *x`: a value or null. */
export function optional<T>(of: Type<T>): Type<T | null> {
  return { shape: { kind: "optional", of } };
}

/** `T x<max>`: up to `max` values, each of which takes bytes: else a length of four billion would fit in one word. */
export function array<T>(of: Type<T>, max: number): Type<readonly T[]> {
  if (smallest(of) === 0) throw new TypeError("the elements of an array must take bytes");
  return { shape: { kind: "array", of, max } };
}

/** `T x[length]`: exactly that many values. */
export function fixedArray<T>(of: Type<T>, length: number): Type<readonly T[]> {
  return { shape: { kind: "fixedArray", of, length } };
}

/** `struct { ... }`: its fields one after the other, in the order they are written here. */
export function struct<const F extends Fields>(fields: F): Type<StructOf<F>> {
  return { shape: { kind: "struct", fields } };
}

/** `union switch (int type) { case K: T value; ... }`: a value is `{ type: K, value }`. */
export function union<const A extends Arms>(arms: A): Type<UnionOf<A>> {
  return { shape: { kind: "union", arms } };
}

/** `enum { ... }`: one of the values listed, which are the only ones accepted. */
export function enumeration<const V extends Readonly<Record<string, number>>>(values: V): Type<V[keyof V]> {
  return { shape: { kind: "enumeration", values } };
}
