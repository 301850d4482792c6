/** How many virtual CPUs a domain has, and what they do. */
import type { Domain } from "../../../api/index.ts";
import { DomainVcpuFlags as Vcpu } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { data, flag, text, uint } from "../../option.ts";
import { formatFields } from "../../output/table.ts";
import { formatCpuList, formatCpuMap, hostCpuCount, sized } from "../../shared/cpus.ts";
import { impactFlags, impactOptions, impactUnsaid } from "../../shared/impact.ts";
import { printParameters } from "../../shared/parameters.ts";
import { exclusive, requires } from "../../shared/rules.ts";
import { unlessUnsupported } from "../../shared/unsupported.ts";

export const setvcpus = command({
  name: "setvcpus",
  summary: "how many virtual CPUs a domain has",
  description: "Sets the number of a domain's virtual CPUs.",
  options: {
    domain: domainOption(),
    count: uint("how many", { required: true }),
    maximum: flag("how many it may have at most, from the next start on"),
    ...impactOptions,
    guest: flag("have the guest's agent switch them on or off"),
    hotpluggable: flag("new ones can be taken away again"),
  },
  async run(context) {
    const { options } = context;
    exclusive(options, ["guest", "config"]);
    const impact = impactFlags(options);
    const domain = await domainOf(context);
    if (options.count === 0) throw new CommandError("Can't set 0 processors for a VM");
    if (options.maximum && !options.config) requires(options, "maximum", "config");
    const special =
      (options.maximum ? Vcpu.MAXIMUM : 0) |
      (options.guest ? Vcpu.GUEST : 0) |
      (options.hotpluggable ? Vcpu.HOTPLUGGABLE : 0);
    if (impactUnsaid(options) && special === 0) await domain.setVcpus(options.count);
    else await domain.setVcpusFlags(options.count, impact | special);
  },
});

/** The four counts that `vcpucount` shows when asked for no particular one. */
const counts = [
  ["maximum", "config", Vcpu.MAXIMUM | Vcpu.CONFIG],
  ["maximum", "live", Vcpu.MAXIMUM | Vcpu.LIVE],
  ["current", "config", Vcpu.CONFIG],
  ["current", "live", Vcpu.LIVE],
] as const;

export const vcpucount = command({
  name: "vcpucount",
  summary: "how many virtual CPUs a domain has",
  description: "Shows how many virtual CPUs a domain has and may have.",
  options: {
    domain: domainOption(),
    maximum: flag("how many it may have"),
    active: flag("how many it has"),
    live: flag("in the running guest"),
    config: flag("from the next start on"),
    current: flag("in the running guest, or if it is off, from the next start on"),
    guest: flag("as its agent counts them"),
  },
  async query(context) {
    const { options } = context;
    exclusive(options, ["live", "config"], ["active", "maximum"], ["guest", "config"]);
    const domain = await domainOf(context);
    const { maximum, active, live, config, current, guest } = options;
    if (maximum || active || live || config || current || guest) {
      const flags =
        (maximum ? Vcpu.MAXIMUM : 0) | (live ? Vcpu.LIVE : 0) | (config ? Vcpu.CONFIG : 0) | (guest ? Vcpu.GUEST : 0);
      if (guest)
        return { count: await attempt("Failed to retrieve vCPU count from the guest", domain.vcpusFlags(flags)) };
      return { count: await domain.vcpusFlags(flags) };
    }
    const rows = [];
    for (const [which, definition, flags] of counts) {
      const count = await unlessUnsupported(domain.vcpusFlags(flags), "OPERATION_INVALID", "INVALID_ARG");
      if (count !== undefined) rows.push({ which, definition, count });
    }
    return { counts: rows };
  },
  print(answer) {
    if (answer.counts === undefined) return `${answer.count}\n`;
    return answer.counts
      .map(
        ({ which, definition, count }) => `${which.padEnd(12)} ${definition.padEnd(12)} ${String(count).padStart(3)}\n`,
      )
      .join("");
  },
});

/** virsh's words for what a virtual CPU does. */
const vcpuStates = ["offline", "running", "blocked"];

