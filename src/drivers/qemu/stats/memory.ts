/** Statistics of a guest's memory. */
import { intParam, llongParam, stringParam, ullongParam } from "../../../driver/typed-parameters.ts";
import { DomainDirtyRateStatus, DomainMemoryStatTags as Tag } from "../../../protocol/index.ts";
import { cached, forgetAnswers } from "../domain/answers.ts";
import type { LiveDomain } from "../domain/live.ts";
import { queryDirtyRate } from "../monitor/commands/memory.ts";
import { guestStats, type MemoryStat } from "./balloon.ts";
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

/** Amounts in KiB. What the guest has now, it tells by itself. */
export const balloonStats: Collect = async ({ live, current }, { usageOf, withoutMonitor }) => {
  const amounts = [
    ullongParam("balloon.current", current.currentMemory),
    ullongParam("balloon.maximum", current.memory.value),
  ];
  if (!live) return amounts;
  const [stats, usage] = await Promise.all([withoutMonitor ? [] : guestStats(live), usageOf(live)]);
  const told: readonly MemoryStat[] = usage ? [...stats, [Tag.RSS, usage.resident]] : stats;
  const others = told.flatMap(([tag, value]) => {
    const name = names[tag];
    return name === undefined ? [] : [ullongParam(`balloon.${name}`, value)];
  });
  return [...amounts, ...others];
};

const dirtyRateStatus: Readonly<Record<string, number>> = {
  unstarted: DomainDirtyRateStatus.UNSTARTED,
  measuring: DomainDirtyRateStatus.MEASURING,
  measured: DomainDirtyRateStatus.MEASURED,
};

/** The answer that holds as long as nobody has ever measured. */
const dirtyRateAnswer = "dirty rate";

/** Guests that are or were measured. QEMU may say for a moment yet that they are not. */
const measured = new WeakSet<LiveDomain>();

/** Keeps in mind that QEMU was told to measure how fast a guest changes its memory. */
export function noteMeasuring(live: LiveDomain): void {
  measured.add(live);
  forgetAnswers(live, dirtyRateAnswer);
}

async function dirtyRateOf(live: LiveDomain) {
  // Commands that were passed to QEMU as they were may have told it so too.
  if (measured.has(live) || live.commanded.size > 0) return queryDirtyRate(live.monitor);
  const answer = await cached(live, dirtyRateAnswer, () => queryDirtyRate(live.monitor));
  if (answer.status !== "unstarted") noteMeasuring(live);
  return answer;
}

/** The rate in MiB a second, times in seconds. */
export const dirtyRateStats: Collect = async ({ live }, { withoutMonitor }) => {
  if (!live || withoutMonitor || !live.capabilities.has("calc-dirty-rate")) return [];
  const answer = await dirtyRateOf(live);
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
