/** What QEMU says of a running guest's disks, found by the disks of its definition. */
import { LibvirtError } from "../../../errors.ts";
import { type BackingStore, type Disk, findDisk, type Storage } from "../../../model/domain/index.ts";
import {
  type BlockDevice,
  type BlockNode,
  type BlockStats,
  queryBlock,
  queryBlockstats,
  queryNamedBlockNodes,
} from "../monitor/commands/block.ts";
import type { LiveDomain } from "./live.ts";

/** QEMU's path of a device begins with its alias; what is behind it are its parts. */
export function belongsTo(qdev: string | undefined, alias: string | undefined): boolean {
  if (qdev === undefined || alias === undefined) return false;
  const path = `/machine/peripheral/${alias}`;
  return qdev === alias || qdev === path || qdev.startsWith(`${path}/`);
}

/** The name by which QEMU takes orders for a disk. */
export function driveOf({ alias, target }: Disk): string {
  if (alias === undefined) throw new LibvirtError("INTERNAL_ERROR", "QEMU", `disk '${target.dev}' has no alias`);
  // A virtio disk is the part of its device that does not know of the bus.
  return target.bus === "virtio" ? `/machine/peripheral/${alias}/virtio-backend` : alias;
}

/** A disk as QEMU counts it. */
export interface DiskUse {
  readonly disk: Disk;
  readonly stats: BlockStats | undefined;
  /** The image on top of its chain, and what it takes; undefined for a drive without a medium. */
  readonly node: BlockNode | undefined;
}

/** Every disk of a guest with its counters and its image. */
export async function diskUses({ monitor, definition, capabilities }: LiveDomain): Promise<DiskUse[]> {
  const { disks } = definition.devices;
  if (disks.length === 0) return [];
  const flat = capabilities.has("query-named-block-nodes.flat");
  const [stats, nodes] = await Promise.all([queryBlockstats(monitor, false), queryNamedBlockNodes(monitor, flat)]);
  const byName = new Map(nodes.map((node) => [node["node-name"], node]));
  return disks.map((disk) => {
    const counted = stats.find(({ qdev }) => belongsTo(qdev, disk.alias));
    return { disk, stats: counted, node: byName.get(counted?.["node-name"]) };
  });
}

/** The drive of a disk, with what is in it. */
export async function driveWith({ monitor }: LiveDomain, disk: Disk): Promise<BlockDevice> {
  const drive = (await queryBlock(monitor)).find(({ qdev }) => belongsTo(qdev, disk.alias));
  if (drive) return drive;
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", `cannot find disk '${disk.target.dev}' in QEMU`);
}

/** A disk that a client names by its target or its image, or INVALID_ARG. */
export function requireDisk(definition: LiveDomain["definition"], path: string): Disk {
  const disk = findDisk(definition, path);
  if (disk) return disk;
  throw new LibvirtError("INVALID_ARG", "QEMU", `invalid path ${path} not assigned to domain`);
}

/** A disk's image and those below it, as far as the definition tells them. */
export function* imagesOf({ storage, backingStore }: Disk): Generator<Storage, void, undefined> {
  yield storage;
  let below: BackingStore | undefined = backingStore;
  while (below?.storage) {
    yield below.storage;
    below = below.backingStore;
  }
}

/** The number by which block jobs and QEMU's nodes know an image of a running guest. */
export function imageIndex(storage: Storage): number | undefined {
  const source = "source" in storage ? storage.source : undefined;
  return source !== undefined && "index" in source ? source.index : undefined;
}
