import assert from "node:assert/strict";
import { closeSync, fstatSync, openSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { Framer, FramingError, largestMessage, messagePrefix } from "./framer.ts";

/** A message of a type with a body, its length in front. */
function message(body: Uint8Array, type = 0): Buffer {
  const bytes = Buffer.alloc(messagePrefix + body.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(type, 16);
  bytes.set(body, messagePrefix);
  return bytes;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Cuts bytes at the given places, which may be in any order. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, index) => bytes.slice(start, at[index] ?? bytes.length));
}

function drain(framer: Framer): Buffer[] {
  const found: Buffer[] = [];
  while (framer.next()) found.push(Buffer.from(framer.bytes.subarray(framer.start, framer.end)));
  return found;
}

const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 });

test("the same messages come out, whatever the pieces they come in", () => {
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(), { maxLength: 40 }), fc.boolean(), (parts, places, eager) => {
      const messages = parts.map((body) => message(body));
      const framer = new Framer();
      const found: Buffer[] = [];
      for (const piece of cut(Buffer.concat(messages), places)) {
        framer.push(piece);
        if (eager) found.push(...drain(framer));
      }
      found.push(...drain(framer));
      assert.deepEqual(found, messages);
      assert.equal(framer.hasMore, false);
    }),
  );
});

test("what was found stays as it was when more comes", () => {
  const framer = new Framer();
  const first = message(Buffer.from("one"));
  for (const byte of first) framer.push(Uint8Array.of(byte));
  assert.equal(framer.next(), true);
  const kept = framer.bytes.subarray(framer.start, framer.end);
  for (const byte of message(Buffer.from("two"))) framer.push(Uint8Array.of(byte));
  assert.equal(framer.next(), true);
  assert.deepEqual(Buffer.from(kept), first);
});

test("bytes that are no messages are refused and nothing else is thrown", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(), { maxLength: 10 }), (bytes, places) => {
      const framer = new Framer();
      try {
        for (const piece of cut(bytes, places)) framer.push(piece);
        drain(framer);
      } catch (error) {
        assert.ok(error instanceof FramingError);
      }
    }),
  );
});

test("the length has to be that of a message", () => {
  for (const length of [0, 3, 4, messagePrefix - 1, largestMessage + 1, 0x7fffffff, 0xffffffff]) {
    const framer = new Framer();
    framer.push(word(length));
    assert.throws(() => framer.next(), FramingError, `${length}`);
  }
  for (const length of [messagePrefix, largestMessage]) {
    const framer = new Framer();
    framer.push(word(length));
    assert.equal(framer.next(), false);
  }
  const small = new Framer();
  small.limit = 100;
  small.push(message(new Uint8Array(73)));
  assert.throws(() => small.next(), FramingError);
});

test("the largest message comes whole, out of many pieces", () => {
  const whole = Buffer.alloc(largestMessage, 7);
  whole.writeUInt32BE(whole.length, 0);
  const framer = new Framer();
  let found = false;
  for (let at = 0; at < whole.length; at += 60_000) {
    assert.equal(found, false);
    framer.push(whole.subarray(at, at + 60_000));
    found = framer.next();
  }
  assert.equal(found, true);
  assert.ok(Buffer.from(framer.bytes.buffer, framer.start, framer.end).equals(whole));
});

test("what is announced takes no memory before it has come", () => {
  const framer = new Framer();
  const before = process.memoryUsage().arrayBuffers;
  const framers = Array.from({ length: 64 }, () => new Framer());
  for (const one of framers) {
    one.push(word(largestMessage));
    assert.equal(one.next(), false);
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 8 * 1024 * 1024);
  framer.destroy();
});

/** Files that are open for the test. */
function files(count: number): number[] {
  return Array.from({ length: count }, () => openSync("/dev/null", "r"));
}

function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}

test("descriptors come with their message, each with a byte after it", () => {
  const [a = -1, b = -1, c = -1] = files(3);
  const framer = new Framer();
  const one = message(Buffer.concat([word(2), Buffer.from("body")]), 4);
  const next = message(Buffer.from("next"));
  framer.push(one);
  assert.equal(framer.next(), false);
  framer.push(Uint8Array.of(0), [a]);
  assert.equal(framer.next(), false);
  framer.push(Buffer.concat([Uint8Array.of(0), next, message(word(1), 5)]), [b]);
  assert.equal(framer.next(), true);
  assert.deepEqual(framer.descriptors, [a, b]);
  assert.equal(framer.end - framer.start, one.length);
  assert.equal(framer.next(), true);
  assert.deepEqual(framer.descriptors, []);
  assert.deepEqual(Buffer.from(framer.bytes.subarray(framer.start, framer.end)), next);
  framer.push(Uint8Array.of(0), [c]);
  assert.equal(framer.next(), true);
  assert.deepEqual(framer.descriptors, [c]);
  for (const descriptor of [a, b, c]) closeSync(descriptor);
});

test("descriptors that were announced have to come, and those that nobody took are closed", () => {
  const missing = new Framer();
  missing.push(Buffer.concat([message(word(1), 4), Uint8Array.of(0)]));
  assert.throws(() => missing.next(), FramingError);
  const many = new Framer();
  many.push(message(word(33), 4));
  assert.throws(() => many.next(), FramingError);
  const without = new Framer();
  without.push(message(new Uint8Array(0), 4));
  assert.throws(() => without.next(), FramingError);
  const left = files(2);
  const unwanted = new Framer();
  unwanted.push(Uint8Array.of(0), left);
  unwanted.destroy();
  assert.deepEqual(left.map(isOpen), [false, false]);
});
