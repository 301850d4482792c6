/** What the host is and how busy it is. */
import { readFile } from "node:fs/promises";
import { mapOfCpus } from "../../../../driver/cpu-map.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { hostSysinfo } from "../../../../driver/host-sysinfo.ts";
import { LibvirtError, systemError } from "../../../../errors.ts";
import { nanosecondsPerTick, parseCpuTicks } from "../../../../host/node/cpu-stats.ts";
import { clockRate, parseCpuinfo } from "../../../../host/node/cpuinfo.ts";
import { thisHost } from "../../../../host/node/description.ts";
import { readNodeMemory } from "../../../../host/node/memory.ts";
import { pageSize } from "../../../../host/node/page-size.ts";
import { hostArch } from "../../../../host/node/processor.ts";
import { arrangement, readTopology } from "../../../../host/node/topology.ts";
import { sysinfoDocument } from "../../../../model/domain/index.ts";
import {
  NodeCpuStats,
  NodeGetCPUStatsAllCPUs,
  NodeGetMemoryStatsAllCells,
  NodeMemoryStats,
} from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";
import { securityModel } from "../domains/security.ts";

type NodeProcedures =
  | "connectGetSysinfo"
  | "nodeGetInfo"
  | "nodeGetCpuMap"
  | "nodeGetCpuStats"
  | "nodeGetMemoryStats"
  | "nodeGetFreeMemory"
  | "nodeGetCellsFreeMemory"
  | "nodeGetFreePages"
  | "nodeGetSecurityModel";

interface Stat {
  readonly field: string;
  readonly value: bigint;
}

async function readProc(name: string): Promise<string> {
  try {
    return await readFile(`/proc/${name}`, "utf8");
  } catch (error) {
    throw systemError("QEMU", `cannot open /proc/${name}`, error);
  }
}

/** An amount of /proc/meminfo, in KiB. */
function amountOf(meminfo: string, key: string): bigint {
  return BigInt(new RegExp(`^${key}:\\s*(\\d{1,19}) kB$`, "m").exec(meminfo)?.[1] ?? 0);
}

async function nodeInfo() {
  const [nodes, cpuinfo, meminfo] = await Promise.all([
    readTopology(thisHost.system),
    readProc("cpuinfo"),
    readProc("meminfo"),
  ]);
  const { online, total: _, ...arranged } = arrangement(nodes);
  const mhz = clockRate(parseCpuinfo(cpuinfo), hostArch);
  return { model: hostArch, memory: amountOf(meminfo, "MemTotal"), cpus: online, mhz, ...arranged };
}

async function cpuMap(wanted: { readonly map: boolean; readonly online: boolean }) {
  const cpus = (await readTopology(thisHost.system)).flatMap((node) => node.cpus);
  const online = cpus.filter((cpu) => cpu.online).map(({ id }) => id);
  const count = Math.max(-1, ...cpus.map(({ id }) => id)) + 1;
  return {
    cpumap: wanted.map ? mapOfCpus(online, Math.ceil(count / 8)) : new Uint8Array(),
    online: wanted.online ? online.length : 0,
    ret: count,
  };
}

async function cpuStats(cpu: number): Promise<Stat[]> {
  const ticks = parseCpuTicks(await readProc("stat"), cpu === NodeGetCPUStatsAllCPUs.ALL_CPUS ? "all" : cpu);
  if (ticks === null) throw invalidArg(`Invalid cpuNum in virNodeGetCPUStats: there is no processor ${cpu}`);
  const { KERNEL, USER, IDLE, IOWAIT } = NodeCpuStats;
  return [
    { field: KERNEL, value: ticks.kernel * nanosecondsPerTick },
    { field: USER, value: ticks.user * nanosecondsPerTick },
    { field: IDLE, value: ticks.idle * nanosecondsPerTick },
    { field: IOWAIT, value: ticks.iowait * nanosecondsPerTick },
  ];
}

