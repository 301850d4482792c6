/** A domain's disks. */
import type { Domain } from "../../../api/index.ts";
import { DomainXMLFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { disksOf, diskTargets } from "../../objects/disk.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { flag, text } from "../../option.ts";
import { column, formatFields, formatTable } from "../../output/table.ts";
import { exclusive } from "../../shared/rules.ts";
import { prettyBytes } from "../../shared/sizes.ts";
import { unlessUnsupported } from "../../shared/unsupported.ts";

export const domblklist = command({
  name: "domblklist",
  summary: "which disks a domain has",
  description: "Lists a domain's disks with their sources.",
  options: {
    domain: domainOption(),
    inactive: flag("those of the persistent definition"),
    details: flag("with type and device"),
  },
  async query(context) {
    const domain = await domainOf(context);
    return disksOf(await domain.xmlDesc(context.options.inactive ? DomainXMLFlags.INACTIVE : 0));
  },
  print(disks, { options, shell }) {
    type Disk = (typeof disks)[number];
    const columns = [
      column<Disk>("Target", ({ target }) => target),
      column<Disk>("Source", ({ source }) => source ?? "-"),
    ];
    if (options.details) {
      columns.unshift(
        column("Type", ({ type }) => type),
        column("Device", ({ device }) => device),
      );
    }
    return formatTable(columns, disks, shell.settings.quiet);
  },
});

interface BlockSizes {
  readonly target?: string;
  readonly capacity: bigint;
  readonly allocation: bigint;
  readonly physical: bigint;
}

export const domblkinfo = command({
  name: "domblkinfo",
  summary: "how large a domain's disks are",
  description: "Shows capacity, allocation and physical size of one disk, or of all.",
  options: {
    domain: domainOption(),
    device: text("target or source of the disk", { complete: diskTargets }),
    human: flag("in units for people"),
    all: flag("of all disks"),
  },
  async query(context) {
    const { options } = context;
    exclusive(options, ["all", "device"]);
    const domain = await domainOf(context);
    if (!options.all) {
      if (options.device === undefined) throw new CommandError("command 'domblkinfo' requires <device> option");
      return [await domain.blockInfo(options.device)] as readonly BlockSizes[];
    }
    const disks = disksOf(await domain.xmlDesc());
    return Promise.all(
      disks.map(async ({ target, source }): Promise<BlockSizes> => {
        if (source === null) return { target, capacity: 0n, allocation: 0n, physical: 0n };
        return { target, ...(await domain.blockInfo(target)) };
      }),
    );
  },
  print(rows, { options, shell }) {
    const size = (bytes: bigint) => (options.human ? prettyBytes(bytes, 3) : String(bytes));
    const cell = (row: BlockSizes, bytes: bigint) =>
      row.capacity + row.allocation + row.physical > 0n ? size(bytes) : "-";
    if (options.all) {
      const columns = [
        column<BlockSizes>("Target", ({ target }) => target ?? ""),
        column<BlockSizes>("Capacity", (row) => cell(row, row.capacity)),
        column<BlockSizes>("Allocation", (row) => cell(row, row.allocation)),
        column<BlockSizes>("Physical", (row) => cell(row, row.physical)),
      ];
      return formatTable(columns, rows, shell.settings.quiet);
    }
    const [info] = rows as [BlockSizes];
    return formatFields([
      ["Capacity", size(info.capacity)],
      ["Allocation", size(info.allocation)],
      ["Physical", size(info.physical)],
    ]);
  },
});

/** Names of the counters, as virsh prints them: short, and for people. */
const counters: readonly (readonly [field: string, short: string, long: string])[] = [
  ["rd_operations", "rd_req", "number of read operations:"],
  ["rd_bytes", "rd_bytes", "number of bytes read:"],
  ["wr_operations", "wr_req", "number of write operations:"],
  ["wr_bytes", "wr_bytes", "number of bytes written:"],
  ["errs", "errs", "error count:"],
  ["flush_operations", "flush_operations", "number of flush operations:"],
  ["rd_total_times", "rd_total_times", "total duration of reads (ns):"],
  ["wr_total_times", "wr_total_times", "total duration of writes (ns):"],
  ["flush_total_times", "flush_total_times", "total duration of flushes (ns):"],
];

/** Drivers that cannot tell everything have the few counters of old. */
async function blockStats(domain: Domain, device: string): Promise<Readonly<Record<string, unknown>>> {
  const all = await unlessUnsupported(domain.blockStatsFlags(device));
  if (all !== undefined) return all;
  const { rdReq, rdBytes, wrReq, wrBytes, errs } = await domain.blockStats(device);
  const few = { rd_operations: rdReq, rd_bytes: rdBytes, wr_operations: wrReq, wr_bytes: wrBytes, errs };
  return Object.fromEntries(Object.entries(few).filter(([, count]) => count >= 0n));
}

export const domblkstat = command({
  name: "domblkstat",
  summary: "what a domain's disk has done",
  description: "Shows a disk's counters of a running domain; without a disk, those of all disks together.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    device: text("target or source of the disk", { empty: true, complete: diskTargets }),
    human: flag("with explanations"),
  },
  async query(context) {
    const { options } = context;
    const device = options.device ?? "";
    const domain = await domainOf(context);
    return attempt(`Failed to get block stats ${options.domain} ${device}`, () => blockStats(domain, device));
  },
  print(stats, { options }) {
    const device = options.device ?? "";
    const known = counters.filter(([field]) => stats[field] !== undefined);
    const others = Object.keys(stats).filter((field) => !counters.some(([name]) => name === field));
    const lines = known.map(([field, short, long]) => [options.human ? long : short, stats[field]] as const);
    const all = [...lines, ...others.map((field) => [field, stats[field]] as const)];
    if (!options.human) return all.map(([name, value]) => `${device} ${name} ${value}\n`).join("");
    const body = all.map(([name, value]) => ` ${name.padEnd(31)} ${value}\n`).join("");
    return `Device: ${device}\n${body}`;
  },
});

const blockErrors = ["no error", "unspecified error", "no space"];

export const domblkerror = command({
  name: "domblkerror",
  summary: "which disks have failed",
  description: "Lists the disks of a running domain that are in an error state.",
  options: { domain: domainOption({ filter: DomainFilter.ACTIVE }) },
  async query(context) {
    const errors = await (await domainOf(context)).diskErrors();
    return Object.entries(errors).map(([disk, error]) => ({ disk, error: blockErrors[error] ?? "unknown" }));
  },
  print(errors) {
    if (errors.length === 0) return "No errors found\n";
    return errors.map(({ disk, error }) => `${disk}: ${error}\n`).join("");
  },
});
