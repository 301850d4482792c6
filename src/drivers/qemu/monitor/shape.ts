/**
 * What an answer must look like: one value that checks it and gives it a TypeScript type.
 *
 * QEMU is the process that a hostile guest breaks into first, so nothing it says is believed before it has been
 * checked. Members that a shape does not name are ignored: newer QEMUs add some.
 */
import { isJsonObject, type Json, type JsonObject } from "./json.ts";

/** Checks a value, gives it back as T. `path` says in errors which part was wrong. */
export type Shape<T> = (value: Json | undefined, path: string) => T;
/** The TypeScript type that a shape gives. */
export type Of<S> = S extends Shape<infer T> ? T : never;

/** An answer is not what it must be; the caller says whose answer it was. */
class ShapeError extends Error {
  override readonly name = "ShapeError";
  constructor(path: string, expected: string, value: Json | undefined) {
    super(`${path || "answer"}: expected ${expected}, got ${kindOf(value)}`);
  }
}

function kindOf(value: Json | undefined): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : value === undefined ? "nothing" : `a ${typeof value}`;
}

/** For answers that carry nothing: `{}` or whatever stands there. */
export const nothing: Shape<void> = () => undefined;

export const string: Shape<string> = (value, path) => {
  if (typeof value !== "string") throw new ShapeError(path, "a string", value);
  return value;
};

export const boolean: Shape<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw new ShapeError(path, "a boolean", value);
  return value;
};

export const number: Shape<number> = (value, path) => {
  if (typeof value !== "number") throw new ShapeError(path, "a number", value);
  return value;
};

/** An integer that fits a JavaScript number exactly. */
export const int: Shape<number> = (value, path) => {
  if (!Number.isSafeInteger(value)) throw new ShapeError(path, "an integer below 2^53", value);
  return value as number;
};

/** A signed or unsigned 64-bit integer. */
export const int64: Shape<bigint> = (value, path) => {
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return BigInt(value as bigint | number);
  throw new ShapeError(path, "an integer", value);
};

export const object: Shape<JsonObject> = (value, path) => {
  if (!isJsonObject(value)) throw new ShapeError(path, "an object", value);
  return value;
};

/** A member that may be missing. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, path) => (value === undefined ? undefined : shape(value, path));
}

/** A value that may be null. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path));
}

export function array<T>(item: Shape<T>): Shape<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ShapeError(path, "an array", value);
    return value.map((v: Json, i) => item(v, `${path}[${i}]`));
  };
}

/** An object with members of one kind under any names. */
export function record<T>(item: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return (value, path) =>
    new Map(Object.entries(object(value, path)).map(([key, member]) => [key, item(member, join(path, key))]));
}

/** An object with these members. */
export function fields<F extends { readonly [name: string]: Shape<unknown> }>(
  members: F,
): Shape<{ readonly [K in keyof F]: Of<F[K]> }> {
  const entries = Object.entries(members);
  return (value, path) => {
    const from = object(value, path);
    const out: Record<string, unknown> = {};
    for (const [key, shape] of entries) out[key] = shape(from[key], join(path, key));
    return out as { readonly [K in keyof F]: Of<F[K]> };
  };
}

/** A shape that refers to itself. */
export function lazy<T>(make: () => Shape<T>): Shape<T> {
  return (value, path) => make()(value, path);
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
