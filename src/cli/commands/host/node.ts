/** The machine: CPUs, memory, NUMA. */
import { setTimeout as delay } from "node:timers/promises";
import type { Connection } from "../../../api/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { flag, int, kibibytes } from "../../option.ts";
import { formatCpuList, formatCpuMap } from "../../shared/cpus.ts";
import { exclusive } from "../../shared/rules.ts";
import { elementsAt, readDocument } from "../../shared/xml.ts";

export const nodeinfo = command({
  name: "nodeinfo",
  summary: "the host's CPUs and memory",
  description: "Shows what CPUs and how much memory the host has.",
  query: ({ connection }) => attempt("failed to get node information", () => connection.getInfo()),
  print(info) {
    const lines: [string, string][] = [
      ["CPU model:", info.model],
      ["CPU(s):", String(info.cpus)],
      ["CPU frequency:", `${info.mhz} MHz`],
      ["CPU socket(s):", String(info.sockets)],
      ["Core(s) per socket:", String(info.cores)],
      ["Thread(s) per core:", String(info.threads)],
      ["NUMA cell(s):", String(info.nodes)],
      ["Memory size:", `${info.memory} KiB`],
    ];
    return lines.map(([name, value]) => `${name.padEnd(20)} ${value}\n`).join("");
  },
});

export const nodecpumap = command({
  name: "nodecpumap",
  summary: "which of the host's CPUs are online",
  description: "Shows how many CPUs the host has, and which of them are online.",
  options: { pretty: flag("print them as a list") },
  async query({ connection }) {
    const { cpus } = await attempt("Unable to get cpu map", () => connection.getCPUMap());
    return { present: cpus.length, online: cpus.filter(Boolean).length, map: cpus };
  },
  print({ present, online, map }, { options }) {
    const shown = options.pretty ? formatCpuList(map) : formatCpuMap(map);
    return `${"CPUs present:".padEnd(15)} ${present}\n${"CPUs online:".padEnd(15)} ${online}\n${"CPU map:".padEnd(15)} ${shown}\n`;
  },
});

/** What the host's CPUs spent, in nanoseconds. */
type CpuTimes = Readonly<Record<string, bigint>>;

async function cpuTimes(connection: Connection, cpu: number): Promise<CpuTimes> {
  const { kernel, ...others } = await attempt("Unable to get node cpu stats", () => connection.getCPUStats(cpu, 0));
  return kernel === undefined ? others : { ...others, system: kernel };
}

/** In virsh's order. */
const cpuFields = ["user", "system", "idle", "iowait"];

export const nodecpustats = command({
  name: "nodecpustats",
  summary: "what the host's CPUs do",
  description: "Shows how many nanoseconds the host's CPUs have spent on what.",
  options: {
    cpu: int("only of this CPU"),
    percent: flag("in percent, over one second"),
  },
  async query({ connection, options, signal }) {
    const cpu = options.cpu ?? -1;
    const before = await cpuTimes(connection, cpu);
    if (!options.percent) return { times: before };
    await delay(1000, undefined, { signal });
    return { percent: percentages(before, await cpuTimes(connection, cpu)) };
  },
  print({ times, percent }) {
    if (percent !== undefined) {
      return Object.entries(percent)
        .map(([name, value]) => `${`${name}:`.padEnd(15)} ${value.toFixed(1).padStart(5)}%\n`)
        .join("");
    }
    const present = cpuFields.filter((name) => times?.[name] !== undefined);
    return present.map((name) => `${`${name}:`.padEnd(15)} ${String(times?.[name]).padStart(20)}\n`).join("");
  },
});

/** How the time between two moments was spent. */
function percentages(before: CpuTimes, after: CpuTimes): Record<string, number> {
  const spent = (name: string) => Number((after[name] ?? 0n) - (before[name] ?? 0n));
  if (after.utilization !== undefined) {
    const usage = Number(after.utilization);
    return { usage, idle: 100 - usage };
  }
  const total = cpuFields.reduce((sum, name) => sum + spent(name), 0);
  const share = (amount: number) => (total === 0 ? 0 : (100 * amount) / total);
  return {
    usage: share(spent("user") + spent("system")),
    ...Object.fromEntries(cpuFields.map((name) => [name, share(spent(name))])),
  };
}

