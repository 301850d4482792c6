import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MessageType } from "../protocol/index.ts";
import { MessageBoundary } from "./message-boundary.ts";

const types = [MessageType.CALL, MessageType.REPLY, MessageType.STREAM, MessageType.CALL_WITH_FDS];

/** The state that counts after some pieces have passed. */
function after(pieces: readonly Uint8Array[]): unknown {
  const boundary = new MessageBoundary();
  for (const piece of pieces) boundary.pass(piece);
  const { completed, isBetween, room, descriptors } = boundary;
  return { completed, isBetween, room, descriptors };
}

function message(type: number, body: number): Buffer {
  const bytes = Buffer.alloc(32 + body);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(type, 16);
  bytes.writeUInt32BE(body % 5, 28);
  return bytes;
}

test("messages end where they end, whatever the pieces they come in", () => {
  const messages = fc.array(fc.tuple(fc.constantFrom(...types), fc.nat(40)), { maxLength: 6 });
  fc.assert(
    fc.property(messages, fc.nat(300), fc.nat(300), (list, cut, end) => {
      const bytes = Buffer.concat(list.map(([type, body]) => message(type, body))).subarray(0, end);
      const whole = after([bytes]);
      assert.deepEqual(after([...bytes].map((byte) => Uint8Array.of(byte))), whole);
      assert.deepEqual(after([bytes.subarray(0, cut), bytes.subarray(cut)]), whole);
    }),
  );
});

test("a length that is none is not believed", () => {
  const bytes = message(MessageType.CALL, 8);
  bytes.writeUInt32BE(3, 0);
  const boundary = new MessageBoundary();
  boundary.pass(bytes.subarray(0, 20));
  assert.equal(boundary.completed, 0);
});
