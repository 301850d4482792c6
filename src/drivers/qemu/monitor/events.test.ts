import assert from "node:assert/strict";
import { test } from "node:test";
import { eventDispatcher } from "./events.ts";
import type { QmpEvent } from "./qmp.ts";

const event = (name: string, data: QmpEvent["data"]): QmpEvent => ({ name, data, seconds: 1, micros: 0 });

test("each handler gets its event with checked data", () => {
  const seen: unknown[] = [];
  const listener = eventDispatcher(
    {
      BALLOON_CHANGE: ({ actual }) => seen.push(actual),
      SHUTDOWN: ({ guest, reason }) => seen.push([guest, reason]),
      STOP: (data) => seen.push(data),
    },
    (bad, error) => seen.push([bad.name, String(error)]),
  );
  listener(event("BALLOON_CHANGE", { actual: 2n ** 60n }));
  listener(event("SHUTDOWN", { guest: true, reason: "guest-shutdown" }));
  listener(event("STOP", {}));
  listener(event("RESUME", {}));
  listener(event("toString", {}));
  listener(event("BALLOON_CHANGE", { actual: "much" }));
  assert.deepEqual(seen, [
    2n ** 60n,
    [true, "guest-shutdown"],
    undefined,
    ["BALLOON_CHANGE", "ShapeError: BALLOON_CHANGE.actual: expected an integer, got a string"],
  ]);
});

test("a handler's own mistake is its own", () => {
  const listener = eventDispatcher(
    {
      STOP: () => {
        throw new Error("mine");
      },
    },
    () => assert.fail("not malformed"),
  );
  assert.throws(() => listener(event("STOP", {})), /mine/);
});
