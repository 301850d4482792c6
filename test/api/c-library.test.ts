/** The document against the C library's own description, as Debian's libvirt-dev installs it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { XmlDocument, type XmlElement } from "libxml2-wasm";
import { documentOf } from "../../tools/api/files.ts";
import { projectRoot } from "../helpers/project.ts";

const folder = "/usr/share/libvirt/api";
const files = ["libvirt-api.xml", "libvirt-qemu-api.xml", "libvirt-lxc-api.xml", "libvirt-admin-api.xml"];
const skip = files.every((file) => existsSync(`${folder}/${file}`))
  ? false
  : `${folder} is not there: install libvirt-dev`;

const api = documentOf(projectRoot);

/** What the C library's description says of one thing. */
interface Entry {
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Readonly<Record<string, string>> & { readonly element: string })[];
}

function attributesOf(element: XmlElement): Record<string, string> {
  return Object.fromEntries(element.attrs.map(({ name, value }) => [name, value]));
}

/** Every element with this name in all the files, with the elements in it. */
function elements(name: string): Entry[] {
  return files.flatMap((file) => {
    const document = XmlDocument.fromString(readFileSync(`${folder}/${file}`, "utf8"));
    try {
      return document.find(`//symbols/${name}`).map((node) => ({
        attributes: attributesOf(node as XmlElement),
        children: node
          .find("*")
          .map((child) => ({ ...attributesOf(child as XmlElement), element: (child as XmlElement).name })),
      }));
    } finally {
      document.dispose();
    }
  });
}

const isLeftOut = (kind: string, name: string): boolean =>
  api.leftOut.some((left) => left.kind === kind && new RegExp(left.names).test(name));

const spaced = (type: string | undefined): string => (type ?? "").replace(/\s+/g, " ").trim();

/** What C declares, as a prototype. */
function prototype({ attributes, children }: Entry): string {
  const returns = children.find(({ element }) => element === "return");
  const parameters = children.filter(({ element }) => element === "arg");
  const list = parameters.map(({ type, name }) => `${spaced(type)} ${name}`);
  return `${spaced(returns?.type)} ${attributes.name}(${list.join(", ")}) since ${attributes.version}`;
}

interface Declared {
  readonly name: string;
  readonly since: string;
  readonly arguments: readonly { readonly name: string; readonly type: string }[];
}

function own(entry: Declared, returns: string): string {
  const list = entry.arguments.map(({ type, name }) => `${type} ${name}`);
  return `${returns} ${entry.name}(${list.join(", ")}) since ${entry.since}`;
}

test("every function is here with the same arguments in the same order, or left out for a reason", { skip }, () => {
  const ours = new Map(api.functions.map((entry) => [entry.name, own(entry, entry.returns.type)]));
  const functions = elements("function");
  assert.ok(functions.length > 500);
  for (const entry of functions) {
    const { name = "" } = entry.attributes;
    const found = ours.get(name);
    assert.ok(!(found && isLeftOut("function", name)), `${name} is here and left out`);
    if (!isLeftOut("function", name)) assert.equal(found, prototype(entry));
  }
});

test("what is here and not in the C library came with a later release", { skip }, () => {
  const theirs = new Set(elements("function").map(({ attributes }) => attributes.name));
  for (const { name, since } of api.functions) {
    if (!theirs.has(name)) assert.ok(Number.parseInt(since, 10) >= 9, `${name} is said to be there since ${since}`);
  }
});

test("every type of callbacks is here with the same arguments in the same order", { skip }, () => {
  const ours = new Map(api.callbacks.map((entry) => [entry.name, own(entry, entry.returns)]));
  for (const entry of elements("functype")) assert.equal(ours.get(entry.attributes.name ?? ""), prototype(entry));
});

test("every structure with fields is here with the same fields, or left out for a reason", { skip }, () => {
  const ours = new Map(
    api.structures.map(({ name, fields }) => [name, fields.map((field) => `${field.type} ${field.name}`)]),
  );
  for (const { attributes, children } of elements("struct")) {
    const { name = "" } = attributes;
    if (children.length === 0 || isLeftOut("structure", name)) continue;
    // An array stands there as C declares it: the name before the length.
    const fields = children.map(({ type, name: field = "" }) => {
      return `${spaced(type).replace(` ${field}[`, "[")} ${field}`;
    });
    assert.deepEqual(ours.get(name), fields, name);
  }
});

test("every class is a structure without fields", { skip }, () => {
  const ours = new Set(api.classes.map(({ type }) => type.replace(/Ptr$/, "")));
  for (const { attributes, children } of elements("struct")) {
    if (children.length === 0) assert.ok(ours.has(attributes.name ?? ""), `${attributes.name} is no class`);
  }
});

test("every value of an enum is here by its name, or left out for a reason", { skip }, () => {
  const values = new Map(elements("enum").map(({ attributes }) => [attributes.name, attributes]));
  const ours = new Map(
    api.enums.flatMap(({ type, values: own }) => own.map(({ name, value }) => [name, `${type} ${value}`] as const)),
  );
  const resolve = (value: string | undefined): string =>
    value !== undefined && values.has(value) ? resolve(values.get(value)?.value) : String(value);
  for (const { name = "", type, value } of values.values()) {
    const found = ours.get(name);
    assert.ok(!(found && isLeftOut("value", name)), `${name} is here and left out`);
    if (!isLeftOut("value", name)) assert.equal(found, `${type} ${resolve(value)}`, name);
  }
});

test("every macro is here, or left out for a reason", { skip }, () => {
  const strings = new Map(
    api.enums.flatMap(({ kind, values }) => (kind === "strings" ? values.map(({ name, value }) => [name, value]) : [])),
  );
  const numbers = new Map(api.numbers.map(({ name, value }) => [name, value]));
  for (const { attributes } of elements("macro")) {
    const { name = "", string, raw = "" } = attributes;
    if (string !== undefined) {
      assert.equal(strings.get(name), string, name);
    } else if (!isLeftOut("macro", name)) {
      const value = numbers.get(name) ?? assert.fail(`${name} is not here`);
      const sum = /^\(?(\d+)(?:\s*\+\s*(\d+))?\)?(?:LL)?\b/.exec(raw);
      // The one macro that stands for an enum's value is checked with that.
      if (sum) assert.equal(value, Number(sum[1]) + Number(sum[2] ?? 0), name);
      else assert.equal(raw, "VIR_KEYCODE_SET_QNUM", name);
    }
  }
});
