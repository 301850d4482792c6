import assert from "node:assert/strict";
import { test } from "node:test";
import { type ProcedureName, procedures } from "../../protocol/index.ts";
import { makeHandlers } from "./handlers.ts";
import { makeDefaultNode } from "./node/default.ts";
import { unsupported, unsupportedFamilies } from "./unsupported.ts";

test("every procedure is either answered or left out on purpose", () => {
  const handlers = makeHandlers(makeDefaultNode());
  const leftOut = new Set<string>(unsupported);
  const families = new Set<string>(unsupportedFamilies);
  const forgotten: string[] = [];
  const both: string[] = [];
  for (const [name, { family }] of Object.entries(procedures)) {
    const answered = Object.hasOwn(handlers, name as ProcedureName);
    const expected = !leftOut.has(name) && !families.has(family);
    if (answered && !expected) both.push(name);
    if (!answered && expected) forgotten.push(name);
  }
  assert.deepEqual({ forgotten, both }, { forgotten: [], both: [] });
  assert.equal(leftOut.size, unsupported.length);
});
