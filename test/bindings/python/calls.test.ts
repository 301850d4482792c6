/**
 * Nearly 300 calls in the classic names, under libvirt's official module for Python and under `tsvirt`, on the C libvirtd
 * and on tsvirtd: four runs, results equal, with the types that a program sees.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../helpers/project.ts";
import { runClient, Tsvirtd } from "../../helpers/tsvirtd.ts";
import { Libvirtd, python, withoutPython } from "../../remote/libvirtd.ts";
import { pythonPackage } from "./package.ts";

const script = join(projectRoot, "test", "bindings", "python", "calls.py");

/** A call, and what came back: a value, or the fields of an error. */
type Line = readonly [label: string, result: unknown];

async function run(module: "libvirt" | "tsvirt", uri: string): Promise<Line[]> {
  const words = [script, module, uri, ...(module === "tsvirt" ? [await pythonPackage()] : [])];
  const { code, stdout, stderr } = await runClient(python, words);
  assert.equal(code, 0, `${stderr}\nthe last lines: ${stdout.split("\n").slice(-4).join("\n")}`);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

/** An error without its words, which are the daemons' own. */
function withoutWords(result: unknown): unknown {
  const fields = (result as { readonly libvirtError?: { readonly tuple: readonly unknown[] } } | null)?.libvirtError;
  return fields ? { ...fields, tuple: fields.tuple.filter((_, at) => at !== 2) } : result;
}

/** What both daemons answer alike: not each call is one that the C library's test driver knows. */
function common(lines: readonly Line[]): Line[] {
  return lines.filter(([label]) => !label.startsWith("own: ")).map(([label, result]) => [label, withoutWords(result)]);
}

function compare(got: readonly Line[], expected: readonly Line[]): void {
  for (const [at, line] of expected.entries()) assert.deepEqual(got[at], line);
  assert.equal(got.length, expected.length);
}

test("calls from Python", { skip: withoutPython() }, async (t) => {
  await using theirs = await Libvirtd.start();
  const ours = await Tsvirtd.start(t);
  const official = { theirs: await run("libvirt", theirs.uri()), ours: await run("libvirt", ours.uri()) };
  assert.ok(common(official.ours).length > 200, `${common(official.ours).length} calls`);

  await t.test("the official module gets the same from tsvirtd and from libvirtd", () => {
    compare(common(official.ours), common(official.theirs));
  });

  await t.test("tsvirt gives what the official module gives, on libvirtd", async () => {
    compare(await run("tsvirt", theirs.uri()), official.theirs);
  });

  await t.test("tsvirt gives what the official module gives, on tsvirtd", async () => {
    compare(await run("tsvirt", ours.uri()), official.ours);
  });
});
