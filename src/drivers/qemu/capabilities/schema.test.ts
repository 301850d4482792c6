import assert from "node:assert/strict";
import { test } from "node:test";
import { QmpSchema } from "./schema.ts";

const schema = new QmpSchema([
  { name: "put", "meta-type": "command", "arg-type": "1", "ret-type": "[2]", features: ["fast"] },
  { name: "BANG", "meta-type": "event", "arg-type": "2" },
  {
    name: "1",
    "meta-type": "object",
    members: [
      { name: "kind", type: "3" },
      { name: "size", type: "int", default: null, features: ["deprecated"] },
      { name: "where", type: "5" },
      { name: "again", type: "1" },
    ],
    tag: "kind",
    variants: [
      { case: "red", type: "2" },
      { case: "blue", type: "4" },
    ],
  },
  { name: "2", "meta-type": "object", members: [{ name: "hue", type: "int" }] },
  { name: "3", "meta-type": "enum", values: ["red"], members: [{ name: "red" }, { name: "blue", features: ["x"] }] },
  { name: "4", "meta-type": "object", members: [] },
  { name: "[2]", "meta-type": "array", "element-type": "2" },
  { name: "5", "meta-type": "alternate", members: [{ type: "2" }, { type: "3" }] },
  { name: "int", "meta-type": "builtin", "json-type": "int" },
  "no entry",
  { name: 7 },
]);

test("paths lead through arguments, results, variants, alternates, values and features", () => {
  const there = [
    "put",
    "put/args/kind",
    "put/args/kind/=red",
    "put/args/kind/=blue/$x",
    "put/args/<red>/hue",
    "put/args/<blue>",
    "put/args/size/$deprecated",
    "put/args/where/hue",
    "put/args/where/=red",
    "put/args/again/again/again/kind/=red",
    "put/returns/hue",
    "put/$fast",
    "BANG/data/hue",
  ];
  const absent = [
    "take",
    "put/$slow",
    "put/args/=red",
    "put/args/kind/red",
    "put/args/kind/=green",
    "put/args/kind/=red/$x",
    "put/args/<green>",
    "put/args/<blue>/hue",
    "put/args/size/$other",
    "put/args/size/hue",
    "put/returns/<red>",
    "toString/args",
    "",
  ];
  for (const path of there) assert.equal(schema.has(path), true, path);
  for (const path of absent) assert.equal(schema.has(path), false, path);
});

test("an event is no command, and an emulator without a schema has nothing", () => {
  assert.equal(schema.hasCommand("put"), true);
  assert.equal(schema.hasCommand("BANG"), false);
  assert.equal(new QmpSchema(null).has("put"), false);
});
