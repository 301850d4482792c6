/** `api/api.xml`: made from the sources as they are, of the form that its schema says, and only growing. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RelaxNGValidator, XmlDocument } from "libxml2-wasm";
import { documentOf, filesOf } from "../../tools/api/files.ts";
import { promises } from "../../tools/api/golden.ts";
import { projectRoot } from "../helpers/project.ts";

/** Set this to write down what is new. What is already there is never changed. */
const SWITCH = "TSVIRT_EXTEND_GOLDEN";

const api = documentOf(projectRoot);

test("the files are what the sources say", () => {
  for (const [name, text] of Object.entries(filesOf(api))) {
    const written = readFileSync(join(projectRoot, "api", name), "utf8");
    assert.ok(written === text, `api/${name} is not what the sources say: npm run build`);
  }
});

test("api.xml is of the form that its schema says", () => {
  const schema = XmlDocument.fromString(readFileSync(join(projectRoot, "api", "api.rng"), "utf8"));
  const validator = RelaxNGValidator.fromDoc(schema);
  const text = filesOf(api)["api.xml"];
  const validate = (xml: string) => {
    const document = XmlDocument.fromString(xml);
    try {
      validator.validate(document);
    } finally {
      document.dispose();
    }
  };
  try {
    validate(text);
    assert.throws(() => validate(text.replace("<programs>", "<programs><surprise/>")), /surprise/);
    assert.throws(() => validate(text.replace('kind="call"', 'kind="recall"')), /kind/);
  } finally {
    validator.dispose();
    schema.dispose();
  }
});

test("the document only grows", () => {
  const file = join(projectRoot, "test", "api", "api.golden.json");
  const promised = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const current = promises(api);
  const broken = Object.keys(promised).filter((key) => current[key] !== promised[key]);
  assert.deepEqual(
    broken.map((key) => ({ key, is: current[key] })),
    broken.map((key) => ({ key, is: promised[key] })),
    "a promise was changed or taken back",
  );
  const added = Object.keys(current).filter((key) => !(key in promised));
  if (added.length > 0 && process.env[SWITCH] === "1") {
    writeFileSync(file, `${JSON.stringify({ ...promised, ...current }, null, 1)}\n`);
    return;
  }
  assert.deepEqual(added, [], `new lines; to promise them run this test with ${SWITCH}=1`);
});

test("what a function names is in the document", () => {
  const enums = new Set(api.enums.map(({ name }) => name));
  const codes = new Set(api.enums.find(({ name }) => name === "ErrorNumber")?.values.map(({ key }) => key));
  const known = new Map(api.procedures.map((procedure) => [procedure.name, procedure]));
  const classes = new Set(api.classes.map(({ name }) => name));
  for (const entry of api.functions) {
    const { name, errors, procedures } = entry;
    assert.ok(entry.doc !== "", `${name} has no text`);
    assert.ok(entry.class === null || classes.has(entry.class), `${name} is of ${entry.class}`);
    for (const code of errors) assert.ok(codes.has(code), `${name} fails with ${code}`);
    for (const one of entry.arguments) {
      assert.ok(one.enum === null || enums.has(one.enum), `${name} takes ${one.enum}`);
      assert.ok(one.names === null || enums.has(one.names), `${name} takes ${one.names}`);
    }
    for (const procedure of procedures) assert.ok(known.has(procedure), `${name} calls ${procedure}`);
  }
  const called = new Set(api.functions.flatMap(({ procedures }) => procedures));
  assert.deepEqual(
    api.procedures.filter(({ name }) => !called.has(name)).map(({ name }) => name),
    [],
  );
});

test("a function with one procedure fills each of its fields once, and takes no field twice", () => {
  const known = new Map(api.procedures.map((procedure) => [procedure.name, procedure]));
  for (const entry of api.functions.filter(({ kind }) => kind === "call" || kind === "stream")) {
    const [name = ""] = entry.procedures;
    const procedure = known.get(name) ?? assert.fail(name);
    const sent = [
      ...entry.arguments.flatMap(({ sends }) => sends ?? []),
      ...entry.constants.map((constant) => constant.name),
    ];
    assert.deepEqual(sent.sort(), procedure.arguments.map((field) => field.name).sort(), entry.name);
    const taken = [
      ...entry.arguments.flatMap(({ takes }) => takes ?? []),
      ...(entry.returns.takes ? [entry.returns.takes] : []),
    ];
    assert.equal(new Set(taken).size, taken.length, entry.name);
    const fields = new Set([...procedure.result.map((field) => field.name), "*"]);
    for (const field of taken) assert.ok(fields.has(field), `${entry.name} takes ${field}`);
  }
});