export const vcpuinfo = command({
  name: "vcpuinfo",
  summary: "what a domain's virtual CPUs do",
  description: "Shows state, time and affinity of each virtual CPU.",
  options: {
    domain: domainOption(),
    pretty: flag("print affinities as lists of CPUs"),
  },
  async query(context) {
    const domain = await domainOf(context);
    const info = await domain.info();
    return vcpuRows(domain, info.nrVirtCpu, await hostCpuCount(context.connection));
  },
  print(vcpus, { options }) {
    const rows = vcpus.map(({ vcpu, cpu, state, cpuTimeNs, affinity }) => {
      const list = options.pretty ? `${formatCpuList(affinity)} (out of ${affinity.length})` : formatCpuMap(affinity);
      const fields = formatFields([
        ["VCPU", String(vcpu)],
        ["CPU", cpu === null ? "N/A" : String(cpu)],
        ["State", state],
      ]);
      // virsh leaves out the colon of a time that there is not.
      const time = cpuTimeNs === null ? "CPU time        N/A\n" : formatFields([["CPU time", cpuTimeText(cpuTimeNs)]]);
      return `${fields}${time}${formatFields([["CPU Affinity", list]])}`;
    });
    return rows.join("\n");
  },
});

interface VcpuRow {
  readonly vcpu: number;
  /** The host's CPU it runs on; null when the domain is off. */
  readonly cpu: number | null;
  readonly state: string;
  readonly cpuTimeNs: bigint | null;
  readonly affinity: readonly boolean[];
}

/** Virtual CPUs as they run, or, of a domain that is off, as they will be pinned. */
async function vcpuRows(domain: Domain, count: number, hostCpus: number): Promise<VcpuRow[]> {
  const vcpus = await unlessUnsupported(domain.vcpus(), "OPERATION_INVALID");
  if (vcpus !== undefined) {
    return vcpus.map(({ number, cpu, state, cpuTime, cpumap }) => ({
      vcpu: number,
      cpu,
      state: vcpuStates[state] ?? "no state",
      cpuTimeNs: cpuTime,
      affinity: sized(cpumap, hostCpus),
    }));
  }
  const pins = await domain.vcpuPinInfo(Vcpu.CONFIG);
  return pins.slice(0, count).map((cpumap, vcpu) => ({
    vcpu,
    cpu: null,
    state: "N/A",
    cpuTimeNs: null,
    affinity: sized(cpumap, hostCpus),
  }));
}

function cpuTimeText(ns: bigint): string {
  return `${(Number(ns) / 1e9).toFixed(1)}s`;
}

export const setvcpu = command({
  name: "setvcpu",
  summary: "switch single virtual CPUs on or off",
  description: "Plugs virtual CPUs in, or unplugs them.",
  options: {
    domain: domainOption(),
    vcpulist: data("which ones, like 0,2-3"),
    enable: flag("plug them in"),
    disable: flag("unplug them"),
    ...impactOptions,
  },
  async run(context) {
    const { options } = context;
    exclusive(options, ["enable", "disable"]);
    const flags = impactFlags(options);
    if (!options.enable && !options.disable) throw new CommandError("one of --enable, --disable is required");
    await (await domainOf(context)).setVcpu(options.vcpulist, options.enable, flags);
  },
});

export const guestvcpus = command({
  name: "guestvcpus",
  summary: "virtual CPUs as the guest sees them",
  description: "Shows or sets, by the guest's agent, which of its CPUs the guest uses.",
  options: {
    domain: domainOption({ filter: DomainFilter.ACTIVE }),
    cpulist: text("which CPUs"),
    enable: flag("use them"),
    disable: flag("do not use them"),
  },
  async query(context) {
    const { options } = context;
    exclusive(options, ["enable", "disable"]);
    requires(options, "enable", "cpulist");
    requires(options, "disable", "cpulist");
    if (options.cpulist !== undefined && !options.enable && !options.disable) {
      throw new CommandError("One of options --enable or --disable is required by option --cpulist");
    }
    const domain = await domainOf(context);
    if (options.cpulist === undefined) return domain.guestVcpus();
    await domain.setGuestVcpus(options.cpulist, options.enable);
    return undefined;
  },
  print: (parameters) => printParameters(parameters),
});
