import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LineSplitter } from "./lines.ts";

test("property: lines come out the same however the bytes are cut", () => {
  const line = fc.string({ unit: "grapheme" }).map((s) => s.replace(/[\r\n]/g, ""));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(40)), fc.constantFrom("\n", "\r\n"), (lines, cuts, end) => {
      let rest = Buffer.from(lines.map((l) => l + end).join(""));
      const splitter = new LineSplitter(10_000);
      const out: string[] = [];
      for (const cut of cuts) {
        out.push(...splitter.push(rest.subarray(0, cut)));
        rest = rest.subarray(cut);
      }
      out.push(...splitter.push(rest));
      assert.deepEqual(out, lines);
    }),
  );
});

test("a line over the limit is refused, even when it comes in pieces", () => {
  const splitter = new LineSplitter(8);
  assert.deepEqual([...splitter.push(Buffer.from("12345678\n1234"))], ["12345678"]);
  assert.throws(() => [...splitter.push(Buffer.from("56789"))], RangeError);
});