export const nodememstats = command({
  name: "nodememstats",
  summary: "how the host's memory is used",
  description: "Shows the host's memory by use, in KiB.",
  options: { cell: int("only of this NUMA cell") },
  query: ({ connection, options }) =>
    attempt("Unable to get number of memory stats", () => connection.getMemoryStats(options.cell ?? -1, 0)),
  print: (stats) =>
    Object.entries(stats)
      .map(([name, value]) => `${name.padEnd(7)}: ${String(value).padStart(20)} KiB\n`)
      .join(""),
});

/** IDs of the host's NUMA cells. @throws {CommandError} */
async function cellIds(connection: Connection): Promise<number[]> {
  const xml = readDocument(await attempt("unable to get node capabilities", () => connection.getCapabilities()));
  const cells = elementsAt(xml, "host/topology/cells/cell");
  if (cells.length === 0) throw new CommandError("could not get information about NUMA topology");
  return cells.map((cell) => Number(cell.attribute("id")));
}

export const freecell = command({
  name: "freecell",
  summary: "how much memory the host has left",
  description: "Shows how much of the host's memory is free: of a NUMA cell, or of all.",
  options: {
    cellno: int("the NUMA cell"),
    all: flag("each cell and the sum"),
  },
  async query({ connection, options }) {
    exclusive(options, ["all", "cellno"]);
    if (options.all) {
      const cells = [];
      for (const cell of await cellIds(connection)) {
        const [free = 0n] = await attempt(`failed to get free memory for NUMA node number: ${cell}`, () =>
          connection.getCellsFreeMemory(cell, 1),
        );
        cells.push({ cell, kib: free / 1024n });
      }
      return { cells, kib: cells.reduce((sum, { kib }) => sum + kib, 0n) };
    }
    const { cellno } = options;
    if (cellno === undefined) return { kib: (await connection.getFreeMemory()) / 1024n };
    if (cellno < -1) throw new CommandError("cell number must be non-negative integer or -1");
    const [free = 0n] = await connection.getCellsFreeMemory(cellno, 1);
    return { cell: cellno, kib: free / 1024n };
  },
  print({ cells, cell, kib }) {
    if (cells !== undefined) {
      const lines = cells.map((one) => `${String(one.cell).padStart(5)}: ${String(one.kib).padStart(10)} KiB\n`);
      return `${lines.join("")}--------------------\n${"Total".padStart(5)}: ${String(kib).padStart(10)} KiB\n`;
    }
    return `${cell ?? "Total"}: ${kib} KiB\n`;
  },
});

interface FreePages {
  readonly cell: number;
  readonly pages: Readonly<Record<string, bigint | number>>;
}

export const freepages = command({
  name: "freepages",
  summary: "how many memory pages the host has left",
  description: "Shows how many memory pages of each size are free in a NUMA cell.",
  options: {
    cellno: int("the NUMA cell"),
    pagesize: kibibytes("size of the pages, in KiB"),
    all: flag("of all cells and sizes"),
  },
  async query({ connection, options }): Promise<readonly FreePages[]> {
    exclusive(options, ["all", "cellno"]);
    if (options.all) return allFreePages(connection);
    const { cellno, pagesize } = options;
    if (cellno === undefined) throw new CommandError("missing cellno argument");
    if (pagesize === undefined) throw new CommandError("missing pagesize argument");
    const size = Number(pagesize / 1024n);
    const [counts = {}] = await connection.getFreePages([size], cellno, 1, 0);
    return [{ cell: cellno, pages: counts }];
  },
  print(cells, { options }) {
    const lines = ({ pages }: FreePages) =>
      Object.entries(pages)
        .map(([size, count]) => `${size}KiB: ${count}\n`)
        .join("");
    if (!options.all) return cells.map(lines).join("");
    return cells.map((one) => `Node ${one.cell}:\n${lines(one)}\n`).join("");
  },
});

async function allFreePages(connection: Connection): Promise<FreePages[]> {
  const xml = readDocument(await attempt("unable to get node capabilities", () => connection.getCapabilities()));
  const sizes = elementsAt(xml, "host/cpu/pages").map((page) => Number(page.attribute("size")));
  if (sizes.length === 0) throw new CommandError("could not get information about supported page sizes");
  const found: FreePages[] = [];
  for (const cell of await cellIds(connection)) {
    const [pages = {}] = await connection.getFreePages(sizes, cell, 1, 0);
    found.push({ cell, pages });
  }
  return found;
}
