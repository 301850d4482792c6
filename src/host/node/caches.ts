/** The processors' shared caches, and how they and memory bandwidth can be divided among guests (resctrl). */
import { type FileTree, numbered, parseNumberList, readNumber } from "./file-tree.ts";

export type CacheType = "both" | "code" | "data";

/** A cache and the processors that share it. */
export interface CacheBank {
  readonly id: number;
  readonly level: number;
  readonly type: CacheType;
  /** KiB. */
  readonly size: number;
  readonly cpus: readonly number[];
}

/** Caches below this level belong to one core and cannot be divided. */
const SHARED_LEVEL = 3;

const cacheTypes: { readonly [kernel: string]: CacheType } = { Unified: "both", Instruction: "code", Data: "data" };

/** The shared caches from below `devices/system` of sysfs, each once. */
export async function readCaches(system: FileTree): Promise<CacheBank[]> {
  const banks = new Map<string, CacheBank>();
  for (const cpu of await numbered(system, "cpu", "cpu")) {
    for (const index of await numbered(system, `cpu/cpu${cpu}/cache`, "index")) {
      const bank = await readBank(system, `cpu/cpu${cpu}/cache/index${index}`);
      if (bank !== null) banks.set(`${bank.level} ${bank.type} ${bank.id}`, bank);
    }
  }
  return [...banks.values()].sort((a, b) => a.level - b.level || a.id - b.id);
}

async function readBank(system: FileTree, folder: string): Promise<CacheBank | null> {
  const level = await readNumber(system, `${folder}/level`, 0);
  if (level < SHARED_LEVEL) return null;
  const [id, size, type, cpus] = await Promise.all([
    readNumber(system, `${folder}/id`, -1),
    system.read(`${folder}/size`),
    system.read(`${folder}/type`),
    system.read(`${folder}/shared_cpu_list`),
  ]);
  const kib = /^(\d{1,9})K$/.exec(size ?? "")?.[1];
  const known = cacheTypes[type ?? ""];
  if (id < 0 || kib === undefined || known === undefined) return null;
  return { id, level, type: known, size: Number(kib), cpus: parseNumberList(cpus ?? "") };
}

/** How a cache can be divided. */
export interface CacheControl {
  readonly type: CacheType;
  /** Parts a cache has. */
  readonly parts: number;
  /** Fewest parts of an allocation. */
  readonly minimum: number;
  readonly maxAllocations: number;
}

/** How memory bandwidth can be divided, in percent. */
export interface BandwidthControl {
  readonly granularity: number;
  readonly minimum: number;
  readonly maxAllocations: number;
}

/** What can be counted while guests run. */
export interface ResourceMonitor {
  /** Bytes of cache below which a counter is given to another guest. */
  readonly reuseThreshold: number;
  readonly maxMonitors: number;
  readonly features: readonly string[];
}

export interface ResourceControl {
  /** By cache level. */
  readonly caches: ReadonlyMap<number, readonly CacheControl[]>;
  readonly bandwidth: BandwidthControl | null;
  /** Of the cache of level 3 and the memory behind it. */
  readonly monitor: ResourceMonitor | null;
}

/** Reads what is below `/sys/fs/resctrl`; all is empty where that is not mounted. */
export async function readResourceControl(resctrl: FileTree): Promise<ResourceControl> {
  const caches = new Map<number, readonly CacheControl[]>();
  for (const name of await resctrl.list("info")) {
    const [, level, part] = /^L(\d)(CODE|DATA)?$/.exec(name) ?? [];
    if (level === undefined) continue;
    const control = await readCacheControl(resctrl, `info/${name}`, partTypes[part ?? ""] ?? "both");
    const others = caches.get(Number(level)) ?? [];
    caches.set(
      Number(level),
      [...others, control].sort((a, b) => (a.type < b.type ? -1 : 1)),
    );
  }
  const [bandwidth, monitor] = await Promise.all([readBandwidth(resctrl), readMonitor(resctrl)]);
  return { caches, bandwidth, monitor };
}

const partTypes: { readonly [part: string]: CacheType } = { CODE: "code", DATA: "data" };

async function readCacheControl(resctrl: FileTree, folder: string, type: CacheType): Promise<CacheControl> {
  const [mask, minimum, maxAllocations] = await Promise.all([
    resctrl.read(`${folder}/cbm_mask`),
    readNumber(resctrl, `${folder}/min_cbm_bits`, 1),
    readNumber(resctrl, `${folder}/num_closids`, 0),
  ]);
  const bits = /^[\da-f]{1,16}$/i.test(mask ?? "") ? BigInt(`0x${mask}`).toString(2) : "";
  return { type, parts: bits.replaceAll("0", "").length, minimum, maxAllocations };
}

async function readBandwidth(resctrl: FileTree): Promise<BandwidthControl | null> {
  const [granularity, minimum, maxAllocations] = await Promise.all([
    readNumber(resctrl, "info/MB/bandwidth_gran", -1),
    readNumber(resctrl, "info/MB/min_bandwidth", -1),
    readNumber(resctrl, "info/MB/num_closids", -1),
  ]);
  return granularity < 0 || minimum < 0 || maxAllocations < 0 ? null : { granularity, minimum, maxAllocations };
}

async function readMonitor(resctrl: FileTree): Promise<ResourceMonitor | null> {
  const [features, reuseThreshold, maxMonitors] = await Promise.all([
    resctrl.read("info/L3_MON/mon_features"),
    readNumber(resctrl, "info/L3_MON/max_threshold_occupancy", 0),
    readNumber(resctrl, "info/L3_MON/num_rmids", 0),
  ]);
  return features === null ? null : { reuseThreshold, maxMonitors, features: features.split(/\s+/) };
}
