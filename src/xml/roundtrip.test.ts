import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  attr,
  bytes,
  child,
  content,
  cpuset,
  document,
  fields,
  flag,
  hex,
  inline,
  int,
  kibAttr,
  lazy,
  leaf,
  leaves,
  mac,
  many,
  manyOf,
  nonEmpty,
  oneOf,
  only,
  type Shape,
  type Simplify,
  text,
  uint,
  ulong,
  uuid,
  type Values,
  variants,
  yesNo,
} from "./index.ts";

/** One of every kind of field. */
const everyKind = {
  name: attr(text).required(),
  count: attr(uint()).omit(0),
  mode: attr(oneOf("a", "b")).default("a"),
  address: child({ type: attr(text), domain: attr(hex(4)).default(0), on: attr(yesNo) }).empty("keep"),
  place: inline(
    variants(
      "type",
      { file: { path: leaf(nonEmpty) }, dir: {}, net: { hosts: many({ n: attr(int) }) } },
      { optional: true },
    ),
  ),
  memory: child({ size: kibAttr(), cpus: attr(cpuset) }).empty("keep"),
  uuid: leaf(uuid),
  mac: only("address", mac),
  title: leaf(nonEmpty),
  bytes: bytes(),
  flags: leaves(nonEmpty).named("f"),
  readonly: flag(),
  items: manyOf({ x: { v: content(nonEmpty) }, y: { v: attr(ulong) } }),
};
interface Everything extends Simplify<Values<typeof everyKind>> {
  inner?: Everything | undefined;
}
const everything: Shape<Everything> = fields({ ...everyKind, inner: child(lazy(() => everything)).empty("keep") });
const doc = document("e", everything);

/** Characters that XML keeps as they are: no control characters, no halves of pairs. */
const anyText = fc
  .string({ unit: "binary", maxLength: 12 })
  .map((from) => from.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ""));
const someText = anyText.map((from) => `${from}x`);
const small = fc.nat(1000);
const big = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const maybe = <T>(values: Record<string, fc.Arbitrary<T>>, required: string[] = []): fc.Arbitrary<object> =>
  fc.record<Record<string, T>, string>(values, { requiredKeys: required });

const place = fc.oneof(
  maybe<unknown>({ type: fc.constant("file"), path: someText }, ["type"]),
  fc.constant({ type: "dir" }),
  fc.record({
    type: fc.constant("net"),
    hosts: fc.array(fc.record({ n: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }), { maxLength: 3 }),
  }),
);

const { value: arbitrary } = fc.letrec<{ value: object }>((tie) => ({
  value: fc.record(
    {
      name: anyText,
      count: small,
      mode: fc.constantFrom("a", "b"),
      address: maybe<unknown>({ type: anyText, domain: small, on: fc.boolean() }, ["domain"]),
      place,
      memory: maybe<unknown>({
        size: fc.bigInt({ min: 0n, max: (1n << 54n) - 1n }),
        cpus: fc.uniqueArray(small, { minLength: 1, maxLength: 9 }).map((cpus) => cpus.sort((a, b) => a - b)),
      }),
      uuid: fc.uuid(),
      mac: fc.constantFrom("52:54:00:01:02:ff", "00:00:00:00:00:00"),
      title: someText,
      bytes: big,
      flags: fc.array(someText, { maxLength: 3 }),
      readonly: fc.boolean(),
      items: fc.array(
        fc.oneof(
          fc.record({ element: fc.constant("x"), v: someText }),
          fc.record({ element: fc.constant("y"), v: big }),
        ),
        { maxLength: 3 },
      ),
      inner: fc.oneof({ depthSize: "small", withCrossShrink: true }, fc.constant(undefined), tie("value")),
    },
    { requiredKeys: ["name", "count", "mode", "flags", "readonly", "items"] },
  ),
}));

const clean = (value: object): Everything =>
  JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)),
    (_key, part: unknown) => (typeof part === "string" && /^\d+n$/.test(part) ? BigInt(part.slice(0, -1)) : part),
  ) as Everything;

test("what is printed is read back the same, and nothing of it is unknown", () => {
  fc.assert(
    fc.property(arbitrary, (given) => {
      const value = clean(given);
      const xml = doc.format(value);
      const { value: read, unknown } = doc.read(xml);
      assert.deepEqual(read, value);
      assert.deepEqual(unknown, []);
      assert.equal(doc.format(read), xml);
      assert.deepEqual(doc.make(value), value);
    }),
    { numRuns: 300 },
  );
});

test("any text is read or refused, never a crash", () => {
  const pieces = fc.constantFrom(
    "<e",
    " name='a'",
    ">",
    "</e>",
    "<f>",
    "</f>",
    "&lt;",
    "&",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "'",
    "x",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }), (parts) => {
      try {
        doc.parse(parts.join(""));
      } catch (error) {
        assert.equal((error as Error).name, "LibvirtError");
      }
    }),
    { numRuns: 500 },
  );
});
