import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInteger, parseScaled } from "./numbers.ts";

const range = [0n, 0xffffffffn] as const;
const kib = { unit: 1024n, max: (1n << 64n) - 1n };

test("integers are decimal, with leading blanks and a sign", () => {
  assert.equal(parseInteger(" 12", "count", ...range), 12n);
  assert.equal(parseInteger("+7", "count", ...range), 7n);
  assert.equal(parseInteger("-1", "cpu", -1n, 1n), -1n);
});

test("what is no integer of the range is named with its option", () => {
  for (const bad of ["", "x", "1x", "1 ", "0x1", "-1", "4294967296", "1.0", "٣"]) {
    assert.throws(() => parseInteger(bad, "count", ...range), {
      message: `Numeric value '${bad}' for <count> option is malformed or out of range`,
    });
  }
});

test("scaled integers: KB is 1000, K and KiB are 1024, in any case", () => {
  const cases: [string, bigint][] = [
    ["3", 3072n],
    ["3b", 3n],
    ["3bytes", 3n],
    ["3KB", 3000n],
    ["3k", 3072n],
    ["3kib", 3072n],
    ["2MiB", 2n << 20n],
    ["2m", 2n << 20n],
    ["1gB", 1_000_000_000n],
    ["15E", 15n << 60n],
    [" +1T", 1n << 40n],
  ];
  for (const [text, expected] of cases) assert.equal(parseScaled(text, "size", kib), expected, text);
});

test("errors of scaled integers", () => {
  const first = (text: string) => `Scaled numeric value '${text}' for <size> option is malformed or out of range`;
  const lines = (text: string) => {
    try {
      parseScaled(text, "size", kib);
    } catch (error) {
      return (error as { lines: string[] }).lines;
    }
    return assert.fail(`${text} was taken`);
  };
  assert.deepEqual(lines(""), [first("")]);
  assert.deepEqual(lines("-3"), [first("-3")]);
  assert.deepEqual(lines("k"), [first("k")]);
  assert.deepEqual(lines("99999999999999999999"), [first("99999999999999999999")]);
  assert.deepEqual(lines("3x"), [first("3x"), "invalid argument: unknown suffix 'x'"]);
  assert.deepEqual(lines("3 k"), [first("3 k"), "invalid argument: unknown suffix ' k'"]);
  assert.deepEqual(lines("16E"), [first("16E"), "numerical overflow: value too large: 16E"]);
});
