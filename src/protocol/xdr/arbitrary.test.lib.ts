import fc from "fast-check";
import type { Fields, Type } from "./type.ts";

/** The longest array or string that is tried; limits themselves have tests of their own. */
const LONGEST = 5;

const withoutNul = fc.string({ unit: "binary", maxLength: 40 }).map((text) => text.replaceAll("\0", "."));

/** Any value of a type, for property tests. */
export function arbitrary<T>(type: Type<T>): fc.Arbitrary<T> {
  return derive(type) as fc.Arbitrary<T>;
}

function derive({ shape }: Type): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case "void":
      return fc.constant(undefined);
    case "int":
      return fc.integer({ min: -0x80000000, max: 0x7fffffff });
    case "uint":
      return fc.integer({ min: 0, max: 0xffffffff });
    case "hyper":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "uhyper":
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case "bool":
      return fc.boolean();
    case "double":
      return fc.double();
    case "char":
      return fc.integer({ min: -128, max: 127 });
    case "uchar":
      return fc.integer({ min: 0, max: 255 });
    case "ushort":
      return fc.integer({ min: 0, max: 65535 });
    case "string":
      return textUpTo(shape.max);
    case "text":
      return textUpTo(shape.max - 1);
    case "fixedText":
      return textUpTo(shape.length - 1);
    case "opaque":
    case "chars":
      return fc.uint8Array({ maxLength: Math.min(shape.max, 40) });
    case "fixedOpaque":
      return fc.uint8Array({ minLength: shape.length, maxLength: shape.length });
    case "optional":
      return fc.option(derive(shape.of));
    case "array":
      return fc.array(derive(shape.of), { maxLength: Math.min(shape.max, LONGEST) });
    case "fixedArray":
      return fc.array(derive(shape.of), { minLength: shape.length, maxLength: shape.length });
    case "struct":
      return fc.record(recordOf(shape.fields), { noNullPrototype: true });
    case "union":
      return fc.oneof(
        ...Object.entries(shape.arms).map(([type, arm]) =>
          fc.record({ type: fc.constant(Number(type)), value: derive(arm) }, { noNullPrototype: true }),
        ),
      );
    case "enumeration":
      return fc.constantFrom(...Object.values(shape.values));
  }
}

function recordOf(fields: Fields): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, derive(field)]));
}

function textUpTo(bytes: number): fc.Arbitrary<string> {
  return withoutNul.filter((text) => Buffer.byteLength(text) <= bytes);
}
