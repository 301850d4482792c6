import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DbusFormatError, DbusReader, DbusWriter, typesIn } from "./marshal.ts";

test("signatures come apart into their types, and wrong ones are refused", () => {
  assert.deepEqual(typesIn("(sa{sv})sa{ss}us"), ["(sa{sv})", "s", "a{ss}", "u", "s"]);
  for (const wrong of ["a", "(s", "{s", "z", "()", "a".repeat(40)])
    assert.throws(() => typesIn(wrong), DbusFormatError, wrong);
});

test("values come back as they were written, aligned as the bus wants it", () => {
  const value = [
    ["unix-process", [["pid", { signature: "u", value: 7 }]]],
    true,
    -1,
    2n ** 63n,
    [
      ["a", "b"],
      ["c", ""],
    ],
  ];
  const writer = new DbusWriter();
  writer.value("((sa{sv})bita{ss})", value);
  assert.deepEqual(new DbusReader(writer.take(), true).value("((sa{sv})bita{ss})"), value);
  const short = new DbusWriter();
  short.value("(ys)", [1, "ab"]);
  assert.equal(short.take().toString("hex"), "0100000002000000616200");
});

test("bytes that are no values end as format errors", () => {
  const signature = fc.constantFrom("a{ss}", "v", "(bba{ss})", "aas", "a(yv)", "g");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), signature, fc.boolean(), (bytes, type, isLittle) => {
      try {
        new DbusReader(Buffer.from(bytes), isLittle).value(type);
      } catch (error) {
        assert.ok(error instanceof DbusFormatError, String(error));
      }
    }),
  );
});
