/** Handlers about the node: what it is, what it has, how busy it seems. */

import { localConnectHandlers } from "../../../driver/connect-handlers.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import type { TestNode } from "../state.ts";
import { formatCapabilities, formatSysinfo, securityModel } from "./capabilities.ts";
import { maxVcpus } from "./settings.ts";

type NodeProcedures =
  | "connectGetType"
  | "connectGetVersion"
  | "connectGetMaxVcpus"
  | "connectGetCapabilities"
  | "connectGetSysinfo"
  | "nodeGetInfo"
  | "nodeGetFreeMemory"
  | "nodeGetCellsFreeMemory"
  | "nodeGetSecurityModel"
  | "nodeGetCpuMap"
  | "nodeGetCpuStats"
  | "nodeGetFreePages"
  | "nodeAllocPages";

/** The version of the made-up hypervisor: 0.0.2. */
const hypervisorVersion = 2n;

/** The processors of the map (virNodeGetCPUMap), and which of them are on line: the first, third and fifth. */
const mappedCpus = 8;
const onlineCpus = 0b10101;

/** Nanoseconds that every processor has spent, whichever is asked for. */
const cpuTimes = { kernel: 34_678_723_400_000n, user: 9_797_400_000n, idle: 87_264_900_000n, iowait: 763_600_000n };

export function nodeHandlers(node: TestNode) {
  const handlers: Handlers<NodeProcedures> = {
    connectGetType: () => ({ type: "TEST" }),
    connectGetVersion: () => ({ hvVer: hypervisorVersion }),
    connectGetMaxVcpus: () => ({ maxVcpus }),
    connectGetCapabilities: () => ({ capabilities: formatCapabilities(node.cells) }),
    connectGetSysinfo({ flags }) {
      checkFlags(flags, 0, "connectGetSysinfo", "TEST");
      return { sysinfo: formatSysinfo() };
    },
    nodeGetInfo() {
      const { model, memory, cpus, mhz, nodes, sockets, cores, threads } = node.settings;
      return { model, memory, cpus, mhz, nodes, sockets, cores, threads };
    },
    nodeGetFreeMemory: () => ({ freeMem: node.cells.reduce((sum, { memory }) => sum + memory, 0n) / 2n }),
    nodeGetCellsFreeMemory: ({ startCell, maxcells }) => ({
      cells: cellRange(node, startCell, maxcells).map(({ memory }) => memory),
    }),
    nodeGetSecurityModel: () => securityModel,
    nodeGetCpuMap({ needMap, needOnline, flags }) {
      checkFlags(flags, 0, "nodeGetCpuMap", "TEST");
      return {
        cpumap: needMap ? Uint8Array.of(onlineCpus) : new Uint8Array(),
        online: needOnline ? 3 : 0,
        ret: mappedCpus,
      };
    },
    nodeGetCpuStats({ nparams, flags }) {
      checkFlags(flags, 0, "nodeGetCpuStats", "TEST");
      const all = Object.entries(cpuTimes).map(([field, value]) => ({ field, value }));
      const params = all.slice(0, nparams);
      return { params, nparams: nparams === 0 ? all.length : params.length };
    },
    nodeGetFreePages({ pages, startCell, cellCount, flags }) {
      checkFlags(flags, 0, "nodeGetFreePages", "TEST");
      const counts = cellRange(node, startCell, cellCount).flatMap((cell) =>
        pages.map((size) => cell.pages.find((known) => known.size === size)?.count ?? 0n),
      );
      return { counts };
    },
    nodeAllocPages({ pageSizes, pageCounts, startCell, cellCount, flags }) {
      checkFlags(flags, 1, "nodeAllocPages", "TEST");
      const cells = startCell === -1 ? node.cells : cellRange(node, startCell, cellCount);
      const changes = cells.flatMap((cell) =>
        pageSizes.map((size, index) => {
          const pool = cell.pages.find((known) => known.size === size);
          if (!pool || pool === cell.pages[0]) {
            throw new LibvirtError(
              "OPERATION_FAILED",
              "TEST",
              `page size ${size} cannot be allocated on cell ${cell.id}`,
            );
          }
          return { pool, count: pageCounts[index] ?? 0n };
        }),
      );
      const set = (flags & 1) !== 0;
      for (const { pool, count } of changes) pool.count = set ? count : pool.count + count;
      return { ret: changes.length };
    },
  };
  return { ...localConnectHandlers(), ...handlers };
}

function cellRange(node: TestNode, start: number, count: number) {
  if (start < 0 || start >= node.cells.length) {
    throw new LibvirtError("INVALID_ARG", "TEST", "Range exceeds available cells");
  }
  return node.cells.slice(start, start + count);
}
