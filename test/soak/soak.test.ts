/** The short form of `npm run soak`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { silenceErrors } from "../../src/api/index.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { leakedByDaemon, soakDaemon } from "./daemon.ts";
import { leaked, soak } from "./soak.ts";

silenceErrors();

test("nothing stays of what is done again and again", { skip: skipWithoutQemu }, async () => {
  const wrong: string[] = [];
  await soak(2, (result) => wrong.push(...leaked(result)));
  assert.deepEqual(wrong, []);
});

test("nothing stays in tsvirtd of calls, connections and guests", { skip: skipWithoutQemu }, async (t) => {
  const wrong: string[] = [];
  await soakDaemon(t, { calls: 5_000, connects: 50, starts: 4 }, (result) => wrong.push(...leakedByDaemon(result)));
  assert.deepEqual(wrong, []);
});
