import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  bool,
  char,
  chars,
  double,
  encode,
  enumeration,
  fixedArray,
  fixedOpaque,
  fixedText,
  fromBytes,
  hyper,
  int,
  nothing,
  opaque,
  optional,
  Reader,
  stringOf,
  struct,
  type Type,
  text,
  toBytes,
  uchar,
  uhyper,
  uint,
  union,
  ushort,
  Writer,
  XdrError,
} from "./index.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function bytes(hexadecimal: string): Uint8Array {
  return Buffer.from(hexadecimal.replaceAll(" ", ""), "hex");
}

/** The value is written as these bytes, and read back from them. */
function holds<T>(type: Type<T>, value: T, expected: string): void {
  assert.equal(hex(toBytes(type, value)), expected.replaceAll(" ", ""));
  assert.deepEqual(fromBytes(type, bytes(expected)), value);
}

/** Writing the value is refused for this reason. */
function refuses(type: Type, value: unknown, message: string | RegExp): void {
  assert.throws(() => toBytes(type, value), { name: "XdrError", message });
}

/** Reading these bytes is refused for this reason. */
function rejects(type: Type, hexadecimal: string, message: string | RegExp): void {
  assert.throws(() => fromBytes(type, bytes(hexadecimal)), { name: "XdrError", message });
}

test("words", () => {
  holds(int, -2, "fffffffe");
  holds(uint, 0xfffffffe, "fffffffe");
  holds(char, -1, "ffffffff");
  holds(uchar, 255, "000000ff");
  holds(ushort, 65535, "0000ffff");
  holds(bool, true, "00000001");
  holds(bool, false, "00000000");
  holds(enumeration({ A: 0, B: 7 }), 7, "00000007");
  holds(nothing, undefined, "");
});

test("64 bits", () => {
  holds(hyper, -1n, "ffffffffffffffff");
  holds(hyper, -(2n ** 63n), "8000000000000000");
  holds(uhyper, 2n ** 64n - 1n, "ffffffffffffffff");
  holds(double, 1.5, "3ff8000000000000");
});

test("numbers out of range are refused", () => {
  for (const value of [2 ** 31, -(2 ** 31) - 1, 1.5, Number.NaN, 1n, "1", null, undefined]) {
    refuses(int, value, /^expected a signed 32-bit integer, got /);
  }
  for (const value of [-1, 2 ** 32, 0.5]) refuses(uint, value, /^expected an unsigned 32-bit integer, got /);
  for (const value of [2n ** 63n, -(2n ** 63n) - 1n, 1])
    refuses(hyper, value, /^expected a signed 64-bit bigint, got /);
  for (const value of [-1n, 2n ** 64n]) refuses(uhyper, value, /^expected an unsigned 64-bit bigint, got /);
  refuses(ushort, 65536, "expected an unsigned 16-bit integer, got number 65536");
  rejects(ushort, "00010000", "expected an unsigned 16-bit integer, got 65536");
  refuses(char, 128, "expected a signed 8-bit integer, got number 128");
  refuses(uchar, 256, "expected an unsigned 8-bit integer, got number 256");
  rejects(uchar, "ffffffff", "expected an unsigned 8-bit integer, got -1");
  refuses(double, "1", "expected a number, got string");
});

test("strings are UTF-8, filled up to words", () => {
  const string = stringOf(40);
  holds(string, "", "00000000");
  holds(string, "abc", "00000003 61626300");
  holds(string, "abcd", "00000004 61626364");
  holds(string, "ä€😀", "00000009 c3a4e282acf09f9880000000");
  holds(string, "x".repeat(37), `00000025 ${"78".repeat(37)}000000`);
});

test("a string's limit counts bytes and holds both ways", () => {
  const string = stringOf(5);
  holds(string, "12345", "00000005 3132333435000000");
  refuses(string, "123456", "string of 6 bytes, the limit is 5");
  refuses(string, "äää", "string of 6 bytes, the limit is 5");
  rejects(string, "00000006 3132333435360000", "string of 6, the limit is 5");
  rejects(string, "ffffffff", "string of 4294967295, the limit is 5");
  refuses(string, null, "expected a string, got null");
});

