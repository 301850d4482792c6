/** How the host's processors are arranged: NUMA nodes, sockets, dies, cores and threads. */
import { type FileTree, numbered, parseNumberList, readNumber } from "./file-tree.ts";

/** One processor as the kernel counts them. */
export interface HostCpu {
  readonly id: number;
  readonly online: boolean;
  readonly socket: number;
  readonly die: number;
  readonly core: number;
  /** All threads of its core, itself among them. */
  readonly siblings: readonly number[];
}

/** The processors of a NUMA node. */
export interface HostNode {
  readonly id: number;
  readonly cpus: readonly HostCpu[];
}

/** Reads the arrangement from below `devices/system` of sysfs. A host without NUMA is one node, 0. */
export async function readTopology(system: FileTree): Promise<HostNode[]> {
  const nodes = await Promise.all(
    (await numbered(system, "node", "node")).map(async (id) => {
      return { id, cpus: await readCpus(system, await numbered(system, `node/node${id}`, "cpu")) };
    }),
  );
  if (nodes.some((node) => node.cpus.length > 0)) return nodes;
  return [{ id: 0, cpus: await readCpus(system, await numbered(system, "cpu", "cpu")) }];
}

function readCpus(system: FileTree, ids: readonly number[]): Promise<HostCpu[]> {
  return Promise.all(ids.map((id) => readCpu(system, id)));
}

async function readCpu(system: FileTree, id: number): Promise<HostCpu> {
  const topology = `cpu/cpu${id}/topology`;
  const [online, socket, die, core, siblings] = await Promise.all([
    readNumber(system, `cpu/cpu${id}/online`, 1),
    readNumber(system, `${topology}/physical_package_id`, 0),
    readNumber(system, `${topology}/die_id`, 0),
    readNumber(system, `${topology}/core_id`, 0),
    system.read(`${topology}/thread_siblings_list`),
  ]);
  const listed = siblings === null ? [] : parseNumberList(siblings);
  return { id, online: online !== 0, socket, die, core, siblings: listed.length > 0 ? listed : [id] };
}

/** The arrangement as libvirt's node info tells it: the largest of each. */
export interface CpuArrangement {
  /** Processors that are online. */
  readonly online: number;
  /** Processors there are, on or off. */
  readonly total: number;
  readonly nodes: number;
  /** Sockets in a node. */
  readonly sockets: number;
  /** Cores in a socket. */
  readonly cores: number;
  /** Threads in a core. */
  readonly threads: number;
}

/**
 * Sums the topology up. Four numbers cannot tell an uneven host; one whose product does not come out is told as a
 * single socket with as many cores as there are processors, as libvirt does.
 */
export function arrangement(nodes: readonly HostNode[]): CpuArrangement {
  const occupied = nodes.filter((node) => node.cpus.length > 0);
  const cpus = occupied.flatMap((node) => node.cpus);
  const online = cpus.filter((cpu) => cpu.online).length;
  const even = {
    nodes: Math.max(1, occupied.length),
    sockets: Math.max(1, ...occupied.map((node) => new Set(node.cpus.filter(isOnline).map((cpu) => cpu.socket)).size)),
    cores: Math.max(1, ...occupied.map(coresInSocket)),
    threads: Math.max(1, ...cpus.filter(isOnline).map((cpu) => cpu.siblings.length)),
  };
  const comesOut = even.nodes * even.sockets * even.cores * even.threads === cpus.length;
  return comesOut
    ? { online, total: cpus.length, ...even }
    : { online, total: cpus.length, nodes: 1, sockets: 1, cores: Math.max(1, cpus.length), threads: 1 };
}

function isOnline(cpu: HostCpu): boolean {
  return cpu.online;
}

function coresInSocket(node: HostNode): number {
  const cores = new Map<number, Set<number>>();
  for (const cpu of node.cpus.filter(isOnline)) {
    const known = cores.get(cpu.socket) ?? new Set();
    cores.set(cpu.socket, known.add(cpu.core));
  }
  return Math.max(0, ...[...cores.values()].map((known) => known.size));
}
