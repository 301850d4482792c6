/** Conformance may only get better: each suite passes at least as many cases as it did when its line was written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { haveData, missingData, runSuites, suiteNames } from "./data.ts";
import { suites } from "./suites/index.ts";

/** Fewest cases that must pass. Raise a number when more do; never lower one. */
const least: { readonly [suite: string]: number } = {
  "backingstore-parse": 41,
  genericxml2xml: 34,
  interfacexml2xml: 12,
  libxlxml2domconfig: 6,
  networkportxml2xml: 5,
  networkupdate: 21,
  networkxml2conf: 19,
  networkxml2firewall: 4,
  networkxml2xml: 29,
  nodedevxml2xml: 24,
  qemublock: 28,
  qemucaps: 11,
  qemuhotplug: 29,
  nwfilterbindingxml2xml: 1,
  nwfilterxml2firewall: 23,
  nwfilterxml2xml: 22,
  qemuxml2argv: 253,
  "qemuxml2argv-fakecaps": 204,
  "qemuxml2argv-reject": 45,
  "qemuxml2argv-versions": 88,
  qemuxml2xml: 608,
  "qemuxml2xml-otherarch": 174,
  secretxml2xml: 5,
  storagepoolxml2argv: 5,
  storagepoolxml2xml: 25,
  storagevolxml2argv: 14,
  storagevolxml2xml: 11,
  vircaps2xml: 5,
  virconf: 2,
  xlconfig: 49,
  xmconfig: 40,
  virhostcpu: 14,
};

test("conformance", { skip: haveData ? false : missingData }, async (t) => {
  const there = new Set(await suiteNames());
  const chosen = Object.keys(least).filter((suite) => there.has(suite));
  const { cases } = await runSuites(chosen);
  for (const suite of chosen) {
    await t.test(suite, () => {
      const own = cases.filter((verdict) => verdict.suite === suite);
      const failed = own.filter(({ pass }) => !pass).map(({ id, why }) => `${id}: ${JSON.stringify(why)}`);
      const passed = own.length - failed.length;
      assert.ok(passed >= (least[suite] ?? 0), `${passed} of ${own.length} pass\n${failed.join("\n")}`);
    });
  }
});

test("every suite with a minimum is connected", () => {
  for (const suite of Object.keys(least)) assert.ok(Object.hasOwn(suites, suite), suite);
});
