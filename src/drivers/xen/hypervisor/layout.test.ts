import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, structure, u8, u16, u32, u64 } from "./layout.ts";
import {
  affinity,
  domainInfo,
  domainList,
  domctl,
  physinfo,
  schedulerOperation,
  sysctl,
  vcpuInfo,
} from "./structures.ts";

test("members lie as C lays them out, and sizes are whole alignments", () => {
  const layout = structure({ a: u8, b: u16, c: u8, d: u64, e: bytes(3), f: u32 });
  assert.deepEqual(layout.offsets, { a: 0, b: 2, c: 4, d: 8, e: 16, f: 20 });
  assert.equal(layout.size, 24);
  const values = { a: 1, b: 2, c: 3, d: 4n, e: Uint8Array.of(5, 6, 7), f: 0xffff_ffff };
  const buffer = Buffer.alloc(32, 0xee);
  layout.write(buffer, values, 8);
  assert.deepEqual(layout.read(buffer, 8), values);
  assert.equal(buffer[7], 0xee);
  layout.write(buffer, { b: 9 }, 8);
  assert.deepEqual(layout.read(buffer, 8), { ...values, b: 9 });
});

test("the hypervisor's structures have the offsets of its headers", () => {
  assert.equal(sysctl.offsets.operation, 8);
  assert.equal(domctl.offsets.operation, 16);
  assert.deepEqual(domainList.offsets, { first: 0, max: 4, buffer: 8, count: 16 });
  assert.deepEqual([domainInfo.offsets.pages, domainInfo.offsets.cpuTime, domainInfo.offsets.handle], [8, 56, 76]);
  assert.deepEqual([physinfo(0x15).offsets.totalPages, physinfo(0x14).offsets.totalPages], [40, 32]);
  assert.deepEqual([vcpuInfo.offsets.cpuTime, vcpuInfo.offsets.cpu], [8, 16]);
  assert.deepEqual([affinity.offsets.hard, affinity.offsets.soft], [8, 24]);
  assert.deepEqual([schedulerOperation.offsets.weight, schedulerOperation.offsets.cap], [8, 10]);
});
