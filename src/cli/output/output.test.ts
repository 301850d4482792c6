import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toJson } from "./json.ts";
import { progressLine } from "./progress.ts";
import { column, formatFields, formatTable } from "./table.ts";
import { displayWidth, printable } from "./width.ts";

const columns = [
  column<{ id: number; name: string }>("Id", ({ id }) => String(id)),
  column<{ id: number; name: string }>("Name", ({ name }) => name),
  column<{ id: number; name: string }>("State", () => "running"),
];

test("a table is as wide as its widest cells", () => {
  assert.equal(
    formatTable(columns, [{ id: 1, name: "test" }]),
    " Id   Name   State\n----------------------\n 1    test   running\n",
  );
});

test("a bare table has no header, and its header does not widen it", () => {
  assert.equal(formatTable(columns, [{ id: 1, name: "x" }], true), " 1   x   running\n");
  assert.equal(formatTable(columns, [], true), "");
});

test("an empty table still has its header", () => {
  assert.equal(formatTable(columns, []), " Id   Name   State\n--------------------\n");
});

test("wide and combining characters keep columns aligned", () => {
  const rows = ["漢字", "a\u0301", "😀x", "é", "\u200bz"].map((name, id) => ({ id, name }));
  const lines = formatTable(columns, rows).trimEnd().split("\n").slice(2);
  const starts = lines.map((line) => displayWidth(line.slice(0, line.indexOf("running"))));
  assert.deepEqual(new Set(starts), new Set([starts[0]]));
  assert.equal(displayWidth("漢字"), 4);
  assert.equal(displayWidth("a\u0301"), 1);
});

test("control characters do not reach the terminal", () => {
  assert.equal(printable("a\tb\u001b[2J\u0085é"), "a\\x09b\\x1b[2J\\xc2\\x85é");
});

test("fields are aligned", () => {
  assert.equal(
    formatFields([
      ["Id", "1"],
      ["Security model", "x"],
    ]),
    "Id:             1\nSecurity model: x\n",
  );
});

test("JSON is what JSON.stringify gives, and more", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(toJson(value)), JSON.parse(JSON.stringify(value)));
      assert.equal(toJson(value, 0), JSON.stringify(value));
    }),
  );
  assert.equal(
    toJson({ big: 18446744073709551615n, gone: undefined, bytes: new Uint8Array([1, 2]) }, 0),
    '{"big":18446744073709551615,"bytes":"AQI="}',
  );
  assert.equal(toJson({ a: [1, { b: [] }] }), '{\n  "a": [\n    1,\n    {\n      "b": []\n    }\n  ]\n}');
});

test("progress reaches 100 only when nothing remains", () => {
  assert.equal(progressLine("Save", 0n, 0n), "\rSave: [  0 %]");
  assert.equal(progressLine("Save", 55n, 100n), "\rSave: [ 45 %]");
  assert.equal(progressLine("Save", 1n, 100000n), "\rSave: [ 99 %]");
  assert.equal(progressLine("Save", 0n, 100n), "\rSave: [100 %]");
});
