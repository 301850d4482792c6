/** I/O threads of a domain. */
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { int, uint, ulonglong } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { formatCpuList, hostCpuCount, sized } from "../../shared/cpus.ts";
import { impactFlags, impactOptions } from "../../shared/impact.ts";
import { setParameters } from "../../shared/parameters.ts";

const id = uint("the I/O thread's ID", { required: true });

function checkId(value: number): number {
  if (value === 0) throw new CommandError("Invalid IOThread id value: '0'");
  return value;
}

export const iothreadinfo = command({
  name: "iothreadinfo",
  summary: "which I/O threads a domain has",
  description: "Lists a domain's I/O threads and the host's CPUs they may use.",
  options: { domain: domainOption(), ...impactOptions },
  async query(context) {
    const flags = impactFlags(context.options);
    const domain = await domainOf(context);
    const threads = await attempt("Unable to get domain IOThreads information", () => domain.ioThreadInfo(flags));
    const cpus = await hostCpuCount(context.connection);
    return threads.map(({ iothreadId, cpumap }) => ({ id: iothreadId, affinity: formatCpuList(sized(cpumap, cpus)) }));
  },
  print(threads, { notice, shell }) {
    if (threads.length === 0) {
      notice("No IOThreads found for the domain");
      return "";
    }
    type Thread = (typeof threads)[number];
    const columns = [
      column<Thread>("IOThread ID", (thread) => String(thread.id)),
      column<Thread>("CPU Affinity", ({ affinity }) => affinity),
    ];
    return formatTable(columns, threads, shell.settings.quiet);
  },
});

export const iothreadadd = command({
  name: "iothreadadd",
  summary: "give a domain another I/O thread",
  description: "Adds an I/O thread to a domain.",
  options: { domain: domainOption(), id, ...impactOptions },
  async run(context) {
    const flags = impactFlags(context.options);
    const domain = await domainOf(context);
    await domain.addIOThread(checkId(context.options.id), flags);
  },
});

export const iothreadset = command({
  name: "iothreadset",
  summary: "how an I/O thread works",
  description: "Sets how an I/O thread polls, and how many worker threads it has.",
  options: {
    domain: domainOption(),
    id,
    pollMaxNs: ulonglong("most nanoseconds of polling"),
    pollGrow: uint("factor by which polling grows"),
    pollShrink: uint("divisor by which polling shrinks"),
    threadPoolMin: int("fewest worker threads"),
    threadPoolMax: int("most worker threads"),
    ...impactOptions,
  },
  async run(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const thread = checkId(options.id);
    const parameters = setParameters({
      poll_max_ns: options.pollMaxNs,
      poll_grow: options.pollGrow,
      poll_shrink: options.pollShrink,
      thread_pool_min: options.threadPoolMin,
      thread_pool_max: options.threadPoolMax,
    });
    if (parameters === undefined) throw new CommandError("Not enough arguments passed, nothing to set");
    await domain.setIOThreadParams(thread, parameters, flags);
  },
});

export const iothreaddel = command({
  name: "iothreaddel",
  summary: "take an I/O thread away",
  description: "Removes an I/O thread from a domain.",
  options: { domain: domainOption(), id, ...impactOptions },
  async run(context) {
    const flags = impactFlags(context.options);
    const domain = await domainOf(context);
    await domain.delIOThread(checkId(context.options.id), flags);
  },
});
