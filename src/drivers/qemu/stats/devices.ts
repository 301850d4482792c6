/** Statistics of a guest's disks, cards and I/O threads. */
import { cardStats } from "../../../driver/domain/kept/stats.ts";
import { stringParam, uintParam, ullongParam } from "../../../driver/typed-parameters.ts";
import { type Disk, imageOf, type Storage } from "../../../model/domain/index.ts";
import type { TypedParameter } from "../../../protocol/index.ts";
import { type DiskUse, diskUses, imageIndex, imagesOf } from "../domain/blocks.ts";
import { ioThreads } from "../domain/threads.ts";
import { cardCounters } from "../handlers/devices/interfaces.ts";
import type { BlockStats } from "../monitor/commands/block.ts";
import { pathOf } from "../run/files/files.ts";
import type { Collect } from "./collect.ts";

export const interfaceStats: Collect = ({ live }, { net }) => {
  if (!live) return [];
  const { interfaces } = live.definition.devices;
  const each = interfaces.flatMap((card, index) => {
    // A card whose other end is within QEMU has no counters anywhere.
    if (card.target?.dev === undefined) return [];
    return cardStats(index, card.target.dev, cardCounters(card, net));
  });
  return [uintParam("net.count", interfaces.length), ...each];
};

export const blockStats: Collect = async ({ live, current }, { backing, withoutMonitor }) => {
  const { disks } = current.devices;
  const uses: readonly DiskUse[] =
    live && !withoutMonitor ? await diskUses(live) : disks.map((disk) => ({ disk, stats: undefined, node: undefined }));
  const entries = uses.flatMap((use) => imagesTold(use, backing));
  const told = entries.flatMap((entry, index) => imageParams(`block.${index}`, entry));
  return [uintParam("block.count", entries.length), ...told];
};

/** A disk's image, or one of those below it. */
interface Image {
  readonly disk: Disk;
  readonly storage: Storage;
  readonly stats: BlockStats | undefined;
  /** The number by which its nodes are called; none of a drive without a medium. */
  readonly index: number | undefined;
  readonly capacity: bigint | undefined;
  readonly physical: bigint | undefined;
}

function imagesTold({ disk, stats, node }: DiskUse, backing: boolean): Image[] {
  const capacity = node?.image?.["virtual-size"];
  const physical = node?.image?.["actual-size"] ?? capacity;
  const top = { disk, storage: disk.storage, stats, index: imageIndex(disk.storage), capacity, physical };
  if (!backing) return [top];
  let counted = stats;
  const [first, ...below] = [...imagesOf(disk)].map((storage, depth): Image => {
    if (depth > 0) counted = counted?.backing;
    return { disk, storage, stats: counted, index: imageIndex(storage), capacity: undefined, physical: undefined };
  });
  return first ? [{ ...first, capacity, physical }, ...below] : [top];
}

function imageParams(prefix: string, { disk, storage, stats, index, capacity, physical }: Image): TypedParameter[] {
  const path = storage.type !== "network" ? (pathOf(storage) ?? imageOf(storage)) : undefined;
  const params = [stringParam(`${prefix}.name`, disk.target.dev)];
  if (path !== undefined) params.push(stringParam(`${prefix}.path`, path));
  if (index && path !== undefined) params.push(uintParam(`${prefix}.backingIndex`, index));
  if (stats) params.push(...counterParams(prefix, stats));
  const highest = stats?.parent?.stats.wr_highest_offset ?? stats?.stats.wr_highest_offset;
  if (highest !== undefined && capacity !== undefined) params.push(ullongParam(`${prefix}.allocation`, highest));
  if (capacity !== undefined) params.push(ullongParam(`${prefix}.capacity`, capacity));
  if (physical !== undefined) params.push(ullongParam(`${prefix}.physical`, physical));
  return params;
}

function counterParams(prefix: string, { stats }: BlockStats): TypedParameter[] {
  return [
    ullongParam(`${prefix}.rd.reqs`, stats.rd_operations),
    ullongParam(`${prefix}.rd.bytes`, stats.rd_bytes),
    ullongParam(`${prefix}.rd.times`, stats.rd_total_time_ns),
    ullongParam(`${prefix}.wr.reqs`, stats.wr_operations),
    ullongParam(`${prefix}.wr.bytes`, stats.wr_bytes),
    ullongParam(`${prefix}.wr.times`, stats.wr_total_time_ns),
    ullongParam(`${prefix}.fl.reqs`, stats.flush_operations),
    ullongParam(`${prefix}.fl.times`, stats.flush_total_time_ns),
  ];
}

export const iothreadStats: Collect = async ({ live }, { withoutMonitor }) => {
  if (!live || withoutMonitor) return [];
  const threads = await ioThreads(live);
  if (threads.length === 0) return [];
  const each = threads.flatMap(({ number, ...thread }) => [
    ullongParam(`iothread.${number}.poll-max-ns`, BigInt(thread["poll-max-ns"])),
    uintParam(`iothread.${number}.poll-grow`, thread["poll-grow"]),
    uintParam(`iothread.${number}.poll-shrink`, thread["poll-shrink"]),
  ]);
  return [uintParam("iothread.count", threads.length), ...each];
};
