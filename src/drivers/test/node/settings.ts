/** What the made-up node is: processors and memory. */

export interface NodeSettings {
  readonly model: string;
  /** Memory in KiB. */
  readonly memory: bigint;
  readonly cpus: number;
  readonly mhz: number;
  /** NUMA cells. */
  readonly nodes: number;
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

/** libvirt's default node. */
export const defaultSettings: NodeSettings = {
  model: "i686",
  memory: 3_145_728n,
  cpus: 16,
  mhz: 1400,
  nodes: 2,
  sockets: 2,
  cores: 2,
  threads: 2,
};

/** The architecture of all guests of this driver. */
export const guestArchitecture = "i686";

/** How many virtual processors a guest may have. */
export const maxVcpus = 32;

interface PageSize {
  /** In KiB. */
  readonly size: number;
  count: bigint;
}

/** A NUMA cell of the node. */
export interface Cell {
  readonly id: number;
  /** In KiB. */
  readonly memory: bigint;
  readonly cpus: readonly { readonly id: number; readonly socket: number; readonly core: number }[];
  /** Pages by size; `count` is how many there are. */
  readonly pages: readonly PageSize[];
}

const cellCount = 2;
const cpusPerCell = 8;

/** The cells, each with memory and small pages of its own size, so that a program can tell them apart. */
export function makeCells(): readonly Cell[] {
  return Array.from({ length: cellCount }, (_, id) => {
    const memory = BigInt(id + 1) * 2n * 1024n * 1024n;
    const page = (id + 1) * 4;
    const cpu = (_: unknown, core: number) => ({ id: id * cpusPerCell + core, socket: id, core });
    return {
      id,
      memory,
      cpus: Array.from({ length: cpusPerCell }, cpu),
      pages: [
        { size: page, count: memory / BigInt(page) },
        { size: 2048, count: 0n },
        { size: 1048576, count: 0n },
      ],
    };
  });
}
