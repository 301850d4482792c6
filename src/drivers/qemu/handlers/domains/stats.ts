/** Statistics of many domains at once. */
import { statsHandlers as handlersFor, stateStats } from "../../../../driver/domain/kept/stats.ts";
import { type ProcessUsage, processUsage } from "../../../../host/usage.ts";
import { ConnectGetAllDomainStatsFlags, DomainStatsTypes } from "../../../../protocol/index.ts";
import type { QemuDomain } from "../../domain/domain.ts";
import type { QemuHost } from "../../host.ts";
import type { Collect, StatsRequest } from "../../stats/collect.ts";
import { blockStats, interfaceStats, iothreadStats } from "../../stats/devices.ts";
import { balloonStats, dirtyRateStats } from "../../stats/memory.ts";
import { cpuStats, perfStats, vcpuStats } from "../../stats/simple.ts";
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

/** Reads a guest's use of the host at most once. */
function usageReader(): StatsRequest["usageOf"] {
  let usage: Promise<ProcessUsage | null> | undefined;
  return ({ process }) => {
    usage ??= processUsage(process.pid);
    return usage;
  };
}

export function statsHandlers(host: QemuHost) {
  return handlersFor<QemuDomain, StatsRequest>(host, {
    collectors,
    async prepare(flags, wanted) {
      const { BACKING, NOWAIT } = ConnectGetAllDomainStatsFlags;
      const net = wanted.includes(interfaceStats) ? await hostNetCounters() : new Map();
      return ({ jobs }) => ({
        net,
        usageOf: usageReader(),
        backing: (flags & BACKING) !== 0,
        withoutMonitor: (flags & NOWAIT) !== 0 && jobs.running !== undefined,
      });
    },
  });
}
