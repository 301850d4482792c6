/**
 * Types of the wire format (XDR, RFC 4506, as libvirt uses it) as plain data.
 *
 * A type carries its TypeScript counterpart as a phantom: `Of<typeof domain>` is the type of the values it describes.
 * What reads and writes those values is derived from `shape` (see `derive.ts`).
 */
export interface Type<out T = unknown> {
  readonly shape: Shape;
  /** Never there at run time. */
  readonly [phantom]?: T;
}

declare const phantom: unique symbol;

/** The TypeScript type of the values that a type describes. */
export type Of<T extends Type> = T extends Type<infer V> ? V : never;

/** What a type is made of. */
export type Shape =
  | { readonly kind: Word }
  | { readonly kind: "hyper" | "uhyper" | "double" | "void" }
  | { readonly kind: "string" | "opaque" | "chars" | "text"; readonly max: number }
  | { readonly kind: "fixedOpaque" | "fixedText"; readonly length: number }
  | { readonly kind: "optional"; readonly of: Type }
  | { readonly kind: "array"; readonly of: Type; readonly max: number }
  | { readonly kind: "fixedArray"; readonly of: Type; readonly length: number }
  | { readonly kind: "struct"; readonly fields: Fields }
  | { readonly kind: "union"; readonly arms: Arms }
  | { readonly kind: "enumeration"; readonly values: Readonly<Record<string, number>> };

/** The types that take one 4-byte word. */
export type Word = "int" | "uint" | "bool" | "char" | "uchar" | "ushort";

/** Fields of a structure, in the order of the wire. */
export type Fields = Readonly<Record<string, Type>>;

/** Arms of a union by the value of its discriminant. */
export type Arms = Readonly<Record<number, Type>>;

/** The value of a structure. (`& {}` makes the compiler show the fields in its messages rather than this name.) */
export type StructOf<F extends Fields> = { readonly [K in keyof F]: Of<F[K]> } & {};

/** The value of a union: which arm, and the arm's value. */
export type UnionOf<A extends Arms> = {
  readonly [K in keyof A & number]: { readonly type: K; readonly value: Of<A[K]> };
}[keyof A & number];
