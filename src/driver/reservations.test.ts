import assert from "node:assert/strict";
import { test } from "node:test";
import { Reservations } from "./reservations.ts";

test("who shares a key waits, and nobody else", async () => {
  const reservations = new Reservations();
  const order: string[] = [];
  let finish = (): void => {};
  const first = reservations.run(["a", "b"], async () => {
    order.push("first begins");
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    order.push("first ends");
  });
  const second = reservations.run(["b", "c"], () => order.push("second"));
  await reservations.run(["c", "d"], () => order.push("other"));
  finish();
  await Promise.all([first, second]);
  assert.deepEqual(order, ["first begins", "other", "first ends", "second"]);
});

test("a change that fails lets its keys go", async () => {
  const reservations = new Reservations();
  await assert.rejects(
    reservations.run(["a"], () => Promise.reject(new Error("no"))),
    /no/,
  );
  assert.equal(await reservations.run(["a"], () => 1), 1);
});
