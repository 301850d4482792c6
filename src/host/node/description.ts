/** Everything that a host's capabilities tell, read at once. */
import { type CacheBank, type ResourceControl, readCaches, readResourceControl } from "./caches.ts";
import { type FileTree, hostTree } from "./file-tree.ts";
import { type NodeMemory, readDistances, readNodeMemory } from "./memory.ts";
import { type HostNode, readTopology } from "./topology.ts";

export interface HostCell extends HostNode {
  readonly memory: NodeMemory | null;
  /** By node, see {@link readDistances}. */
  readonly distances: ReadonlyMap<number, number>;
}

/** Where the facts are: this host's folders, or recorded ones. */
export interface HostFolders {
  /** /sys/devices/system */
  readonly system: FileTree;
  /** /sys/fs/resctrl */
  readonly resctrl: FileTree;
  /** / */
  readonly root: FileTree;
}

export const thisHost: HostFolders = {
  system: hostTree("/sys/devices/system"),
  resctrl: hostTree("/sys/fs/resctrl"),
  root: hostTree("/"),
};

export interface HostDescription {
  readonly cells: readonly HostCell[];
  readonly caches: readonly CacheBank[];
  readonly resourceControl: ResourceControl;
  /** Whether devices can be given to guests. */
  readonly iommu: boolean;
  /** Ways to sleep that the kernel has: `mem`, `disk`, ... */
  readonly sleepStates: readonly string[];
  /** Kept by the machine or its installation; null where neither tells. */
  readonly uuid: string | null;
}

/** @param pageSize of the smallest pages, in KiB. */
export async function describeHost(folders: HostFolders, pageSize: bigint): Promise<HostDescription> {
  const [nodes, caches, resourceControl, groups, states, uuid] = await Promise.all([
    readTopology(folders.system),
    readCaches(folders.system),
    readResourceControl(folders.resctrl),
    folders.root.list("sys/kernel/iommu_groups"),
    folders.root.read("sys/power/state"),
    readUuid(folders.root),
  ]);
  const cells = nodes.map(async (node) => {
    const [memory, distances] = await Promise.all([
      readNodeMemory(folders.system, node.id, pageSize),
      readDistances(folders.system, node.id),
    ]);
    return { ...node, memory, distances };
  });
  return {
    cells: await Promise.all(cells),
    caches,
    resourceControl,
    iommu: groups.length > 0,
    sleepStates: (states ?? "").split(/\s+/).filter((state) => state !== ""),
    uuid,
  };
}

/** What the host is called by. */
export interface HostUuidChoice {
  /** Its UUID, whatever its own files say. */
  readonly uuid?: string | undefined;
  /** Which of its files is asked first. */
  readonly source: "smbios" | "machine-id";
}

let choice: HostUuidChoice = { source: "smbios" };

/** Says what this process calls the host by; a daemon's configuration may name it. */
export function chooseHostUuid(chosen: HostUuidChoice): void {
  choice = chosen;
}

/** The firmware's number of the machine; without the right to read it, the installation's. */
async function readUuid(root: FileTree): Promise<string | null> {
  if (choice.uuid !== undefined) return choice.uuid.toLowerCase();
  const firmware = choice.source === "smbios" ? await root.read("sys/class/dmi/id/product_uuid") : null;
  const text = firmware ?? (await root.read("etc/machine-id"));
  const digits = (text ?? "").replaceAll("-", "").toLowerCase();
  // Boards whose maker did not bother have all digits alike.
  if (!/^[\da-f]{32}$/.test(digits) || /^(.)\1*$/.test(digits)) return null;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
