import assert from "node:assert/strict";
import { test } from "node:test";
import { isLibvirtError } from "../errors.ts";
import {
  attr,
  bytes,
  bytesAttr,
  child,
  childWhere,
  content,
  type Description,
  derived,
  derivedLeaf,
  document,
  fields,
  flag,
  hex,
  type Infer,
  inline,
  int,
  kib,
  kibAttr,
  kibContent,
  kibLimit,
  lazy,
  leaf,
  leaves,
  many,
  manyOf,
  nonEmpty,
  oneOf,
  only,
  type Shape,
  type Simplify,
  text,
  uint,
  ulong,
  type Values,
  variants,
  XmlDocumentError,
  yesNo,
} from "./index.ts";

/** Reads and prints with a description of `<d>`. */
function docOf<D extends Description>(description: D) {
  return document("d", description, { q: "urn:q" }, { from: "DOMAIN" });
}

test("attributes, in the order of the keys", () => {
  const doc = docOf({ b: attr(uint()), a: attr(text), c: attr(yesNo).named("sea") });
  const value = doc.parse("<d sea='no' a='&lt;&apos;&quot;&gt;&amp;é' b='7'/>");
  assert.deepEqual(value, { b: 7, a: `<'">&é`, c: false });
  assert.equal(doc.format(value), "<d b='7' a='&lt;&apos;&quot;&gt;&amp;é' sea='no'/>\n");
});

test("control characters are dropped when printing, line feeds and tabs stay", () => {
  const doc = docOf({ a: leaf(text) });
  assert.equal(doc.format({ a: "x\u0001\u001b\ty\nz" }), "<d>\n  <a>x\ty\nz</a>\n</d>\n");
});

test("leaves: text elements, once and many times; an empty one is none", () => {
  const doc = docOf({ a: leaf(text), n: leaf(ulong), list: leaves(text).named("l") });
  const value = doc.parse("<d><l>1</l><n> 5\n</n><a></a><l/><l>2</l></d>");
  assert.deepEqual(value, { n: 5n, list: ["1", "2"] });
  assert.equal(doc.format(value), "<d>\n  <n>5</n>\n  <l>1</l>\n  <l>2</l>\n</d>\n");
});

test("only: an element that is one attribute", () => {
  const doc = docOf({ driver: only("name", oneOf("vfio", "kvm")) });
  assert.deepEqual(doc.parse("<d><driver name='kvm'/></d>"), { driver: "kvm" });
  assert.equal(doc.format({ driver: "kvm" }), "<d>\n  <driver name='kvm'/>\n</d>\n");
  assert.throws(() => doc.parse("<d><driver/></d>"), /Missing required attribute 'name' in element 'driver'/);
});

test("flag: an element that is there or not", () => {
  const doc = docOf({ readonly: flag() });
  assert.deepEqual(doc.parse("<d><readonly/></d>"), { readonly: true });
  assert.deepEqual(doc.parse("<d/>"), { readonly: false });
  assert.equal(doc.format({ readonly: true }), "<d>\n  <readonly/>\n</d>\n");
});

test("content: an element's own text beside its attributes", () => {
  const doc = docOf({ hosts: many({ id: attr(int), name: content(text) }).named("host") });
  const value = doc.parse("<d><host id='-1'>a&amp;b</host><host/></d>");
  assert.deepEqual(value, { hosts: [{ id: -1, name: "a&b" }, {}] });
  assert.equal(doc.format(value), "<d>\n  <host id='-1'>a&amp;b</host>\n  <host/>\n</d>\n");
});

test("sizes in KiB and bytes, wherever they stand", () => {
  const doc = docOf({
    memory: kib(),
    cell: child({ id: attr(uint()), memory: kibAttr() }),
    max: child({ slots: attr(uint()), size: kibContent() }),
    capacity: bytes(),
    hard: kibLimit(),
    page: child({ size: bytesAttr() }),
  });
  const value = doc.parse(
    `<d><memory unit='MiB'>1</memory><cell memory='2' id='0'/><max slots='2' unit='bytes'>1025</max>
     <capacity unit='KB'>3</capacity><hard>9007199254740991</hard><page size='1' unit='K'/></d>`,
  );
  assert.deepEqual(value, {
    memory: 1024n,
    cell: { id: 0, memory: 2n },
    max: { slots: 2, size: 2n },
    capacity: 3000n,
    page: { size: 1024n },
  });
  assert.equal(
    doc.format(value),
    `<d>
  <memory unit='KiB'>1024</memory>
  <cell id='0' memory='2' unit='KiB'/>
  <max slots='2' unit='KiB'>2</max>
  <capacity unit='bytes'>3000</capacity>
  <page size='1024' unit='bytes'/>
</d>
`,
  );
  assert.throws(
    () => doc.parse("<d><memory unit='x'>1</memory></d>"),
    (error) => isLibvirtError(error, "INVALID_ARG") && /unknown suffix 'x'/.test(error.message),
  );
});

