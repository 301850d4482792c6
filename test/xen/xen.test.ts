/**
 * The Xen driver on a real Xen: an emulated machine boots the hypervisor, and the files of `dom0/` run in its host. Each
 * of their tests is a test here.
 *
 * XEN_TESTS=hypervisor,driver   only these files; `all` for those too that take minutes by themselves
 * XEN_LOG=1                     what hypervisor and host print, as it comes
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { runInLab } from "./lab/lab.ts";
import { LabUnavailable } from "./lab/packages.ts";
import { readResults } from "./lab/tap.ts";

/** Files that take minutes by themselves, or need what the host seldom has: they run when they are asked for. */
const long = new Set(["hvm", "migrate", "pci", "twin"]);

/** In ms; a busy machine takes several times as long as a quiet one. */
const limit = 1_200_000;

function files(): readonly string[] {
  const wanted = process.env.XEN_TESTS?.split(",");
  const all = readdirSync(new URL("dom0/", import.meta.url)).flatMap(
    (name) => /^([a-z0-9-]+)\.js$/.exec(name)?.[1] ?? [],
  );
  return all
    .filter((name) => (wanted === undefined ? !long.has(name) : wanted.includes("all") || wanted.includes(name)))
    .sort();
}

const follow = process.env.XEN_LOG ? { onLine: (line: string) => console.log(line) } : {};

test("on a real Xen", { timeout: limit + 60_000 }, async (t) => {
  let outcome: Awaited<ReturnType<typeof runInLab>>;
  try {
    outcome = await runInLab({ files: files(), deviceModel: files().includes("hvm"), limit, ...follow });
  } catch (error) {
    if (error instanceof LabUnavailable) return t.skip(`no Xen: ${error.message}`);
    throw error;
  }
  const { tests, broken, done } = readResults(outcome.results);
  for (const { file, name, ok, skipped, detail } of tests) {
    await t.test(`${file}: ${name}`, { skip: skipped ?? false }, () => assert.ok(ok, detail));
  }
  const end = outcome.console.slice(-6000);
  assert.equal(outcome.failure, null, end);
  assert.deepEqual(broken, [], end);
  assert.ok(done && tests.length > 0, `the host did not tell that it is done:\n${end}`);
});
