import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { whenAborted } from "./abort.ts";

test("many calls listen to one signal, and Node does not take them for a leak", async () => {
  const warnings: unknown[] = [];
  const note = (warning: unknown) => warnings.push(warning);
  process.on("warning", note);
  const control = new AbortController();
  const heard: number[] = [];
  const forget = Array.from({ length: 100 }, (_, at) => whenAborted(control.signal, () => heard.push(at)));
  for (const [at, take] of forget.entries()) if (at % 2 === 0) take();
  control.abort();
  assert.deepEqual(
    heard,
    Array.from({ length: 50 }, (_, at) => 2 * at + 1),
  );
  // Warnings come a turn later.
  await setImmediate();
  process.off("warning", note);
  assert.deepEqual(warnings, []);
});
