/** Statistics of many domains at once. */
import { statsFlags, statsQuestions, wantedStats } from "../../../../driver/domain/stats.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { mapInTurns } from "../../../../driver/in-turns.ts";
import { selectByFlags } from "../../../../driver/list-filter.ts";
import { type ProcessUsage, processUsage } from "../../../../host/usage.ts";
import { ConnectGetAllDomainStatsFlags, DomainStatsTypes, type TypedParameter } from "../../../../protocol/index.ts";
import type { QemuDomain } from "../../domain/domain.ts";
import type { QemuHost } from "../../host.ts";
import type { Collect, StatsRequest } from "../../stats/collect.ts";
import { blockStats, interfaceStats, iothreadStats } from "../../stats/devices.ts";
import { balloonStats, dirtyRateStats } from "../../stats/memory.ts";
import { cpuStats, perfStats, stateStats, vcpuStats } from "../../stats/simple.ts";
import { hostNetCounters } from "../devices/interfaces.ts";

/** What each kind of statistic says, in libvirt's order. */
const collectors: readonly (readonly [kind: number, collect: Collect])[] = [
  [DomainStatsTypes.STATE, stateStats],
  [DomainStatsTypes.CPU_TOTAL, cpuStats],
  [DomainStatsTypes.BALLOON, balloonStats],
  [DomainStatsTypes.VCPU, vcpuStats],
  [DomainStatsTypes.INTERFACE, interfaceStats],
  [DomainStatsTypes.BLOCK, blockStats],
  [DomainStatsTypes.PERF, perfStats],
  [DomainStatsTypes.IOTHREAD, iothreadStats],
  [DomainStatsTypes.DIRTYRATE, dirtyRateStats],
];

const questions = statsQuestions<QemuDomain>(({ live, persistent, status }) => ({
  active: live !== null,
  persistent: persistent !== null,
  state: status.state,
}));

/** Reads a guest's use of the host at most once. */
function usageReader(): StatsRequest["usageOf"] {
  let usage: Promise<ProcessUsage | null> | undefined;
  return ({ process }) => {
    usage ??= processUsage(process.pid);
    return usage;
  };
}

/** A guest that ends, or a QEMU that fails, takes the answer to one question with it and no other. */
async function collectAll(
  domain: QemuDomain,
  wanted: readonly Collect[],
  request: StatsRequest,
): Promise<TypedParameter[]> {
  const kinds = await Promise.allSettled(wanted.map(async (collect) => collect(domain, request)));
  return kinds.flatMap((kind) => (kind.status === "fulfilled" ? kind.value : []));
}

export function statsHandlers(host: QemuHost): Handlers<"connectGetAllDomainStats"> {
  return {
    async connectGetAllDomainStats({ doms, stats, flags }) {
      checkFlags(flags, statsFlags(questions), "connectGetAllDomainStats", "QEMU");
      const wanted = wantedStats(collectors, stats, flags, "QEMU");
      const { BACKING, NOWAIT } = ConnectGetAllDomainStatsFlags;
      const named = doms.flatMap(({ uuid }) => host.domains.byUuid(uuid) ?? []);
      const chosen = selectByFlags(doms.length === 0 ? host.domains : named, flags, questions);
      const net = wanted.includes(interfaceStats) ? await hostNetCounters() : new Map();
      const retStats = await mapInTurns(chosen, async (domain) => {
        const withoutMonitor = (flags & NOWAIT) !== 0 && domain.jobs.running !== undefined;
        const request: StatsRequest = { net, usageOf: usageReader(), backing: (flags & BACKING) !== 0, withoutMonitor };
        return { dom: domain.ref, params: await collectAll(domain, wanted, request) };
      });
      return { retStats };
    },
  };
}
