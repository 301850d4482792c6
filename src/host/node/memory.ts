/** The host's memory by NUMA node: how much, in which page sizes, how far apart. */
import { type FileTree, numbered, readNumber } from "./file-tree.ts";

/** A pool of pages of one size. */
export interface PagePool {
  /** Size of a page in KiB. */
  readonly size: bigint;
  readonly count: bigint;
}

export interface NodeMemory {
  /** KiB. */
  readonly total: bigint;
  readonly free: bigint;
  /** The smallest pages first; what is not set aside for large pages is in small ones. */
  readonly pages: readonly PagePool[];
}

/** Reads a node's memory from below `devices/system` of sysfs; null for one without memory. */
export async function readNodeMemory(system: FileTree, node: number, pageSize: bigint): Promise<NodeMemory | null> {
  const folder = `node/node${node}`;
  const [meminfo, huge] = await Promise.all([system.read(`${folder}/meminfo`), readHugePages(system, folder)]);
  const amount = (key: string) => BigInt(new RegExp(`${key}:\\s*(\\d{1,19}) kB`).exec(meminfo ?? "")?.[1] ?? 0);
  const total = amount("MemTotal");
  if (total === 0n) return null;
  const setAside = huge.reduce((sum, { size, count }) => sum + size * count, 0n);
  const small = { size: pageSize, count: (total > setAside ? total - setAside : 0n) / pageSize };
  return { total, free: amount("MemFree"), pages: [small, ...huge] };
}

async function readHugePages(system: FileTree, folder: string): Promise<PagePool[]> {
  const names = await system.list(`${folder}/hugepages`);
  const pools = names.map(async (name) => {
    const size = /^hugepages-(\d{1,12})kB$/.exec(name)?.[1];
    if (size === undefined) return [];
    const count = await readNumber(system, `${folder}/hugepages/${name}/nr_hugepages`, 0);
    return [{ size: BigInt(size), count: BigInt(count) }];
  });
  return (await Promise.all(pools)).flat().sort((a, b) => Number(a.size - b.size));
}

/** How far nodes are from this one, in the firmware's measure (10 is itself); by node. */
export async function readDistances(system: FileTree, node: number): Promise<ReadonlyMap<number, number>> {
  const [text, nodes] = await Promise.all([system.read(`node/node${node}/distance`), numbered(system, "node", "node")]);
  const values = (text ?? "").split(/\s+/).filter((word) => /^\d{1,4}$/.test(word));
  if (values.length !== nodes.length) return new Map();
  return new Map(nodes.map((other, i) => [other, Number(values[i])]));
}
