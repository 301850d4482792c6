import assert from "node:assert/strict";
import { test } from "node:test";
import { Keepalive } from "./keepalive.ts";
import { transportPair } from "./memory-transport.ts";
import { Outbox } from "./outbox.ts";

test("a side that does not read takes nobody for gone, and says that it is there", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const [near] = transportPair();
  const outbox = new Outbox(near);
  let dead = 0;
  const sent: number[] = [];
  outbox.write = ((subject: { readonly number: number }) => sent.push(subject.number)) as never;
  outbox.schedule = () => {};
  const watch = new Keepalive(outbox, () => dead++);
  watch.start(1, 1);
  watch.deaf(true);
  t.mock.timers.tick(10_000);
  assert.equal(dead, 0);
  assert.deepEqual(sent, [2, 2, 2, 2, 2]);
  watch.deaf(false);
  t.mock.timers.tick(1_000);
  assert.deepEqual(sent.slice(5), [1]);
  t.mock.timers.tick(1_000);
  assert.equal(dead, 1);
  t.mock.timers.tick(10_000);
  assert.equal(sent.length, 6);
});