test("what an empty element does is the field's choice", () => {
  const part = { a: attr(text) };
  const doc = docOf({
    omit: child(part),
    keep: child(part).empty("keep"),
    pair: child(part).empty("pair"),
    list: many(part),
  });
  const value = doc.parse("<d><omit/><keep/><pair/><list/></d>");
  assert.deepEqual(value, { omit: {}, keep: {}, pair: {}, list: [{}] });
  assert.equal(doc.format(value), "<d>\n  <keep/>\n  <pair>\n  </pair>\n  <list/>\n</d>\n");
  assert.equal(doc.format({ omit: {}, list: [] }), "<d/>\n");
  const pair = doc.format({ pair: { a: "1" }, list: [] });
  assert.equal(pair, "<d>\n  <pair a='1'>\n  </pair>\n</d>\n");
});

test("an omitted element leaves no trace in the elements around it", () => {
  const doc = docOf({
    outer: child({ inner: child({ a: attr(text), deep: child({ b: attr(text) }) }) }),
    z: leaf(text),
  });
  assert.equal(doc.format({ outer: { inner: { deep: {} } }, z: "1" }), "<d>\n  <z>1</z>\n</d>\n");
  assert.equal(doc.format({ outer: { inner: { deep: {} } } }), "<d/>\n");
});

