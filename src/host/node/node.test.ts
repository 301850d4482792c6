import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCpuTicks } from "./cpu-stats.ts";
import { clockRate, cpuSignature, parseCpuinfo } from "./cpuinfo.ts";
import { hostTree, parseNumberList } from "./file-tree.ts";
import { arrangement, type HostCpu, readTopology } from "./topology.ts";

const cpu = (id: number, socket: number, core: number, siblings = [id], online = true): HostCpu => {
  return { id, online, socket, die: 0, core, siblings };
};

test("an even host is told by its nodes, sockets, cores and threads", () => {
  const cpus = [0, 1, 2, 3].map((id) => cpu(id, 0, id >> 1, id < 2 ? [0, 1] : [2, 3]));
  assert.deepEqual(arrangement([{ id: 0, cpus }]), { online: 4, total: 4, nodes: 1, sockets: 1, cores: 2, threads: 2 });
});

test("an uneven host is told as one socket of cores", () => {
  const cpus = [cpu(0, 0, 0), cpu(1, 0, 1), cpu(2, 1, 0)];
  assert.deepEqual(arrangement([{ id: 0, cpus }]), { online: 3, total: 3, nodes: 1, sockets: 1, cores: 3, threads: 1 });
});

test("this host's own arrangement comes out", async () => {
  const told = arrangement(await readTopology(hostTree("/sys/devices/system")));
  assert.ok(told.online >= 1 && told.online <= told.total);
  assert.equal(told.nodes * told.sockets * told.cores * told.threads, told.total);
});

test("clock and model of a processor", () => {
  const info = parseCpuinfo(
    "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: X: Y\ncpu family\t: 6\nmodel\t\t: 1\nstepping\t: 2\ncpu MHz\t\t: 2799.9\n\nprocessor : 1\ncpu MHz : 1\n",
  );
  assert.equal(clockRate(info, "x86_64"), 2799);
  assert.equal(clockRate(info, "aarch64"), 0);
  assert.equal(cpuSignature(info, "x86_64"), "GenuineIntel, X: Y, family: 6, model: 1, stepping: 2");
  assert.equal(cpuSignature(new Map(), "x86_64"), null);
});

test("ticks of all processors and of one", () => {
  const stat = "cpu  10 1 20 300 4 5 6 0 0 0\ncpu0 5 0 10 150 2 3 3 0 0 0\ncpu10 1 1 1 1 1 1 1\n";
  assert.deepEqual(parseCpuTicks(stat, "all"), { kernel: 31n, user: 11n, idle: 300n, iowait: 4n });
  assert.deepEqual(parseCpuTicks(stat, 10), { kernel: 3n, user: 2n, idle: 1n, iowait: 1n });
  assert.equal(parseCpuTicks(stat, 1), null);
});

test("lists of numbers as the kernel writes them", () => {
  assert.deepEqual(parseNumberList("0-2,5,7-7"), [0, 1, 2, 5, 7]);
  assert.deepEqual(parseNumberList(""), []);
  assert.deepEqual(parseNumberList("x,3-"), []);
});
