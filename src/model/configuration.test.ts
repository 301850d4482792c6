import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isLibvirtError } from "../errors.ts";
import { type ConfigurationEntry, formatConfiguration, parseConfiguration, settingsOf } from "./configuration.ts";

const read = (text: string) => parseConfiguration(text, "test.conf");
const value = (text: string) => settingsOf(read(text)).get("a")?.value;

test("numbers, strings and lists", () => {
  assert.equal(value("a=1"), 1n);
  assert.equal(value("a = -12\n"), -12n);
  assert.equal(value("a = 'x \" y'"), 'x " y');
  assert.equal(value('a = """two\nlines "quoted" """'), 'two\nlines "quoted" ');
  assert.deepEqual(value('a = [ "x", # first\n 2,\n [], ]'), ["x", 2n, []]);
});

test("comments are kept, blank lines are not", () => {
  assert.equal(formatConfiguration(read("#  one \n\n\na=1 # two\n b = 'c'")), '#  one \na = 1 # two\nb = "c"\n');
});

test("the last of two settings counts, and knows its line", () => {
  const setting = settingsOf(read("a = 1\n# x\na = 2\n")).get("a");
  assert.equal(setting?.value, 2n);
  assert.equal(setting?.line, 3);
});

test("an error names file, line and what was expected", () => {
  const cases = [
    ["a 1", "test.conf:1: expecting an assignment"],
    ["\n\na = x", "test.conf:3: expecting a value"],
    ["a = 'x\ny'", "test.conf:1: unterminated string"],
    ["a = 1 2", "test.conf:1: expecting a separator"],
    ["a = [1 2]", "test.conf:1: expecting a separator in list"],
    ["=", "test.conf:1: expecting a name"],
    [`a = ${"[".repeat(50)}`, "test.conf:1: lists are nested too deep"],
  ] as const;
  for (const [text, message] of cases) {
    assert.throws(() => read(text), { code: 33, message: `configuration file syntax error: ${message}` });
  }
});

test("what is written reads back the same", () => {
  const text = fc.string().filter((s) => !/["\n\r]/.test(s));
  const entry = fc.record(
    { name: fc.stringMatching(/^[a-z][a-z0-9_-]{0,9}$/), value: fc.oneof(fc.bigInt(), text, fc.array(text)) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const back = read(formatConfiguration(entries as unknown as ConfigurationEntry[]));
      assert.deepEqual(
        back.map(({ name, value: v }) => ({ name, value: v })),
        entries,
      );
    }),
  );
});

test("no text makes the reader throw anything but a LibvirtError", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      try {
        read(`a = ${text}`);
      } catch (error) {
        assert.ok(isLibvirtError(error, "CONF_SYNTAX"), String(error));
      }
    }),
  );
});
