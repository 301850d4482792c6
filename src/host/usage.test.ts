import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { processUsage, threadUsage } from "./usage.ts";

test("work shows in a process's and its thread's time", async () => {
  const before = await processUsage(process.pid);
  const began = process.cpuUsage();
  while (process.cpuUsage(began).user < 60_000) Math.sqrt(Math.random());
  const after = await processUsage(process.pid);
  assert.ok(before !== null && after !== null);
  assert.ok(after.user - before.user >= 30_000_000n);
  assert.ok(after.resident > 10_000n);
  const thread = await threadUsage(process.pid, process.pid);
  assert.ok(thread !== null && thread.run > 30_000_000n);
});

test("a process or thread that has ended has no usage", async () => {
  const child = spawn(process.execPath, ["-e", "0"]);
  await once(child, "exit");
  assert.equal(await processUsage(child.pid ?? -1), null);
  assert.equal(await threadUsage(process.pid, 2 ** 22 + 1), null);
});
