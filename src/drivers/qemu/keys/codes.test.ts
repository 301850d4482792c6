import assert from "node:assert/strict";
import { test } from "node:test";
import { KeycodeSet } from "../../../protocol/index.ts";
import { qemuKey } from "./codes.ts";

/** A key by its code in each set. */
const keys: readonly (readonly [
  name: string,
  qemu: number,
  codes: Readonly<Record<keyof typeof KeycodeSet, number>>,
])[] = [
  [
    "A",
    0x1e,
    {
      LINUX: 30,
      XT: 0x1e,
      ATSET1: 0x1e,
      ATSET2: 0x1c,
      ATSET3: 0x1c,
      OSX: 0,
      XT_KBD: 0x1e,
      USB: 4,
      WIN32: 0x41,
      QNUM: 0x1e,
    },
  ],
  [
    "F12",
    0x58,
    {
      LINUX: 88,
      XT: 0x58,
      ATSET1: 0x58,
      ATSET2: 0x07,
      ATSET3: 0x5e,
      OSX: 0x6f,
      XT_KBD: 0x58,
      USB: 0x45,
      WIN32: 0x7b,
      QNUM: 0x58,
    },
  ],
];

for (const [name, qemu, codes] of keys) {
  test(`key ${name} is found in every set`, () => {
    for (const [set, code] of Object.entries(codes)) {
      assert.equal(qemuKey(KeycodeSet[set as keyof typeof KeycodeSet], code), qemu, set);
    }
  });
}

test("keys after E0 have the highest bit", () => {
  // Delete, by its codes in the sets that tell extended keys apart.
  const codes = { LINUX: 111, ATSET1: 0xe053, ATSET2: 0xe071, XT_KBD: 0x153, USB: 0x4c, WIN32: 0x2e, QNUM: 0xd3 };
  for (const [set, code] of Object.entries(codes)) {
    assert.equal(qemuKey(KeycodeSet[set as keyof typeof KeycodeSet], code), 0xd3, set);
  }
});

test("what no set has is no key", () => {
  assert.equal(qemuKey(KeycodeSet.LINUX, 84), undefined);
  assert.equal(qemuKey(KeycodeSet.XT, 0xe053), undefined);
  assert.equal(qemuKey(99, 30), undefined);
});
