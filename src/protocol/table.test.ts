import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dumpType } from "./golden/dump.ts";
import { eventByNumber, procedureByName, procedureByNumber, programByNumber } from "./lookup.ts";
import { messageHeader, remoteError, streamHole } from "./message.ts";
import { events, families, procedures } from "./table.ts";
import { arbitrary } from "./xdr/arbitrary.test.lib.ts";
import { encode, fromBytes, type Type, toBytes, Writer, XdrError } from "./xdr/index.ts";
import { padded } from "./xdr/writer.ts";

/** Every type at the top of a message, with a name for it. */
const tops: readonly (readonly [name: string, type: Type])[] = [
  ...Object.values(procedures).flatMap(({ name, args, result }): [string, Type][] => [
    [`arguments of ${name}`, args],
    [`result of ${name}`, result],
  ]),
  ...Object.values(events).map(({ name, message }): [string, Type] => [`message of ${name}`, message]),
  ["message header", messageHeader],
  ["error", remoteError],
  ["hole", streamHole],
];

const anyTop = fc.constantFrom(...tops);

/** A type and what it is made of, down to the leaves. */
function* parts(type: Type): Generator<Type> {
  yield type;
  const { shape } = type;
  if (shape.kind === "optional" || shape.kind === "array" || shape.kind === "fixedArray") yield* parts(shape.of);
  if (shape.kind === "struct") for (const field of Object.values(shape.fields)) yield* parts(field);
  if (shape.kind === "union") for (const arm of Object.values(shape.arms)) yield* parts(arm);
}

/** Each type with a limit that occurs somewhere in the description, once. */
const limited = [
  ...new Map(
    tops
      .flatMap(([, top]) => [...parts(top)])
      .filter(({ shape }) => "max" in shape)
      .map((type) => [dumpType(type), type]),
  ).values(),
];

/** A value with exactly so many bytes or elements, as far as its type allows it. */
function ofLength({ shape }: Type, length: number): unknown {
  switch (shape.kind) {
    case "string":
      return "x".repeat(length);
    case "text":
      return "x".repeat(length - 1);
    case "opaque":
    case "chars":
      return new Uint8Array(length);
    case "array":
      return new Array(length).fill(fc.sample(arbitrary(shape.of), { numRuns: 1, seed: 1 })[0]);
    default:
      throw new TypeError(`${shape.kind} has no limit`);
  }
}

test("any value of any type of the description can be written and read back", () => {
  const anyValue = anyTop.chain(([name, type]) => arbitrary(type).map((value) => ({ name, type, value })));
  fc.assert(
    fc.property(anyValue, ({ type, value }) => {
      const writer = new Writer(undefined, 4); // so small that growing may hit any field
      encode(type, value, writer);
      assert.equal(writer.position % 4, 0);
      assert.deepEqual(fromBytes(type, writer.view()), value);
    }),
    { numRuns: 1500 },
  );
});

test("each type of the description reads back what it writes", () => {
  for (const [name, type] of tops) {
    for (const value of fc.sample(arbitrary(type), { numRuns: 2, seed: 7 })) {
      assert.deepEqual(fromBytes(type, toBytes(type, value)), value, name);
    }
  }
});

test("limits hold both ways", () => {
  assert(limited.length > 30, "the limits were found");
  for (const type of limited) {
    const max = "max" in type.shape ? type.shape.max : 0;
    assert.doesNotThrow(() => fromBytes(type, toBytes(type, ofLength(type, max))), dumpType(type));
    assert.throws(() => toBytes(type, ofLength(type, max + 1)), XdrError, `writing ${dumpType(type)}`);
    const tooLong = new Uint8Array(4 + padded(Math.min(max + 1, 5_000_000)));
    new DataView(tooLong.buffer).setUint32(0, max + 1);
    assert.throws(() => fromBytes(type, tooLong), { name: "XdrError", message: /the limit is/ }, dumpType(type));
  }
});

