/** The short form of `npm run soak`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { silenceErrors } from "../../src/api/index.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { leaked, soak } from "./soak.ts";

silenceErrors();

test("nothing stays of what is done again and again", { skip: skipWithoutQemu }, async () => {
  const wrong: string[] = [];
  await soak(2, (result) => wrong.push(...leaked(result)));
  assert.deepEqual(wrong, []);
});
