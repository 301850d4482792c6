/** What a guest's memory is used for, as its balloon and the host tell it. */
import { processUsage } from "../../../host/usage.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import { DomainMemoryStatTags as Tag } from "../../../protocol/index.ts";
import type { LiveDomain } from "../domain/live.ts";
import { guestMemoryStats, queryBalloon } from "../monitor/commands/memory.ts";

/** A statistic by its number in DomainMemoryStatTags; amounts in KiB, faults and failures as counts. */
export type MemoryStat = readonly [tag: number, value: bigint];

/** Where QEMU has the balloon in its tree; null for a guest without one. */
export function balloonPath({ devices: { memballoon } }: Pick<Definition, "devices">): string | null {
  if (memballoon === undefined || memballoon.model === "none" || memballoon.model === "xen") return null;
  return `/machine/peripheral/${memballoon.alias ?? "balloon0"}`;
}

/** How QEMU calls each statistic, in libvirt's order, and how many of its units are one of ours. */
const reported: readonly (readonly [tag: number, name: string, divisor: bigint])[] = [
  [Tag.SWAP_IN, "stat-swap-in", 1024n],
  [Tag.SWAP_OUT, "stat-swap-out", 1024n],
  [Tag.MAJOR_FAULT, "stat-major-faults", 1n],
  [Tag.MINOR_FAULT, "stat-minor-faults", 1n],
  [Tag.UNUSED, "stat-free-memory", 1024n],
  [Tag.AVAILABLE, "stat-total-memory", 1024n],
  [Tag.USABLE, "stat-available-memory", 1024n],
  [Tag.DISK_CACHES, "stat-disk-caches", 1024n],
  [Tag.HUGETLB_PGALLOC, "stat-htlb-pgalloc", 1n],
  [Tag.HUGETLB_PGFAIL, "stat-htlb-pgfail", 1n],
];

/** All that is known of a running guest's memory. */
export async function memoryStats(live: LiveDomain): Promise<MemoryStat[]> {
  const [fromBalloon, usage] = await Promise.all([balloonStats(live), processUsage(live.process.pid)]);
  return usage ? [...fromBalloon, [Tag.RSS, usage.resident]] : fromBalloon;
}

async function balloonStats(live: LiveDomain): Promise<MemoryStat[]> {
  const { monitor, definition } = live;
  if (balloonPath(definition) === null) return [[Tag.ACTUAL_BALLOON, definition.currentMemory]];
  const [actual, stats] = await Promise.all([queryBalloon(monitor), guestStats(live)]);
  return [[Tag.ACTUAL_BALLOON, actual / 1024n], ...stats];
}

/** What the guest has last reported, or that it has not: nobody is asked when nobody asks the guest to report. */
export async function guestStats({ monitor, definition }: LiveDomain): Promise<MemoryStat[]> {
  const path = balloonPath(definition);
  if (path === null) return [];
  if (!definition.devices.memballoon?.stats?.period) return [[Tag.LAST_UPDATE, 0n]];
  const { stats, lastUpdate } = await guestMemoryStats(monitor, path);
  const known = reported.flatMap(([tag, name, divisor]): MemoryStat[] => {
    const value = stats.get(name);
    return value === undefined ? [] : [[tag, value / divisor]];
  });
  return [...known, [Tag.LAST_UPDATE, lastUpdate]];
}
