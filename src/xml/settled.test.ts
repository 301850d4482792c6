import assert from "node:assert/strict";
import { test } from "node:test";
import { attr, document, fields, many, settled, text } from "./index.ts";

const tags = many({ id: attr(text) }).named("tag");
const shelf = document("shelf", fields({ name: attr(text), tags, box: many({ tags }) }));

const parse = (xml: string) => settled(shelf.parse(xml));

test("a settled record says what it said before", () => {
  const xml = "<shelf name='a'>\n  <tag id='1'/>\n  <box>\n    <tag id='2'/>\n  </box>\n  <box/>\n</shelf>\n";
  assert.deepEqual(parse(xml), shelf.parse(xml));
  assert.equal(shelf.format(parse(xml)), shelf.format(shelf.parse(xml)));
});

test("its empty lists are one, which refuses changes", () => {
  const one = parse("<shelf><box/></shelf>");
  const other = parse("<shelf/>");
  assert.equal(one.tags, other.tags);
  assert.equal(one.box[0]?.tags, other.box);
  assert.throws(() => one.tags.push({ id: "1" }), TypeError);
});

test("what is made of it can be changed", () => {
  const changed = { ...parse("<shelf/>") };
  changed.tags = [...changed.tags, { id: "1" }];
  assert.equal(parse("<shelf/>").tags.length, 0);
});

test("bytes and maps stay what they are", () => {
  const bytes = new Uint8Array([1]);
  const map = new Map([["list", []]]);
  const record = settled({ bytes, map, inner: { list: [1] } });
  assert.equal(record.bytes, bytes);
  assert.equal(record.map, map);
  assert.deepEqual(record.inner.list, [1]);
});
