/** The job that a domain is busy with. */
import type { Domain } from "../../../api/index.ts";
import { isLibvirtError } from "../../../errors.ts";
import {
  DomainAbortJobFlags,
  DomainJobType as JobType,
  DomainJobOperation as Operation,
  DomainGetJobStatsFlags as Stats,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { flag } from "../../option.ts";
import { formatFields } from "../../output/table.ts";
import type { Parameters } from "../../shared/parameters.ts";
import { requires } from "../../shared/rules.ts";
import { inUnits } from "../../shared/sizes.ts";

const domain = domainOption({ filter: DomainFilter.ACTIVE });

/** virsh's words, by libvirt's numbers. */
const jobTypes: Readonly<Record<number, string>> = {
  [JobType.NONE]: "None",
  [JobType.BOUNDED]: "Bounded",
  [JobType.UNBOUNDED]: "Unbounded",
  [JobType.COMPLETED]: "Completed",
  [JobType.FAILED]: "Failed",
  [JobType.CANCELLED]: "Cancelled",
};

const operations: Readonly<Record<number, string>> = {
  [Operation.UNKNOWN]: "Unknown",
  [Operation.START]: "Start",
  [Operation.SAVE]: "Save",
  [Operation.RESTORE]: "Restore",
  [Operation.MIGRATION_IN]: "Incoming migration",
  [Operation.MIGRATION_OUT]: "Outgoing migration",
  [Operation.SNAPSHOT]: "Snapshot",
  [Operation.SNAPSHOT_REVERT]: "Snapshot revert",
  [Operation.DUMP]: "Dump",
  [Operation.BACKUP]: "Backup",
  [Operation.SNAPSHOT_DELETE]: "Snapshot delete",
};

type Form = "ms" | "bytes" | "bytesPerSecond" | "count" | "perSecond" | "percent" | "ns";

/** What is printed, in order: the parameter, its title, how its number reads. */
const lines: readonly (readonly [field: string, title: string, form: Form])[] = [
  ["time_elapsed", "Time elapsed", "ms"],
  ["time_elapsed_net", "Time elapsed w/o network", "ms"],
  ["time_remaining", "Time remaining", "ms"],
  ["data_processed", "Data processed", "bytes"],
  ["data_remaining", "Data remaining", "bytes"],
  ["data_total", "Data total", "bytes"],
  ["memory_processed", "Memory processed", "bytes"],
  ["memory_remaining", "Memory remaining", "bytes"],
  ["memory_total", "Memory total", "bytes"],
  ["memory_bps", "Memory bandwidth", "bytesPerSecond"],
  ["memory_dirty_rate", "Dirty rate", "perSecond"],
  ["memory_page_size", "Page size", "count"],
  ["memory_iteration", "Iteration", "count"],
  ["memory_postcopy_requests", "Postcopy requests", "count"],
  ["disk_processed", "File processed", "bytes"],
  ["disk_remaining", "File remaining", "bytes"],
  ["disk_total", "File total", "bytes"],
  ["disk_bps", "File bandwidth", "bytesPerSecond"],
  ["memory_constant", "Constant pages", "count"],
  ["memory_normal", "Normal pages", "count"],
  ["memory_normal_bytes", "Normal data", "bytes"],
  ["downtime", "Expected downtime", "ms"],
  ["downtime_net", "Downtime w/o network", "ms"],
  ["setup_time", "Setup time", "ms"],
  ["compression_cache", "Compression cache", "bytes"],
  ["compression_bytes", "Compressed data", "bytes"],
  ["compression_pages", "Compressed pages", "count"],
  ["compression_cache_misses", "Compression cache misses", "count"],
  ["compression_overflow", "Compression overflows", "count"],
  ["auto_converge_throttle", "Auto converge throttle", "percent"],
  ["disk_temp_used", "Temporary disk space use", "bytes"],
  ["disk_temp_total", "Temporary disk space total", "bytes"],
];

function formatValue(value: bigint, form: Form): string {
  const { value: scaled, unit } = inUnits(value);
  switch (form) {
    case "ms":
      return `${String(value).padEnd(12)} ms`;
    case "bytes":
      return `${scaled.toFixed(3)} ${unit}`;
    case "bytesPerSecond":
      return `${scaled.toFixed(3)} ${unit}/s`;
    case "perSecond":
      return `${String(value).padEnd(12)} pages/s`;
    case "percent":
      return `${value}%`;
    default:
      return String(value);
  }
}

export const domjobinfo = command({
  name: "domjobinfo",
  summary: "the job a domain is busy with",
  description: "Shows how far a domain's job is: a migration, a save, a backup.",
  options: {
    domain,
    completed: flag("the last job that is done"),
    keepCompleted: flag("with --completed: let it be asked for again"),
    anystats: flag("with --completed: even if it failed"),
    rawstats: flag("print libvirt's parameters as they are"),
  },
  async query(context) {
    const { options } = context;
    requires(options, "keepCompleted", "completed");
    const flags = (options.completed ? Stats.COMPLETED : 0) | (options.keepCompleted ? Stats.KEEP_COMPLETED : 0);
    const target = await domainOf(context);
    try {
      const { type, params } = await target.jobStats(flags);
      return { type, params };
    } catch (cause) {
      if (!isLibvirtError(cause, "NO_SUPPORT")) throw cause;
      if (flags !== 0 || options.rawstats) {
        throw new CommandError("Optional flags or --rawstats are not supported by the daemon", { cause });
      }
      return oldJobInfo(target);
    }
  },
  print({ type, params }, { options }) {
    if (options.rawstats)
      return Object.entries(params)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join("");
    const known =
      type === JobType.NONE || (!options.anystats && (type === JobType.FAILED || type === JobType.CANCELLED));
    const head: [string, string][] = [["Job type", (jobTypes[type] ?? "Unknown").padEnd(12)]];
    if (known) return formatFields(head, JOB_COLUMN);
    const operation = params.operation;
    head.push(["Operation", (operations[Number(operation ?? 0)] ?? "Unknown").padEnd(12)]);
    return formatFields([...head, ...statistics(type, params)], JOB_COLUMN);
  },
});

const JOB_COLUMN = 17;

/** What a daemon from before statistics of jobs knows. */
async function oldJobInfo(target: Domain): Promise<{ type: number; params: Parameters }> {
  const { type, timeElapsed, timeRemaining, dataTotal, dataProcessed, dataRemaining, ...parts } =
    await target.jobInfo();
  const { memTotal, memProcessed, memRemaining, fileTotal, fileProcessed, fileRemaining } = parts;
  const params = {
    time_elapsed: timeElapsed,
    time_remaining: timeRemaining,
    data_processed: dataProcessed,
    data_remaining: dataRemaining,
    data_total: dataTotal,
    memory_processed: memProcessed,
    memory_remaining: memRemaining,
    memory_total: memTotal,
    disk_processed: fileProcessed,
    disk_remaining: fileRemaining,
    disk_total: fileTotal,
  };
  return { type, params };
}

/** What is told only if one of its kind is more than nothing: zero progress of what a job does not move is no news. */
const progress = /^(data|memory|disk)_(processed|remaining|total)$/;
/** What is told only if it is more than nothing. */
const rates: ReadonlySet<string> = new Set(["memory_bps", "disk_bps"]);

function isNews(field: string, type: number, params: Parameters): boolean {
  const [, kind] = progress.exec(field) ?? [];
  if (kind !== undefined)
    return ["processed", "remaining", "total"].some((part) => Number(params[`${kind}_${part}`]) > 0);
  if (field === "time_remaining") return type === JobType.BOUNDED;
  return !rates.has(field) || Number(params[field]) > 0;
}

function statistics(type: number, params: Parameters): [string, string][] {
  const found: [string, string][] = [];
  for (const [field, title, form] of lines) {
    const value = params[field];
    if ((typeof value !== "bigint" && typeof value !== "number") || !isNews(field, type, params)) continue;
    const done = field === "downtime" && type === JobType.COMPLETED;
    found.push([done ? "Total downtime" : title, formatValue(BigInt(value), form)]);
  }
  if (typeof params.errmsg === "string") found.push(["Error message", params.errmsg]);
  return found;
}

export const domjobabort = command({
  name: "domjobabort",
  summary: "stop the job a domain is busy with",
  description: "Aborts a domain's job.",
  options: {
    domain,
    postcopy: flag("pause a migration that fetches memory on demand"),
  },
  async run(context) {
    const target = await domainOf(context);
    if (context.options.postcopy) await target.abortJobFlags(DomainAbortJobFlags.POSTCOPY);
    else await target.abortJob();
  },
});
