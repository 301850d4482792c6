import assert from "node:assert/strict";
import { test } from "node:test";
import { LibvirtError } from "../../errors.ts";
import { procedures } from "../../protocol/index.ts";
import { parseTree } from "../../xml/index.ts";
import { largeDocument, largeDocumentsIn, withDocumentsRead } from "./large-documents.ts";

const options = { title: "a_definition", domain: "DOMAIN" } as const;
const never = new AbortController().signal;
const documentOf = (unit: string, end = "</a>"): string => `<a>${unit.repeat(2 ** 21 / unit.length)}${end}`;

test("large documents are found wherever a call may have one", () => {
  const xml = documentOf("<b/>");
  const found = (name: keyof typeof procedures, args: unknown) => largeDocumentsIn(procedures[name], args);
  assert.deepEqual(found("domainDefineXml", { xml }), [xml]);
  assert.deepEqual(found("domainLookupById", { id: 1 }), undefined);
  assert.deepEqual(found("domainRestoreFlags", { from: "/a", dxml: null, flags: 0 }), undefined);
  assert.deepEqual(found("connectBaselineCpu", { xmlCPUs: ["<cpu/>", xml, xml], flags: 0 }), [xml, xml]);
  assert.deepEqual(found("domainDefineXml", { xml: `<a>${" ".repeat(largeDocument - 20)}</a>` }), undefined);
  // Not a document: commands of other programs, text for a screen.
  assert.deepEqual(found("domainDefineXml", { xml: "x".repeat(2 ** 20) }), undefined);
});

test("while a document is read the event loop goes on, and several take turns", async () => {
  let turns = 0;
  let over = false;
  const tick = (): void => {
    turns++;
    if (!over) setImmediate(tick);
  };
  setImmediate(tick);
  const texts = [documentOf("\r\n"), documentOf("&amp;"), documentOf("<b>t</b>").slice(0, 60_000)];
  const seen: number[] = [];
  await Promise.all(texts.map((text, index) => withDocumentsRead([text], never, () => void seen.push(index))));
  over = true;
  assert.ok(turns > 12, `${turns} turns`);
  // The one that is shortest is not kept waiting by those that came before it.
  assert.equal(seen[0], 2);
});

test("what was read ahead is what would have been read", async () => {
  const text = `\ufeff<a xmlns:q='urn:q' xmlns:o='urn:o'>\r\n<q:b q:x='1' y='2' o:z='3'/>\u{1F600}${"\r\n".repeat(50_000)}<o:c>&lt;</o:c></a>`;
  const prefixes = new Map([["urn:q", "qemu"]]);
  const read = () => {
    const root = parseTree(text, { ...options, prefixes });
    const [b, c] = [...root.elements()];
    return { names: [b?.name, c?.name], attributes: b?.attributes, offset: c?.offset, text: root.takeText() };
  };
  const expected = read();
  await withDocumentsRead([text], never, () => {
    // Access rules read it before the driver does, who finds nothing claimed, and its own names.
    assert.deepEqual(parseTree(text, options).takeChild("{urn:q}b")?.take("o:z"), "3");
    assert.deepEqual(read(), expected);
  });
});

test("what is wrong with a document is said by whoever asks for it", async () => {
  for (const text of [documentOf("\r\n", "\r</b>"), documentOf("<b/>"), "<a>".repeat(20_000), " <".repeat(30_000)]) {
    const failure = (): unknown => {
      try {
        return parseTree(text, options);
      } catch (error) {
        return error;
      }
    };
    const expected = failure();
    assert.ok(expected instanceof LibvirtError);
    await withDocumentsRead([text], never, () => assert.deepEqual(failure(), expected));
  }
});

test("a client that goes does not have its documents read", async () => {
  const control = new AbortController();
  const answered = withDocumentsRead([documentOf("\r\n")], control.signal, () => assert.fail("answered"));
  control.abort(new LibvirtError("RPC", "RPC", "the client is gone"));
  await assert.rejects(answered, /the client is gone/);
});
