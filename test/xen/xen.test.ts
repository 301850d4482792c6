/**
 * The Xen driver on a real Xen: emulated machines boot the hypervisor, and the files of `dom0/` run in their hosts. Each of
 * their tests is a test here.
 *
 * XEN_TESTS=hypervisor,driver   only these files; `all` for those too that take minutes by themselves
 * XEN_LOG=1                     what hypervisors and hosts print, as it comes
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { test } from "node:test";
import { runInLab } from "./lab/lab.ts";
import type { Outcome } from "./lab/machine.ts";
import { LabUnavailable } from "./lab/packages.ts";
import { share } from "./lab/share.ts";
import { readResults } from "./lab/tap.ts";

/** Files that take minutes by themselves, or that are about what is not there: they run when they are asked for. */
const long = new Set(["hvm", "migrate", "pci", "twin"]);

/** In ms; a busy machine takes several times as long as a quiet one. */
const limit = 1_200_000;

/** How many machines are emulated side by side: each takes a processor and three GiB, and others are here too. */
const machines = Math.max(1, Math.min(4, availableParallelism(), Math.floor(totalmem() / (5 * 2 ** 30))));

/** What the files take, in seconds of an emulated processor; those that are not here take little. */
const weights: Readonly<Record<string, number>> = {
  ...{ life: 100, daemon: 80, without: 75, xl: 70, driver: 55, devices: 30, hypervisor: 10, store: 10 },
};

function files(): readonly string[] {
  const wanted = process.env.XEN_TESTS?.split(",");
  const all = readdirSync(new URL("dom0/", import.meta.url)).flatMap(
    (name) => /^([a-z0-9-]+)\.js$/.exec(name)?.[1] ?? [],
  );
  return all
    .filter((name) => (wanted === undefined ? !long.has(name) : wanted.includes("all") || wanted.includes(name)))
    .sort();
}

const follow = process.env.XEN_LOG
  ? { onLine: (line: string, host: number) => console.log(`${(performance.now() / 1000).toFixed(1)} ${host}: ${line}`) }
  : {};

test("on a real Xen", { timeout: limit + 60_000 }, async (t) => {
  const shares = share(files(), machines, (name) => weights[name] ?? 5);
  let outcomes: readonly Outcome[];
  try {
    outcomes = await runInLab(
      shares.map((files) => ({ files, deviceModel: files.includes("hvm") })),
      { limit, ...follow },
    );
  } catch (error) {
    if (error instanceof LabUnavailable) return t.skip(`no Xen: ${error.message}`);
    throw error;
  }
  const all = outcomes.map((outcome) => ({ ...readResults(outcome.results), outcome }));
  for (const { file, name, ok, skipped, detail } of all.flatMap(({ tests }) => tests)) {
    await t.test(`${file}: ${name}`, { skip: skipped ?? false }, () => assert.ok(ok, detail));
  }
  for (const { tests, broken, done, outcome } of all) {
    const end = outcome.console.slice(-6000);
    assert.equal(outcome.failure, null, end);
    assert.deepEqual(broken, [], end);
    assert.ok(done && tests.length > 0, `the host did not tell that it is done:\n${end}`);
  }
});