test("a message cut short is refused with an XdrError and nothing else", () => {
  const cut = anyTop.chain(([, type]) =>
    arbitrary(type).chain((value) => {
      const bytes = toBytes(type, value);
      return fc.nat({ max: Math.max(0, bytes.length - 1) }).map((length) => ({ type, bytes, length }));
    }),
  );
  fc.assert(
    fc.property(cut, ({ type, bytes, length }) => {
      fc.pre(bytes.length > 0);
      assert.throws(() => fromBytes(type, bytes.subarray(0, length)), XdrError);
    }),
    { numRuns: 1500 },
  );
});

test("bytes at random are read or refused with an XdrError and nothing else", () => {
  const small = fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 4, 7, 255);
  const words = fc.array(fc.oneof(small, fc.nat(0xffffffff)), { maxLength: 60 }).map((values) => {
    const bytes = new Uint8Array(values.length * 4);
    values.forEach((value, i) => {
      new DataView(bytes.buffer).setUint32(i * 4, value);
    });
    return bytes;
  });
  fc.assert(
    fc.property(anyTop, fc.oneof(words, fc.uint8Array({ maxLength: 200 })), ([, type], bytes) => {
      try {
        const value = fromBytes(type, bytes, { trailing: "ignore" });
        assert.deepEqual(fromBytes(type, toBytes(type, value)), value, "what was read can be written");
      } catch (error) {
        if (!(error instanceof XdrError)) throw error;
      }
    }),
    { numRuns: 4000 },
  );
});

test("anything at random in place of a value is refused with an XdrError and nothing else", () => {
  fc.assert(
    fc.property(anyTop, fc.anything({ withBigInt: true, withTypedArray: true }), ([, type], value) => {
      try {
        toBytes(type, value);
      } catch (error) {
        if (!(error instanceof XdrError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

test("every procedure and event is found by its numbers, and no number is used twice", () => {
  const seen = new Set<string>();
  for (const entry of [...Object.values(procedures), ...Object.values(events)]) {
    const key = `${entry.program.number}/${entry.number}`;
    assert(!seen.has(key), `${entry.name} has the number of another`);
    seen.add(key);
  }
  for (const procedure of Object.values(procedures)) {
    assert.equal(procedureByNumber(procedure.program.number, procedure.number), procedure);
    assert.equal(procedureByName(procedure.name), procedure);
  }
  for (const event of Object.values(events)) {
    assert.equal(eventByNumber(event.program.number, event.number), event);
    assert.equal(procedureByNumber(event.program.number, event.number), undefined);
  }
  assert.equal(procedureByNumber(0x20008086, 454), undefined);
  assert.equal(procedureByNumber(1, 1), undefined);
  assert.equal(procedureByName("toString"), undefined);
  assert.equal(programByNumber(0x20008086)?.name, "remote");
  assert.equal(programByNumber(0), undefined);
});

test("the remote program is complete: numbers 1 to 453 are procedures or events", () => {
  for (let number = 1; number <= 453; number++) {
    assert(procedureByNumber(0x20008086, number) ?? eventByNumber(0x20008086, number), `number ${number}`);
  }
});

test("every procedure stands in the family that it says it belongs to", () => {
  for (const [family, members] of Object.entries(families)) {
    for (const procedure of Object.values(members)) assert.equal(procedure.family, family, procedure.name);
  }
  const count = Object.values(families).reduce((sum, members) => sum + Object.keys(members).length, 0);
  assert.equal(count, Object.keys(procedures).length);
});

test("every entry stands under its own name", () => {
  for (const [key, entry] of [...Object.entries(procedures), ...Object.entries(events)]) assert.equal(entry.name, key);
});

test("what opens a stream says so, and flags that decide over something are arguments", () => {
  for (const procedure of Object.values(procedures)) {
    assert.equal(procedure.kind === "stream", procedure.stream !== null, procedure.name);
    const fields = procedure.args.shape.kind === "struct" ? Object.keys(procedure.args.shape.fields) : [];
    if (typeof procedure.readOnly === "object") assert(fields.includes(procedure.readOnly.deniedIf), procedure.name);
    if (procedure.stream?.sparseFlag !== undefined) assert(fields.includes("flags"), procedure.name);
    for (const rule of procedure.acl) {
      if (typeof rule === "object") {
        assert(fields.includes("ifArgument" in rule ? rule.ifArgument : "flags"), `${procedure.name}: ${fields}`);
      }
    }
  }
});
