import assert from "node:assert/strict";
import { test } from "node:test";
import { recordedTree } from "../../../test/conformance/recorded-tree.ts";
import { readCaches, readResourceControl } from "./caches.ts";
import { describeHost, thisHost } from "./description.ts";
import { readDistances, readNodeMemory } from "./memory.ts";
import { describeProcessor } from "./processor.ts";

const tree = (files: Record<string, string>) =>
  recordedTree(JSON.stringify(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, { text }]))));

test("this host is described, and its parts add up", async () => {
  const host = await describeHost(thisHost, 4n);
  assert.ok(host.cells.length > 0);
  assert.ok(host.cells.some((cell) => cell.cpus.some((cpu) => cpu.online)));
  for (const { memory } of host.cells) {
    if (memory === null) continue;
    const inPages = memory.pages.reduce((sum, { size, count }) => sum + size * count, 0n);
    assert.ok(memory.total - inPages < 4n);
    assert.ok(memory.free <= memory.total);
  }
});

test("large pages are set aside from the small ones", async () => {
  const system = tree({
    "node/node0/meminfo": "Node 0 MemTotal:  10240 kB\nNode 0 MemFree: 99 kB",
    "node/node0/hugepages/hugepages-2048kB/nr_hugepages": "2",
    "node/node0/hugepages/other/nr_hugepages": "7",
  });
  assert.deepEqual(await readNodeMemory(system, 0, 4n), {
    total: 10240n,
    free: 99n,
    pages: [
      { size: 4n, count: 1536n },
      { size: 2048n, count: 2n },
    ],
  });
  assert.equal(await readNodeMemory(system, 1, 4n), null);
});

test("distances belong to the nodes that are there, or to none", async () => {
  const nodes = { "node/node0/cpulist": "0", "node/node2/cpulist": "1" };
  assert.deepEqual(
    [...(await readDistances(tree({ ...nodes, "node/node2/distance": "21 10" }), 2))],
    [
      [0, 21],
      [2, 10],
    ],
  );
  assert.equal((await readDistances(tree({ ...nodes, "node/node2/distance": "21 10 30" }), 2)).size, 0);
});

test("a cache that processors share is one; what makes no sense is none", async () => {
  const index = (cpu: number, values: readonly string[]) => {
    const folder = `cpu/cpu${cpu}/cache/index3`;
    const names = ["level", "id", "size", "type", "shared_cpu_list"];
    return Object.fromEntries(names.map((name, i) => [`${folder}/${name}`, values[i] ?? ""]));
  };
  const shared = ["3", "0", "8192K", "Unified", "0-1"];
  const system = tree({ ...index(0, shared), ...index(1, shared), ...index(2, ["3", "1", "much", "Unified", "2"]) });
  assert.deepEqual(await readCaches(system), [{ id: 0, level: 3, type: "both", size: 8192, cpus: [0, 1] }]);
});

test("a processor's own words", () => {
  const lines = { vendor_id: "AuthenticAMD", "cpu family": "25", model: "1", stepping: "0", microcode: "0xa0011d5" };
  assert.deepEqual(describeProcessor(new Map(Object.entries(lines)), "x86_64"), {
    arch: "x86_64",
    vendor: "AMD",
    microcode: 0xa0011d5,
    signature: { family: 25, model: 1, stepping: 0 },
  });
  assert.deepEqual(describeProcessor(new Map(), "x86_64"), { arch: "x86_64" });
  assert.deepEqual(describeProcessor(new Map(Object.entries(lines)), "s390x"), { arch: "s390x" });
});

test("a host that divides nothing says so", async () => {
  assert.deepEqual(await readResourceControl(tree({})), { caches: new Map(), bandwidth: null, monitor: null });
});
