/** The host's memory, and its sleep. */
import { NodeAllocPagesFlags, NodeSuspendTarget } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { data, flag, int, kibibytes, uint, ulonglong } from "../../option.ts";
import { printParameters, setParameters } from "../../shared/parameters.ts";
import { exclusive } from "../../shared/rules.ts";
import { elementsAt, readDocument } from "../../shared/xml.ts";

export const allocpages = command({
  name: "allocpages",
  summary: "reserve memory pages of the host",
  description: "Sets how many memory pages of a size the host reserves in a NUMA cell.",
  options: {
    pagesize: kibibytes("size of the pages, in KiB", { required: true }),
    pagecount: ulonglong("how many", { required: true }),
    cellno: int("the NUMA cell"),
    add: flag("so many more than now"),
    all: flag("in each cell"),
  },
  async run({ connection, options }) {
    exclusive(options, ["all", "cellno"]);
    const size = Number(options.pagesize / 1024n);
    const flags = options.add ? NodeAllocPagesFlags.ADD : NodeAllocPagesFlags.SET;
    const pages = { [size]: options.pagecount };
    if (!options.all) {
      await connection.allocPages(pages, options.cellno ?? -1, 1, flags);
      return;
    }
    const xml = readDocument(await attempt("unable to get node capabilities", () => connection.getCapabilities()));
    const cells = elementsAt(xml, "host/topology/cells/cell");
    await connection.allocPages(pages, 0, cells.length, flags);
  },
});

export const nodeMemoryTune = command({
  name: "node-memory-tune",
  summary: "how the host merges equal memory",
  description: "Shows or sets how the host looks for memory that guests have in common.",
  options: {
    shmPagesToScan: uint("pages to look at before it rests"),
    shmSleepMillisecs: uint("how long it rests, in milliseconds"),
    shmMergeAcrossNodes: uint("1: merge pages of different NUMA nodes, too; 0: do not"),
  },
  async query({ connection, options }) {
    const wanted = setParameters({
      shm_pages_to_scan: options.shmPagesToScan,
      shm_sleep_millisecs: options.shmSleepMillisecs,
      shm_merge_across_nodes: options.shmMergeAcrossNodes,
    });
    if (wanted === undefined) {
      return attempt("Unable to get number of memory parameters", () => connection.getMemoryParameters(0));
    }
    await attempt("Unable to change memory parameters", () => connection.setMemoryParameters(wanted, 0));
    return undefined;
  },
  print: (parameters) => `Shared memory:\n${indented(parameters)}`,
});

function indented(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `\t${name.padEnd(15)} ${value}\n`)
    .join("");
}

const targets: Readonly<Record<string, number>> = {
  mem: NodeSuspendTarget.MEM,
  disk: NodeSuspendTarget.DISK,
  hybrid: NodeSuspendTarget.HYBRID,
};

export const nodesuspend = command({
  name: "nodesuspend",
  summary: "send the host to sleep for a while",
  description: "Suspends the host to memory or disk, and wakes it up after some time.",
  options: {
    target: data("mem, disk or hybrid", { complete: oneOf(...Object.keys(targets)) }),
    duration: ulonglong("seconds, at least 60", { required: true }),
  },
  async run({ connection, options }) {
    const target = targets[options.target];
    if (target === undefined) throw new CommandError("Invalid target");
    await attempt("The host was not suspended", () => connection.suspendForDuration(target, options.duration, 0));
  },
});

export const nodesevinfo = command({
  name: "nodesevinfo",
  summary: "how the host can encrypt guests' memory",
  description: "Shows the host's abilities with AMD's encryption of guests' memory.",
  query: ({ connection }) => attempt("Unable to get host SEV information", () => connection.getSEVInfo(0)),
  print: (parameters) => printParameters(parameters, String, 18),
});
