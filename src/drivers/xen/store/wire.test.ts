import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeMessage, type Message, MessageReader, maxAnswer, StoreProtocolError, words, wordsOf } from "./wire.ts";

const number = fc.integer({ min: 0, max: 0xffff_ffff });
const message = fc
  .tuple(number, number, number, fc.uint8Array({ maxLength: 200 }))
  .map(([type, request, transaction, bytes]): Message => ({ type, request, transaction, payload: Buffer.from(bytes) }));

test("messages come out as they went in, however they are cut", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), fc.integer({ min: 1, max: 60 }), (messages, size) => {
      const stream = Buffer.concat(messages.map(encodeMessage));
      const reader = new MessageReader();
      const read: Message[] = [];
      for (let at = 0; at < stream.length; at += size) read.push(...reader.push(stream.subarray(at, at + size)));
      assert.deepEqual(read, messages);
    }),
  );
});

test("a message that claims more than there may be ends the stream", () => {
  const header = encodeMessage({ type: 1, request: 1, transaction: 0, payload: Buffer.alloc(0) });
  header.writeUInt32LE(maxAnswer + 1, 12);
  assert.throws(() => new MessageReader().push(header), StoreProtocolError);
});

test("oxenstored's answers may be longer than requests", () => {
  const long = { type: 1, request: 1, transaction: 0, payload: Buffer.alloc(maxAnswer, "a\0") };
  assert.deepEqual(new MessageReader().push(encodeMessage(long)), [long]);
});

test("words have an end each", () => {
  assert.deepEqual(wordsOf(words("a", "", "b")), ["a", "", "b"]);
  assert.deepEqual(wordsOf(Buffer.from("a\0b")), ["a", "b"]);
  assert.deepEqual(wordsOf(Buffer.alloc(0)), []);
});
