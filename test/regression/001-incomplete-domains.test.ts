/** Definitions that lack what no domain can be without. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDomain } from "../../src/model/domain/index.ts";

const domain = (inside: string): string =>
  `<domain type='qemu'>${inside}<memory>65536</memory><os><type arch='x86_64'>hvm</type></os></domain>`;

test("a domain without a processor is refused", () => {
  assert.throws(() => parseDomain(domain("<name>none</name><vcpu>0</vcpu>")), {
    codeName: "INTERNAL_ERROR",
    message: "internal error: <vcpu> must be at least 1",
  });
});

test("a domain without a name is refused in one sentence", () => {
  assert.throws(() => parseDomain(domain("")), {
    codeName: "NO_NAME",
    message: "missing name information in element 'domain' (line 1, column 1: /domain)",
  });
});
