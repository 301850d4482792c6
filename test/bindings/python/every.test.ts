/**
 * Every method, under libvirt's official module for Python and under `tsvirt`, on a stand-in that answers everything: the
 * same results, of the same types, and the same words on the wire.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { projectRoot } from "../../helpers/project.ts";
import { runClient } from "../../helpers/tsvirtd.ts";
import { python, withoutPython } from "../../remote/libvirtd.ts";
import { pythonPackage } from "./package.ts";
import { type Asked, StandIn } from "./stand-in.ts";

interface Run {
  readonly results: ReadonlyMap<string, unknown>;
  readonly asked: readonly Asked[];
}

async function run(
  t: TestContext,
  name: string,
  module: "libvirt" | "tsvirt",
  ...more: readonly string[]
): Promise<Run> {
  const script = join(projectRoot, "test", "bindings", "python", name);
  const standIn = await StandIn.start(t);
  const { code, stdout, stderr } = await runClient(python, [
    "-B",
    script,
    module,
    standIn.uri,
    await pythonPackage(),
    ...more,
  ]);
  assert.equal(code, 0, stderr);
  const lines = stdout.trim().split("\n");
  const results = new Map(lines.map((line) => JSON.parse(line) as [string, unknown]));
  return { results, asked: standIn.asked };
}

/** The C library asks for these what the server can do, or with what lay in its memory; it learns types from the answer. */
const itsOwn = new Set([
  "connectSupportsFeature",
  "nodeGetSevInfo",
  "networkPortGetParameters",
  "networkPortSetParameters",
]);

function words(asked: readonly Asked[]): Set<string> {
  return new Set(asked.filter(([procedure]) => !itsOwn.has(procedure)).map((call) => call.join(" ")));
}

test("every method gives and sends what the official module's does", { skip: withoutPython() }, async (t) => {
  const theirs = await run(t, "every.py", "libvirt");
  const ours = await run(t, "every.py", "tsvirt");
  const differing: unknown[] = [];
  for (const [name, result] of theirs.results) {
    if (result === "not there") continue;
    const our = ours.results.get(name);
    if (JSON.stringify(our) !== JSON.stringify(result)) differing.push([name, { official: result, tsvirt: our }]);
  }
  assert.deepEqual(differing, []);
  const ourWords = words(ours.asked);
  assert.deepEqual(
    [...words(theirs.asked)].filter((asked) => !ourWords.has(asked)),
    [],
  );
  assert.ok(theirs.results.size > 280, `${theirs.results.size} methods`);
});

test("every kind of event gives what the official module's callbacks are given", {
  skip: withoutPython(),
}, async (t) => {
  const theirs = await run(t, "events.py", "libvirt");
  const ours = await run(t, "events.py", "tsvirt");
  assert.ok(theirs.results.size > 25, `${theirs.results.size} kinds`);
  for (const [kind, result] of theirs.results) assert.deepEqual(ours.results.get(kind), result, kind);
});

test("domains move by the steps of the official module, whatever fails", { skip: withoutPython() }, async (t) => {
  const move = async (module: "libvirt" | "tsvirt") => {
    const there = await StandIn.start(t);
    const { results, asked } = await run(t, "migration.py", module, there.uri);
    // The C library takes the older steps for the older functions.
    const steps = (list: readonly Asked[]) => {
      const newest = list.filter(([name]) => /^domainMigrate\w+Params$/.test(name));
      return newest.filter(([, args]) => args.includes("auto_converge") || args.includes("qemu://"));
    };
    return { results, here: steps(asked), there: steps(there.asked) };
  };
  const theirs = await move("libvirt");
  const ours = await move("tsvirt");
  assert.deepEqual(ours.results.get("migrate3 to no connection"), { raised: "TypeError" });
  for (const [way, result] of theirs.results) assert.deepEqual(ours.results.get(way), result, way);
  assert.deepEqual(ours.here, theirs.here);
  assert.deepEqual(ours.there, theirs.there);
});