test("a string ends at a NUL when read, and cannot be written with one", () => {
  const string = stringOf(100);
  assert.equal(fromBytes(string, bytes("00000005 6162006364000000")), "ab");
  assert.equal(fromBytes(string, bytes(`00000028 ${"61".repeat(30)}00${"62".repeat(9)}`)), "a".repeat(30));
  refuses(string, "a\0b", "a string must not contain NUL");
  refuses(string, `${"a".repeat(50)}\0`, "a string must not contain NUL");
});

test("bytes that are not UTF-8 become the replacement character", () => {
  assert.equal(fromBytes(stringOf(10), bytes("00000003 61ff6200")), "a\ufffdb");
  assert.equal(hex(toBytes(stringOf(10), "\ud800")), "00000003efbfbd00");
});

test("opaque data", () => {
  holds(opaque(5), new Uint8Array([1, 2, 3, 4, 5]), "00000005 0102030405000000");
  refuses(opaque(5), new Uint8Array(6), "opaque data of 6, the limit is 5");
  rejects(opaque(5), "00000006 010203040506", "opaque data of 6, the limit is 5");
  holds(fixedOpaque(3), new Uint8Array([1, 2, 3]), "01020300");
  refuses(fixedOpaque(3), new Uint8Array(2), "expected 3 bytes, got 2");
  refuses(fixedOpaque(3), [1, 2, 3], "expected a Uint8Array, got an array");
  assert.deepEqual(fromBytes(fixedOpaque(1), bytes("01ffffff")), new Uint8Array([1]), "padding may hold anything");
});

test("bytes that were read are a copy", () => {
  const message = Buffer.from(bytes(`00000020 ${"aa".repeat(32)}`));
  const value = fromBytes(opaque(32), message);
  message.fill(0);
  assert.deepEqual(value, new Uint8Array(32).fill(0xaa));
});

test("characters take a word each", () => {
  holds(chars(4), new Uint8Array([0x41, 0xff]), "00000002 00000041 ffffffff");
  assert.deepEqual(fromBytes(chars(4), bytes("00000001 000000ff")), new Uint8Array([0xff]), "char without a sign");
  refuses(chars(1), new Uint8Array(2), "array of 2, the limit is 1");
  rejects(chars(1), "00000002 00000041 00000041", "array of 2, the limit is 1");
  holds(text(3), "hi", "00000003 00000068 00000069 00000000");
  assert.equal(fromBytes(text(3), bytes("00000000")), "");
  refuses(text(3), "hi!", "string with its NUL of 4, the limit is 3");
  holds(fixedText(3), "hi", "00000068 00000069 00000000");
  refuses(fixedText(3), "hi!", "string of 3, the limit is 2");
  refuses(fixedText(3), "\0", "a string must not contain NUL");
});

test("a value or null; any word but 0 says that there is one", () => {
  holds(optional(int), null, "00000000");
  holds(optional(int), 5, "00000001 00000005");
  assert.equal(fromBytes(optional(int), bytes("01000000 00000005")), 5);
  assert.equal(fromBytes(bool, bytes("01000000")), true);
  refuses(optional(int), undefined, "expected a signed 32-bit integer, got undefined");
});

test("arrays", () => {
  holds(array(int, 3), [1, 2, 3], "00000003 00000001 00000002 00000003");
  refuses(array(int, 3), [1, 2, 3, 4], "array of 4, the limit is 3");
  rejects(array(int, 3), "00000004", "array of 4, the limit is 3");
  refuses(array(int, 3), "abc", "expected an array, got string");
  holds(fixedArray(int, 2), [1, 2], "00000001 00000002");
  refuses(fixedArray(int, 2), [1], "expected 2 elements, got 1");
});

