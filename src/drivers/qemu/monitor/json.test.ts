import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Json, MAX_DEPTH, parseJson, stringifyJson } from "./json.ts";

test("integers of 64 bits keep every digit", () => {
  assert.deepEqual(parseJson('{"a":18446744073709551615,"b":[-9223372036854775808,1]}'), {
    a: 18446744073709551615n,
    b: [-9223372036854775808n, 1],
  });
  assert.equal(stringifyJson({ a: 18446744073709551615n, b: undefined }), '{"a":18446744073709551615}');
});

test("long digits in strings and fractions are left alone", () => {
  assert.deepEqual(parseJson('{"12345678901234567890":"12345678901234567890","x":0.1250000000000000000000}'), {
    "12345678901234567890": "12345678901234567890",
    x: 0.125,
  });
});

test("a key named __proto__ stays a key", () => {
  const value = parseJson('{"__proto__":{"x":1234567890123456789}}');
  assert.deepEqual(Object.keys(value as object), ["__proto__"]);
});

test("what is no JSON is refused on both ways", () => {
  for (const text of ["", "{", "[1,]", '{"a" 1}', "[1 2]", "tru", '"abc', "01", "1]", "{,}", "[,1]"]) {
    assert.throws(() => parseJson(text), SyntaxError, text);
    const long = `[1234567890123456789, ${text}]`;
    if (text !== "1]") assert.throws(() => parseJson(long), SyntaxError, long);
  }
});

test("nesting is bounded, brackets in strings do not count", () => {
  const deep = (n: number) => "[".repeat(n) + "]".repeat(n);
  assert.ok(parseJson(deep(MAX_DEPTH)));
  assert.throws(() => parseJson(deep(MAX_DEPTH + 1)), /nested/);
  assert.equal(parseJson(JSON.stringify('\\"'.repeat(9) + "[".repeat(1000))), '\\"'.repeat(9) + "[".repeat(1000));
});

/** What a value must be read as: integers beyond 2^53 are bigint, everything else as JSON.parse has it. */
function exact(value: Json): Json {
  if (typeof value === "number") {
    return Number.isInteger(value) && /^-?\d{16,}$/.test(`${value}`) && !Number.isSafeInteger(value)
      ? BigInt(`${value}`)
      : value;
  }
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, exact(member as Json)]));
}

test("property: every JSON value survives writing and reading, by either way", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const normal = exact(JSON.parse(JSON.stringify(value)) as Json);
      assert.deepEqual(parseJson(stringifyJson(normal)), normal);
      const both = parseJson(`[1234567890123456789, ${stringifyJson(normal)}]`) as Json[];
      assert.deepEqual(both[1], normal);
    }),
  );
});

test("property: 64-bit integers survive", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (n) => {
      assert.equal(BigInt(parseJson(stringifyJson(n)) as bigint), n);
    }),
  );
});
