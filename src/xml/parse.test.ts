import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../errors.ts";
import { maxDepth, maxDocumentLength, maxNodes, parseTree } from "./parse.ts";
import { pathOf, positionOf, type XmlElement } from "./tree.ts";

const parse = (text: string, prefixes = new Map<string, string>()): XmlElement =>
  parseTree(text, { title: "test_definition", domain: "DOMAIN", prefixes });

const first = (element: XmlElement): XmlElement => {
  const [child] = element.elements();
  assert.ok(child);
  return child;
};

test("elements, attributes and text come out as they stand", () => {
  const root = parse("<a x='1' y=\"&lt;&#x41;\">t<b/>u<!-- c --><![CDATA[<d>]]><?p i?></a>");
  assert.equal(root.name, "a");
  assert.equal(root.attribute("x"), "1");
  assert.equal(root.attribute("y"), "<A");
  assert.deepEqual(
    root.nodes.map((node) => (node.kind === "element" ? node.name : [node.kind, node.text])),
    [["text", "t"], "b", ["text", "u"], ["comment", " c "], ["cdata", "<d>"], ["instruction", "p i"]],
  );
  assert.equal(root.takeText(), "tu<d>");
});

test("positions name the line and column where elements and attributes start", () => {
  const root = parse("\ufeff<?xml version='1.0'?>\r\n<a>\n  <b\n    x = '1' y='>'/><c/>\n</a>");
  const b = first(root);
  assert.deepEqual(positionOf(root), { line: 2, column: 1 });
  assert.deepEqual(positionOf(b), { line: 3, column: 3 });
  assert.deepEqual(positionOf(b, "x"), { line: 4, column: 5 });
  assert.deepEqual(positionOf(b, "y"), { line: 4, column: 13 });
  assert.deepEqual(positionOf(b, "missing"), { line: 3, column: 3 });
});

test("a position stays right behind characters beyond the first plane", () => {
  const root = parse("<a><b t='\u{1F600}'/>\u{1F600}<c/></a>");
  const [, c] = root.elements();
  assert.ok(c);
  assert.equal(root.source.slice(c.offset, c.offset + 4), "<c/>");
});

test("paths number elements that share a name", () => {
  const root = parse("<a><b/><c/><b><d/></b></a>");
  const [one, , two] = root.elements();
  assert.ok(one && two);
  assert.equal(pathOf(one), "/a/b[1]");
  assert.equal(pathOf(first(two), "x"), "/a/b[2]/d/@x");
});

test("namespaces are known by URI; foreign elements never match a name", () => {
  const known = new Map([["urn:q", "qemu"]]);
  const root = parse("<a xmlns:x='urn:q' xmlns:f='urn:f'><x:b/><f:b/><b xmlns='urn:q'/><b/></a>", known);
  assert.deepEqual(
    [...root.elements()].map(({ name }) => name),
    ["qemu:b", "{urn:f}b", "qemu:b", "b"],
  );
  assert.deepEqual(root.namespaces, [
    ["x", "urn:q"],
    ["f", "urn:f"],
  ]);
  assert.deepEqual(root.attributes, []);
});

test("names that mean something to JavaScript are only names", () => {
  const root = parse("<constructor __proto__='1' toString='2'><hasOwnProperty/></constructor>");
  assert.equal(root.name, "constructor");
  assert.equal(root.attribute("__proto__"), "1");
  assert.equal(root.attribute("valueOf"), undefined);
  assert.equal(first(root).name, "hasOwnProperty");
});

const refused = (text: string, message: RegExp): void => {
  assert.throws(
    () => parse(text),
    (error) => {
      assert.ok(isLibvirtError(error, "XML_DETAIL"), String(error));
      assert.match(error.message, message);
      return true;
    },
  );
};

test("what is not well-formed is refused with its line and a marker", () => {
  refused("<a>\n  <b></a>", /^\(test_definition\):2: unexpected close tag\n {2}<b><\/a>\n-+\^$/);
  refused("<a", /:1: /);
  refused("<a x='1' x='2'/>", /duplicate attribute/);
  refused("<a x='<'/>", /./);
  refused("<a/><b/>", /one root/);
  refused("<a>&nope;</a>", /entity/);
  refused("<a>&#0;</a>", /character entity/);
  refused("<a>\u0001</a>", /disallowed character/);
  refused("<q:a/>", /unbound namespace prefix/);
  refused("", /empty/);
  refused(" \n ", /empty/);
  refused("<!-- nothing -->", /root element/);
  refused("text", /./);
});

test("document type declarations are refused, and with them entities", () => {
  refused('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /document type/);
  refused('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', /document type/);
});

test("nesting, size and number of nodes are bounded", () => {
  const nested = (depth: number): string => "<a>".repeat(depth) + "</a>".repeat(depth);
  assert.equal(parse(nested(maxDepth)).name, "a");
  refused(nested(maxDepth + 1), /nested deeper/);
  refused("<a>".repeat(20_000), /nested deeper/);
  refused(`<a>${" ".repeat(maxDocumentLength)}</a>`, /longer than/);
  refused(`<a>${"<b/>".repeat(maxNodes)}</a>`, /more than .* nodes/);
});

test("an error leaves the parser ready for the next document", () => {
  refused("<a><b>", /./);
  assert.equal(parse("<c/>").name, "c");
});

test("long lines are cut in messages", () => {
  assert.throws(
    () => parse(`<a>${"x".repeat(100_000)}</b>`),
    (error) => isLibvirtError(error) && error.message.length < 500,
  );
});