test("an array that the message cannot hold is refused before anything is read", () => {
  const pairs = array(struct({ name: stringOf(9), uuid: fixedOpaque(16) }), 0xffffffff);
  rejects(pairs, "ffffffff 00000000", /^message ends \d+ bytes too early$/);
  assert.throws(() => array(struct({}), 0xffffffff), TypeError, "elements of no bytes would escape the check");
});

test("structures and unions", () => {
  const point = struct({ x: int, y: int });
  holds(point, { x: 1, y: 2 }, "00000001 00000002");
  refuses(point, null, "expected an object, got null");
  const value = union({ 1: int, 7: stringOf(9) });
  holds(value, { type: 7, value: "a" }, "00000007 00000001 61000000");
  refuses(value, { type: 2, value: 1 }, "a union has no arm number 2");
  rejects(value, "00000002 00000001", "a union has no arm 2");
  refuses(enumeration({ A: 0, B: 1 }), 2, "expected one of A, B, got number 2");
  rejects(enumeration({ A: 0, B: 1 }), "00000002", "expected one of A, B, got 2");
});

test("an error names the field", () => {
  const type = struct({ list: array(struct({ value: union({ 1: fixedOpaque(4) }) }), 5) });
  const bad = { list: [{ value: { type: 1, value: new Uint8Array(4) } }, { value: { type: 1, value: 3 } }] };
  refuses(type, bad, "list[1].value.value: expected a Uint8Array, got number 3");
  const names = struct({ list: array(struct({ name: stringOf(9) }), 5) });
  rejects(names, "00000002 00000000 00000002", "list[1].name: message ends 4 bytes too early");
  try {
    toBytes(type as Type, bad);
  } catch (error) {
    assert(error instanceof XdrError);
    assert.equal(error.path, "list[1].value.value");
    assert.equal(error.reason, "expected a Uint8Array, got number 3");
  }
});

test("bytes left over are refused unless they are to be ignored", () => {
  rejects(int, "00000001 00", "1 bytes are left over");
  assert.equal(fromBytes(int, bytes("00000001 00"), { trailing: "ignore" }), 1);
});

test("a writer takes back what failed", () => {
  const writer = new Writer();
  encode(int, 1, writer);
  assert.throws(() => encode(struct({ a: int, b: stringOf(1) }), { a: 2, b: "long" }, writer), XdrError);
  assert.equal(hex(writer.view()), "00000001");
  const mark = writer.mark();
  encode(int, 2, writer);
  writer.patch(0, 9);
  assert.equal(hex(writer.view()), "0000000900000002");
  writer.reset(mark);
  assert.equal(writer.position, 4);
  assert.throws(() => writer.reset(8), XdrError);
  assert.throws(() => writer.patch(2, 0), XdrError);
});

test("a writer grows up to its limit", () => {
  const writer = new Writer(4096, 16);
  writer.raw(new Uint8Array(4000).fill(1));
  writer.string("€".repeat(20), 100);
  assert.equal(writer.position, 4064);
  assert.throws(() => writer.raw(new Uint8Array(33)), { name: "XdrError", message: "message of more than 4096 bytes" });
  const taken = writer.take();
  writer.word(5);
  assert.equal(hex(writer.view()), "00000005");
  assert.equal(taken.length, 4064);
  assert.equal(taken[0], 1);
});

test("padding holds zeros, whatever was in the buffer", () => {
  const writer = new Writer(1024, 64);
  writer.raw(new Uint8Array(64).fill(0xee));
  writer.reset();
  writer.string("a", 1);
  writer.bytes(new Uint8Array([1]));
  writer.string("é", 2);
  assert.equal(hex(writer.view()), "00000001 61000000 01000000 00000002 c3a90000".replaceAll(" ", ""));
});

test("a reader stays inside its part of the buffer", () => {
  const reader = new Reader(bytes("00000001 00000002 00000003"), 4, 8);
  assert.equal(reader.remaining, 4);
  assert.equal(reader.word(), 2);
  assert.throws(() => reader.word(), { name: "XdrError", message: "message ends 4 bytes too early" });
  assert.equal(reader.position, 8);
  assert.throws(() => new Reader(bytes("0000"), 0, 100).word(), XdrError);
});