async function memoryStats(cell: number): Promise<Stat[]> {
  const { TOTAL, FREE, BUFFERS, CACHED } = NodeMemoryStats;
  if (cell === NodeGetMemoryStatsAllCells.ALL_CELLS) {
    const meminfo = await readProc("meminfo");
    return [
      { field: TOTAL, value: amountOf(meminfo, "MemTotal") },
      { field: FREE, value: amountOf(meminfo, "MemFree") },
      { field: BUFFERS, value: amountOf(meminfo, "Buffers") },
      { field: CACHED, value: amountOf(meminfo, "Cached") },
    ];
  }
  const memory = await readNodeMemory(thisHost.system, cell, await pageSize());
  if (memory === null) throw invalidArg(`cellNum in virNodeGetMemoryStats: there is no NUMA cell ${cell}`);
  return [
    { field: TOTAL, value: memory.total },
    { field: FREE, value: memory.free },
  ];
}

/** The answer to whoever asks for the number of statistics first and then for exactly so many. */
function counted(stats: readonly Stat[], nparams: number, procedure: string) {
  if (nparams === 0) return { params: [], nparams: stats.length };
  if (nparams !== stats.length) throw invalidArg(`nparams in ${procedure} must be equal to ${stats.length}`);
  return { params: [...stats], nparams };
}

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", detail);
}

/** The numbers of the cells from `start` on, at most `count`; INVALID_ARG beyond the last one. */
async function cellsFrom(start: number, count: number): Promise<number[]> {
  const ids = (await readTopology(thisHost.system)).map(({ id }) => id);
  const last = Math.max(0, ...ids);
  if (start < 0 || start > last) throw invalidArg(`start cell ${start} out of range (0-${last})`);
  return ids.filter((id) => id >= start && id < start + count);
}

async function freeInCells(start: number, max: number): Promise<bigint[]> {
  const size = await pageSize();
  const memories = (await cellsFrom(start, max)).map((cell) => readNodeMemory(thisHost.system, cell, size));
  return (await Promise.all(memories)).map((memory) => (memory?.free ?? 0n) * 1024n);
}

async function freePages(cell: number, size: number): Promise<bigint> {
  const smallest = await pageSize();
  if (BigInt(size) === smallest) {
    const { free = 0n } = (await readNodeMemory(thisHost.system, cell, smallest)) ?? {};
    return free / smallest;
  }
  const text = await thisHost.system.read(`node/node${cell}/hugepages/hugepages-${size}kB/free_hugepages`);
  if (text !== null && /^\d{1,18}$/.test(text)) return BigInt(text);
  throw new LibvirtError("OPERATION_FAILED", "QEMU", `page size ${size} is not available on node ${cell}`);
}

export function nodeHandlers(host: QemuHost): Handlers<NodeProcedures> {
  return {
    async connectGetSysinfo({ flags }) {
      checkFlags(flags, 0, "connectGetSysinfo", "QEMU");
      return { sysinfo: sysinfoDocument.format(await hostSysinfo("QEMU")) };
    },
    nodeGetInfo: nodeInfo,
    nodeGetCpuMap({ needMap, needOnline, flags }) {
      checkFlags(flags, 0, "nodeGetCpuMap", "QEMU");
      return cpuMap({ map: needMap !== 0, online: needOnline !== 0 });
    },
    async nodeGetCpuStats({ cpuNum, nparams, flags }) {
      checkFlags(flags, 0, "nodeGetCpuStats", "QEMU");
      return counted(await cpuStats(cpuNum), nparams, "virNodeGetCPUStats");
    },
    async nodeGetMemoryStats({ cellNum, nparams, flags }) {
      checkFlags(flags, 0, "nodeGetMemoryStats", "QEMU");
      return counted(await memoryStats(cellNum), nparams, "virNodeGetMemoryStats");
    },
    nodeGetFreeMemory: async () => ({ freeMem: amountOf(await readProc("meminfo"), "MemFree") * 1024n }),
    nodeGetCellsFreeMemory: async ({ startCell, maxcells }) => ({ cells: await freeInCells(startCell, maxcells) }),
    async nodeGetFreePages({ pages, startCell, cellCount, flags }) {
      checkFlags(flags, 0, "nodeGetFreePages", "QEMU");
      const counts: bigint[] = [];
      for (const cell of await cellsFrom(startCell, cellCount)) {
        for (const size of pages) counts.push(await freePages(cell, size));
      }
      return { counts };
    },
    nodeGetSecurityModel() {
      const { model, doi } = securityModel(host);
      return { model, doi };
    },
  };
}
