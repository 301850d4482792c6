/** Statistics of a guest's memory. */
import { intParam, llongParam, stringParam, ullongParam } from "../../../driver/typed-parameters.ts";
import { processUsage } from "../../../host/usage.ts";
import { DomainDirtyRateStatus, DomainMemoryStatTags as Tag } from "../../../protocol/index.ts";
import { queryDirtyRate } from "../monitor/commands/memory.ts";
import { memoryStats } from "./balloon.ts";
import type { Collect } from "./collect.ts";

/** How the statistics of the balloon are called here. */
const names: Readonly<Record<number, string>> = {
  [Tag.SWAP_IN]: "swap_in",
  [Tag.SWAP_OUT]: "swap_out",
  [Tag.MAJOR_FAULT]: "major_fault",
  [Tag.MINOR_FAULT]: "minor_fault",
  [Tag.UNUSED]: "unused",
  [Tag.AVAILABLE]: "available",
  [Tag.RSS]: "rss",
  [Tag.USABLE]: "usable",
  [Tag.LAST_UPDATE]: "last-update",
  [Tag.DISK_CACHES]: "disk_caches",
  [Tag.HUGETLB_PGALLOC]: "hugetlb_pgalloc",
  [Tag.HUGETLB_PGFAIL]: "hugetlb_pgfail",
};

/** Amounts in KiB. */
export const balloonStats: Collect = async ({ live, current }, { withoutMonitor }) => {
  const maximum = ullongParam("balloon.maximum", current.memory.value);
  const now = (value: bigint) => [ullongParam("balloon.current", value), maximum];
  if (!live) return now(current.currentMemory);
  if (withoutMonitor) {
    const usage = await processUsage(live.process.pid);
    const rss = usage ? [ullongParam("balloon.rss", usage.resident)] : [];
    return [...now(current.currentMemory), ...rss];
  }
  const stats = await memoryStats(live);
  const actual = stats.find(([tag]) => tag === Tag.ACTUAL_BALLOON)?.[1] ?? current.currentMemory;
  const others = stats.flatMap(([tag, value]) => {
    const name = names[tag];
    return name === undefined ? [] : [ullongParam(`balloon.${name}`, value)];
  });
  return [...now(actual), ...others];
};

const dirtyRateStatus: Readonly<Record<string, number>> = {
  unstarted: DomainDirtyRateStatus.UNSTARTED,
  measuring: DomainDirtyRateStatus.MEASURING,
  measured: DomainDirtyRateStatus.MEASURED,
};

/** The rate in MiB a second, times in seconds. */
export const dirtyRateStats: Collect = async ({ live }, { withoutMonitor }) => {
  if (!live || withoutMonitor || !live.capabilities.has("calc-dirty-rate")) return [];
  const answer = await queryDirtyRate(live.monitor);
  const status = dirtyRateStatus[answer.status] ?? DomainDirtyRateStatus.UNSTARTED;
  const rate = answer["dirty-rate"];
  return [
    intParam("dirtyrate.calc_status", status),
    llongParam("dirtyrate.calc_start_time", answer["start-time"]),
    intParam("dirtyrate.calc_period", Number(answer["calc-time"])),
    ...(answer.mode === undefined ? [] : [stringParam("dirtyrate.calc_mode", answer.mode)]),
    ...(status === DomainDirtyRateStatus.MEASURED && rate !== undefined
      ? [llongParam("dirtyrate.megabytes_per_second", rate)]
      : []),
  ];
};
