import assert from "node:assert/strict";
import { test } from "node:test";
import { selectXml } from "./select.ts";

const xml = `<domain type='test'>
  <name>t&amp;u</name>
  <vcpu placement='static'>2</vcpu>
  <devices>
    <disk type='file'>
      <source file='/a'/>
      <target dev='vda'/>
    </disk>
    <disk type='block'>
      <target dev='vdb'/>
    </disk>
  </devices>
</domain>
`;

const cases: readonly (readonly [expression: string, expected: string])[] = [
  ["/domain/name", "<name>t&amp;u</name>\n"],
  ["name", "<name>t&amp;u</name>\n"],
  ["//name/text()", "t&amp;u\n"],
  ["//disk/@type", ' type="file"\n type="block"\n'],
  ["/domain/@*", ' type="test"\n'],
  ["//disk[2]/target", '<target dev="vdb"/>\n'],
  ["//disk[target/@dev='vda']/source", '<source file="/a"/>\n'],
  ["//disk[position()=1 and not(@x)]/target", '<target dev="vda"/>\n'],
  ["//target[@dev='vdb']/../@type", ' type="block"\n'],
  ["//disk[last()]/target/@dev | /domain/name/text()", 't&amp;u\n dev="vdb"\n'],
  ["//disk[count(source) > 0]/target", '<target dev="vda"/>\n'],
  ["//target[contains(@dev, 'db') or starts-with(@dev, 'x')]", '<target dev="vdb"/>\n'],
  ["//disk[1]/following-sibling::disk/target", '<target dev="vdb"/>\n'],
  ["(//target)[1]", '<target dev="vda"/>\n'],
  ["//vcpu[. = 2]", '<vcpu placement="static">2</vcpu>\n'],
  ["//disk[1]", '<disk type="file">\n  <source file="/a"/>\n  <target dev="vda"/>\n</disk>\n'],
  ["//nope", ""],
];

for (const [expression, expected] of cases) {
  test(expression, () => assert.equal(selectXml(xml, expression, false), expected));
}

test("wrapping puts all into one element", () => {
  assert.equal(selectXml(xml, "//target", true), '<nodes>\n  <target dev="vda"/>\n  <target dev="vdb"/>\n</nodes>\n');
  assert.equal(selectXml(xml, "//disk/@type", true), '<nodes type="block"/>\n');
  assert.equal(selectXml(xml, "//name/text()", true), "<nodes>t&amp;u</nodes>\n");
});

test("what selects no nodes is refused", () => {
  for (const bad of [
    "1",
    "count(//disk)",
    "string(//name)",
    "//disk[",
    "//",
    "nope()",
    "a b",
    "foo::a",
    `${"(".repeat(500)}a`,
  ]) {
    assert.throws(() => selectXml(xml, bad, false), { name: "CommandError" }, bad);
  }
});
