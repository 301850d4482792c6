import assert from "node:assert/strict";
import { test } from "node:test";
import { attr, document, leaf, text, verbatim } from "./index.ts";

const doc = document("d", { x: attr(text), metadata: verbatim(), after: leaf(text) });

/** Expected texts are what libvirt's test driver printed for the same metadata. */
const kept = (inner: string, expected: string, root = "<d>"): void => {
  const value = doc.parse(`${root}<metadata>${inner}</metadata></d>`);
  assert.equal(doc.format(value), `<d>\n${expected}</d>\n`);
  assert.equal(doc.format(doc.parse(doc.format(value))), doc.format(value));
};

test("metadata keeps elements that have a namespace, the first of each, and nothing else", () => {
  kept("<a xmlns='x'/><b xmlns='x'/><c/> t <!-- c -->", '  <metadata>\n    <a xmlns="x"/>\n  </metadata>\n');
  kept("<plain/>", "  <metadata/>\n");
});

test("namespaces declared outside come along", () => {
  kept(
    "<app:x z:a='1'/><y xmlns='urn:y'/>",
    '  <metadata xmlns:app="http://a/b" xmlns:z="urn:z">\n    <app:x z:a="1"/>\n    <y xmlns="urn:y"/>\n  </metadata>\n',
    "<d xmlns:app='http://a/b' xmlns:z='urn:z' xmlns:unused='u'>",
  );
});

test("blanks that only indent are replaced, those in text are kept", () => {
  kept(
    `  <q:q xmlns:q='urn:q'><!-- c1 --><q:r>1</q:r> <!-- c2 -->
   <e2> <!-- c --> </e2> <e3>
 </e3> <e4> <![CDATA[x]]> </e4> <e5><a/> <b/> t <c/> </e5><?pi foo?></q:q>`,
    `  <metadata>
    <q:q xmlns:q="urn:q">
      <!-- c1 -->
      <q:r>1</q:r>
      <!-- c2 -->
      <e2>
        <!-- c -->
      </e2>
      <e3>
 </e3>
      <e4><![CDATA[x]]></e4>
      <e5><a/><b/> t <c/> </e5>
      <?pi foo?>
    </q:q>
  </metadata>
`,
  );
});

test("escapes are libxml2's", () => {
  kept(
    `<x:x xmlns:x='x' a="é&#13;&#9;&#10;1'&quot;&lt;>&amp;" b='2'>te"x't &lt;>&amp; é€&#13;</x:x>`,
    `  <metadata>
    <x:x xmlns:x="x" a="&#xE9;&#13;&#9;&#10;1'&quot;&lt;&gt;&amp;" b="2">te"x't &lt;&gt;&amp; é€&#13;</x:x>
  </metadata>
`,
  );
});

test("what stands in metadata is not unknown, what stands beside it is", () => {
  const { unknown } = doc.read("<d><metadata a='b'><a xmlns='x' c='d'>t<e/></a></metadata><a/></d>");
  assert.deepEqual(
    unknown.map(({ path }) => path),
    ["/d/a"],
  );
});
