import assert from "node:assert/strict";
import { test } from "node:test";
import { mapInTurns } from "./in-turns.ts";

/** Keeps the processor busy, as work on an item does. */
function busy(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

test("a long list is worked on in turns, and its results keep their order", async () => {
  const items = Array.from({ length: 40 }, (_, index) => index);
  let [turns, over] = [0, false];
  const tick = (): void => {
    turns++;
    if (!over) setImmediate(tick);
  };
  setImmediate(tick);
  const results = await mapInTurns(items, async (item) => {
    busy(1);
    return item * 2;
  });
  over = true;
  assert.deepEqual(
    results,
    items.map((item) => item * 2),
  );
  assert.ok(turns >= 10, `${turns} turns`);
});

test("an item that waits keeps no other waiting, and one that fails is the whole's failure", async () => {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const seen: number[] = [];
  const all = mapInTurns([1, 2, 3], async (item) => {
    if (item === 1) await gate;
    seen.push(item);
    if (item === 3) release();
  });
  await all;
  assert.deepEqual(seen, [2, 3, 1]);
  await assert.rejects(
    mapInTurns([1, 2], async (item) => {
      busy(3);
      if (item === 1) throw new Error("one failed");
    }),
    /one failed/,
  );
});
