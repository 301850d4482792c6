import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { isLibvirtError } from "../errors.ts";
import { JobQueue } from "./jobs.ts";

test("changes run one at a time, in the order they came", async () => {
  const queue = new JobQueue("QEMU");
  const log: string[] = [];
  const job = (name: string) =>
    queue.run(name, async () => {
      log.push(`${name} begins`);
      await turn();
      log.push(`${name} ends`);
    });
  await Promise.all([job("a"), job("b"), job("c")]);
  assert.deepEqual(log, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("nobody overtakes those who wait when a job hands over", async () => {
  const queue = new JobQueue("QEMU");
  const log: string[] = [];
  const first = queue.run("first", () => turn());
  const second = queue.run("second", async () => void log.push("second"));
  await first;
  const third = queue.run("third", async () => void log.push("third"));
  await Promise.all([second, third]);
  assert.deepEqual(log, ["second", "third"]);
});

test("a failing job fails its caller alone", async () => {
  const queue = new JobQueue("QEMU");
  const failing = queue.run("bad", async () => {
    throw new Error("no");
  });
  const next = queue.run("good", () => 42);
  await assert.rejects(failing, /no/);
  assert.equal(await next, 42);
  assert.equal(queue.running, undefined);
});

test("a waiting caller may give up, and leaves the queue", async () => {
  const queue = new JobQueue("QEMU");
  let finish = () => {};
  const first = queue.run("first", () => new Promise<void>((resolve) => (finish = resolve)));
  const control = new AbortController();
  const second = queue.run("second", () => "ran", control.signal);
  control.abort();
  await assert.rejects(second, (error) => isLibvirtError(error, "OPERATION_ABORTED"));
  finish();
  await first;
  assert.equal(await queue.run("third", () => "ran"), "ran");
});

test("who waits too long is told who holds the job", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const queue = new JobQueue("QEMU");
  let finish = () => {};
  const first = queue.run("domainCreate", () => new Promise<void>((resolve) => (finish = resolve)));
  const second = queue.run("domainDestroy", () => {});
  context.mock.timers.tick(30_000);
  await assert.rejects(second, /domainDestroy cannot acquire state change lock \(held by domainCreate\)/);
  finish();
  await first;
});
