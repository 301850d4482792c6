/** The short form of `npm run chaos`. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { silenceErrors } from "../../src/api/index.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { chaos } from "./chaos.ts";
import { runFullDisk } from "./run-full-disk.ts";

silenceErrors();

test("programs and guests are killed, and nothing is lost", { skip: skipWithoutQemu }, async (t) => {
  const seed = Date.now() % 1_000_000;
  const { wrong, ...numbers } = await chaos({ seed, slots: 2, rounds: 3 });
  t.diagnostic(`CHAOS_SEED=${seed} CHAOS_SLOTS=2 CHAOS_ROUNDS=3: ${JSON.stringify(numbers)}`);
  assert.deepEqual(wrong, [], `CHAOS_SEED=${seed} CHAOS_SLOTS=2 CHAOS_ROUNDS=3 npm run chaos`);
});

const skipWithoutMounts =
  skipWithoutQemu ||
  (spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0
    ? false
    : "a file system of its own needs root and mount namespaces");

test("a disk that is full refuses changes and loses nothing", { skip: skipWithoutMounts }, async (t) => {
  const seed = Date.now() % 1_000_000;
  const { failed, steps } = await runFullDisk(seed, 12);
  t.diagnostic(`seed ${seed}: ${failed} failed: ${steps.join(", ")}`);
});
