/** The examples of the reference that were written by hand: each runs on the test driver, from a fresh state. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Connection, open, silenceErrors } from "../../src/api/index.ts";
import { pythonPackage } from "../bindings/python/package.ts";
import { projectRoot } from "../helpers/project.ts";
import { runClient, Tsvirtd } from "../helpers/tsvirtd.ts";
import { python } from "../remote/libvirtd.ts";

silenceErrors();

const folder = join(projectRoot, "examples", "reference");
/** The test driver has no streams: the examples about them are compiled, and their calls checked, beside those that are made. */
const topics = readdirSync(folder).flatMap((name) => /^(?!streams)(\w+)\.ts$/.exec(name)?.[1] ?? []);
const ending = import.meta.url.slice(import.meta.url.lastIndexOf("."));

test("those in TypeScript", async (t) => {
  // What they print is for those who read them.
  t.mock.method(console, "log", () => {});
  let count = 0;
  for (const topic of topics) {
    const place = new URL(`../../examples/reference/${topic}${ending}`, import.meta.url);
    const examples = (await import(place.href)) as Record<string, (conn: Connection) => Promise<void>>;
    for (const [name, example] of Object.entries(examples)) {
      await using conn = await open("test:///default");
      await assert.doesNotReject(example(conn), name);
      count++;
    }
  }
  assert.ok(count > 20, `${count} examples`);
});

test("those in Python", { skip: existsSync(python) ? false : `${python} is not there` }, async (t) => {
  const daemon = await Tsvirtd.start(t);
  const script = join(projectRoot, "test", "docs", "run_examples.py");
  const { code, stderr } = await runClient(python, ["-B", script, await pythonPackage(), folder, daemon.uri()]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
});
