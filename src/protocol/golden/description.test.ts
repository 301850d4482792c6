import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { dumpProtocol } from "./dump.ts";
import { sourceFile } from "./source.ts";

/** Set this to write down what is new. What is already there is never changed. */
const SWITCH = "TSVIRT_EXTEND_GOLDEN";

const file = sourceFile("protocol.golden.json");

/** The description as it was promised: peers and programs rely on each line. */
function golden(): Record<string, string> {
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
}

test("the description of the API only grows", () => {
  const promised = golden();
  const current = Object.fromEntries(dumpProtocol());
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

test("every line of the description has a name of its own", () => {
  const keys = dumpProtocol().map(([key]) => key);
  assert.equal(new Set(keys).size, keys.length);
});