test("defaults: printed, not printed, required", () => {
  const doc = docOf({ a: attr(text).default("A"), b: attr(uint()).omit(0), c: attr(text).required() });
  const value = doc.parse("<d c='x'/>");
  assert.deepEqual(value, { a: "A", b: 0, c: "x" });
  assert.equal(doc.format(value), "<d a='A' c='x'/>\n");
  assert.equal(doc.format({ ...value, b: 3 }), "<d a='A' b='3' c='x'/>\n");
  assert.throws(() => doc.parse("<d/>"), /XML error: Missing required attribute 'c' in element 'd' \(line 1/);
});

test("a default that is an object is each reader's own", () => {
  const doc = docOf({ list: leaves(text).named("l"), o: child({ n: leaf(text) }).default({ n: "x" }) });
  const one = doc.parse("<d/>");
  one.list.push("changed");
  one.o.n = "changed";
  assert.deepEqual(doc.parse("<d/>"), { list: [], o: { n: "x" } });
});

test("children: the first that nobody has claimed; the rest is unknown", () => {
  const doc = docOf({
    bind: childWhere("mode", "bind", { host: attr(text) }).named("source"),
    source: child({ host: attr(text) }),
  });
  const xml = "<d>\n  <source host='a'/>\n  <source mode='bind' host='b'/>\n  <source host='c'/>\n</d>\n";
  const { value, unknown } = doc.read(xml);
  assert.deepEqual(value, { bind: { host: "b" }, source: { host: "a" } });
  assert.deepEqual(unknown, [{ path: "/d/source[3]", line: 4, column: 3 }]);
  assert.equal(doc.format(value), "<d>\n  <source mode='bind' host='b'/>\n  <source host='a'/>\n</d>\n");
});

test("lists of elements of several names keep their order", () => {
  const doc = docOf({ rules: manyOf({ tcp: { port: attr(uint()) }, all: {} }) });
  const xml = "<d>\n  <tcp port='1'/>\n  <all/>\n  <tcp port='2'/>\n</d>\n";
  const value = doc.parse(xml);
  assert.deepEqual(value.rules, [{ element: "tcp", port: 1 }, { element: "all" }, { element: "tcp", port: 2 }]);
  assert.equal(doc.format(value), xml);
});

const places = {
  file: { source: child({ file: attr(text), index: attr(uint()).live() }) },
  network: { tls: attr(yesNo), source: child({ hosts: many({ name: attr(text) }).named("host") }) },
};
const storage = variants("type", places, { default: "file" });

test("variants are chosen by an attribute, which prints before all others", () => {
  const doc = docOf({ device: attr(text), storage: inline(storage).required(), after: leaf(text) });
  const network = "<d type='network' device='x' tls='yes'>\n  <source>\n    <host name='h'/>\n  </source>\n</d>\n";
  const value = doc.parse(network);
  assert.equal(value.storage.type === "network" && value.storage.source?.hosts[0]?.name, "h");
  assert.equal(doc.format(value), network);
  assert.deepEqual(doc.parse("<d/>").storage, { type: "file" });
  assert.equal(doc.format(doc.parse("<d/>")), "<d type='file'/>\n");
});

test("inPlace leaves the choosing attribute where the field stands", () => {
  const doc = docOf({ bus: attr(text), storage: inline(storage).inPlace(), last: attr(text) });
  const xml = "<d bus='usb' type='network' tls='no' last='1'/>\n";
  assert.equal(doc.format(doc.parse(xml)), xml);
});

test("an unknown variant is one problem, not also a missing value", () => {
  const doc = docOf({ storage: inline(storage).required() });
  assert.throws(
    () => doc.parse("<d type='flie'/>"),
    (error) => {
      assert.ok(error instanceof XmlDocumentError);
      assert.equal(error.problems.length, 1);
      assert.match(
        error.message,
        /'type' in element 'd': 'flie' is not one of file, network \(line 1, column 4: \/d\/@type\)/,
      );
      return true;
    },
  );
  assert.throws(() => docOf({ v: inline(variants("kind", { a: {} })).required() }).parse("<d/>"), /attribute 'kind'/);
  const optional = docOf({ v: inline(variants("kind", { a: {} }, { optional: true })) });
  assert.deepEqual(optional.parse("<d/>"), {});
});

const link = { index: attr(uint()) };
interface Chain extends Simplify<Values<typeof link>> {
  next?: Chain | undefined;
}
const chain: Shape<Chain> = fields({ ...link, next: child(lazy(() => chain)).empty("keep") });

test("descriptions may be recursive; depth is bounded by the reader", () => {
  const doc = docOf(chain);
  const xml = "<d index='1'>\n  <next index='2'>\n    <next/>\n  </next>\n</d>\n";
  assert.equal(doc.format(doc.parse(xml)), xml);
  const deep = `<d>${"<next>".repeat(254)}${"</next>".repeat(254)}</d>`;
  assert.equal(doc.format(doc.parse(deep)).match(/<next/g)?.length, 254);
  assert.throws(() => doc.parse(`<d>${"<next>".repeat(20_000)}`), /nested deeper/);
});

test("modes: live parts, secrets, and what survives in a definition", () => {
  const doc = docOf({
    id: attr(int).live(),
    passwd: attr(text).secret(),
    alias: only("name", text).live((name) => name.startsWith("ua-")),
    old: attr(text).when(({ migratable }) => migratable !== true),
  });
  const xml = "<d id='1' passwd='p' old='o'><alias name='ua-x'/></d>";
  const active = doc.parse(xml);
  assert.deepEqual(active, { id: 1, passwd: "p", alias: "ua-x", old: "o" });
  assert.equal(doc.format(active, { secure: true }), "<d id='1' passwd='p' old='o'>\n  <alias name='ua-x'/>\n</d>\n");
  assert.equal(doc.format(active, { inactive: true, migratable: true }), "<d>\n  <alias name='ua-x'/>\n</d>\n");
  const { value, unknown } = doc.read("<d id='nonsense'><alias name='vnet0'/></d>", { inactive: true });
  assert.deepEqual(value, {});
  assert.deepEqual(unknown, []);
});

test("derived output is printed, read only as a fallback, and no part of the model", () => {
  interface Graphics {
    listens: { address?: string | undefined }[];
  }
  const doc = docOf({
    listen: derived<Graphics>(
      ({ listens }) => listens[0]?.address,
      (address, graphics) => {
        if (graphics.listens.length === 0) graphics.listens.push({ address });
      },
    ),
    listens: many({ address: attr(text) }).named("listen"),
    count: derivedLeaf<Graphics>(({ listens }) => String(listens.length)),
  });
  assert.deepEqual(doc.parse("<d listen='a'/>"), { listens: [{ address: "a" }] });
  const xml = "<d listen='b'>\n  <listen address='b'/>\n  <count>1</count>\n</d>\n";
  assert.equal(doc.format(doc.parse("<d listen='a'><listen address='b'/></d>")), xml);
  assert.deepEqual(doc.read(xml).unknown, []);
});

test("namespaces are declared where they are used, under libvirt's prefix", () => {
  const doc = docOf({ a: attr(text), x: child({ args: many({ value: attr(text) }).named("q:arg") }).named("q:x") });
  const xml = "<d a='1' xmlns:q='urn:q'>\n  <q:x>\n    <q:arg value='v'/>\n  </q:x>\n</d>\n";
  assert.equal(
    doc.format(doc.parse("<d a='1' xmlns:other='urn:q'><other:x><other:arg value='v'/></other:x></d>")),
    xml,
  );
  assert.equal(doc.format(doc.parse("<d xmlns:q='urn:q'><x><arg/></x></d>")), "<d/>\n");
  assert.equal(doc.format({ x: { args: [] } }), "<d/>\n");
});

test("an embedded document declares its own namespaces", () => {
  const inner = docOf({ x: only("v", text).named("q:x") });
  const outer = document("outer", { d: child(inner.shape) }, {}, { embedded: inner.namespaces });
  const xml = "<outer>\n  <d xmlns:q='urn:q'>\n    <q:x v='1'/>\n  </d>\n</outer>\n";
  assert.equal(outer.format(outer.parse(xml)), xml);
});

test("problems come all at once, in document order, with their places", () => {
  const doc = docOf({
    n: attr(uint()),
    disks: many({ b: attr(yesNo), h: attr(hex()).required() }).named("disk"),
    m: leaf(uint()),
  });
  assert.throws(
    () => doc.parse("<d n='x'>\n <m>y</m>\n <disk h='1'/>\n <disk b='maybe'/>\n</d>"),
    (error) => {
      assert.ok(error instanceof XmlDocumentError && isLibvirtError(error, "XML_ERROR"));
      assert.equal(error.domainName, "DOMAIN");
      assert.match(
        error.message,
        /^XML error: Invalid value for attribute 'n' in element 'd': 'x' is not a whole number/,
      );
      assert.deepEqual(
        error.problems.map(({ path, line, column }) => [path, line, column]),
        [
          ["/d/@n", 1, 4],
          ["/d/m", 2, 2],
          ["/d/disk[2]", 4, 2],
          ["/d/disk[2]/@b", 4, 8],
        ],
      );
      return true;
    },
  );
});

test("a hostile document does not make a hostile message", () => {
  const doc = docOf({ list: many({ n: attr(uint()) }).named("l") });
  assert.throws(
    () => doc.parse(`<d>${`<l n='${"9".repeat(5000)}'/>`.repeat(200)}</d>`),
    (error) => error instanceof XmlDocumentError && error.problems.length === 50 && error.message.length < 300,
  );
});

test("unknown: attributes, elements and text that nobody reads, and nothing below them", () => {
  const doc = docOf({ a: leaf(text), c: child({ x: attr(text) }) });
  const { unknown } = doc.read("<d y='1'>\n <a z='2'>t<b/></a>\n stray\n <c x='1'><e><f/></e></c>\n <a/>\n</d>");
  assert.deepEqual(
    unknown.map(({ path }) => path),
    ["/d/@y", "/d/a[1]/@z", "/d/a[1]/b", "/d/text()", "/d/c/e", "/d/a[2]"],
  );
  assert.throws(
    () => doc.parse("<d y='1'/>", { strict: true }),
    (error) => isLibvirtError(error, "XML_INVALID_SCHEMA") && /1:4: \/d\/@y is not known/.test(error.message),
  );
});

test("another root element is refused with libvirt's words", () => {
  assert.throws(() => docOf({}).parse("<network/>"), /XML error: expecting root element of 'd', not 'network'/);
});

test("make fills lists, flags and defaults, at any depth, and copies what it is given", () => {
  const doc = docOf({
    name: attr(text).required(),
    tags: leaves(text).named("t"),
    ro: flag(),
    disks: many({ storage: inline(storage).required(), bus: attr(text).default("virtio") }).named("disk"),
  });
  const tags = ["a"];
  const value = doc.make({ name: "n", tags, disks: [{}, { storage: { type: "network", source: {} } }] });
  tags.push("b");
  assert.deepEqual(value, {
    name: "n",
    tags: ["a"],
    ro: false,
    disks: [
      { storage: { type: "file" }, bus: "virtio" },
      { storage: { type: "network", source: { hosts: [] } }, bus: "virtio" },
    ],
  });
  assert.throws(() => doc.make({}), TypeError);
});

test("types: what may be missing, what is always there", () => {
  const shape = fields({ a: attr(text).required(), b: attr(uint()), list: many({ c: attr(nonEmpty) }) });
  const value: Infer<typeof shape> = { a: "x", list: [{ c: "y" }, {}] };
  // @ts-expect-error a required key cannot be missing
  const wrong: Infer<typeof shape> = { list: [] };
  // @ts-expect-error a number is no text
  value.a = 5;
  const b: number | undefined = value.b;
  assert.deepEqual([b, wrong.list], [undefined, []]);
});
