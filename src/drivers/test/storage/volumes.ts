/** Storage volumes of the made-up node: what is known of them. Their content is in `volume-data.ts`. */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import type { VolumeProcedures } from "../../../driver/storage.ts";
import { listed, volumeListTwins } from "../../../driver/twins.ts";
import { LibvirtError } from "../../../errors.ts";
import { formatVolume, type PoolType, parseVolume, type Volume } from "../../../model/storage/index.ts";
import {
  StorageVolCreateFlags,
  StorageVolDeleteFlags,
  StorageVolInfoFlags,
  StorageVolResizeFlags,
  StorageVolType,
  StorageVolWipeAlgorithm,
  type StorageVol as VolumeRef,
} from "../../../protocol/index.ts";
import type { TestNode } from "../state.ts";
import { available, findPool, findPoolByName, poolRef, requireActive, type TestPool } from "./pools.ts";
import { VolumeData } from "./volume-data.ts";

export interface TestVolume {
  readonly name: string;
  readonly key: string;
  readonly path: string;
  definition: Volume;
  readonly data: VolumeData;
}

type OwnVolumeProcedures = VolumeProcedures | "storagePoolLookupByVolume";

const blockPools: ReadonlySet<PoolType> = new Set(["disk", "iscsi", "iscsi-direct", "logical", "mpath", "scsi", "zfs"]);
const networkPools: ReadonlySet<PoolType> = new Set(["gluster", "rbd", "sheepdog"]);

function typeOf({ definition }: TestPool): StorageVolType {
  if (blockPools.has(definition.type)) return StorageVolType.BLOCK;
  return networkPools.has(definition.type) ? StorageVolType.NETWORK : StorageVolType.FILE;
}

function volumeRef(pool: TestPool, { name, key }: TestVolume): VolumeRef {
  return { pool: pool.name, name, key };
}

function noVolume(how: string): LibvirtError {
  return new LibvirtError("NO_STORAGE_VOL", "TEST", `no storage vol with matching ${how}`);
}

export interface PooledVolume {
  readonly pool: TestPool;
  readonly volume: TestVolume;
}

/** The volume a client means, in a running pool; or NO_STORAGE_VOL. */
export function findVolume(node: TestNode, ref: VolumeRef): PooledVolume {
  const pool = requireActive(findPoolByName(node, ref.pool));
  return { pool, volume: volumeIn(pool, ref.name) };
}

function volumeIn(pool: TestPool, name: string): TestVolume {
  const volume = pool.volumes.get(name);
  if (!volume) throw noVolume(`name '${name}'`);
  return volume;
}

/** The volume in any running pool for which `matches` is true. */
function search(node: TestNode, how: string, matches: (volume: TestVolume) => boolean): VolumeRef {
  for (const pool of node.pools) {
    if (!pool.active) continue;
    for (const volume of pool.volumes.values()) if (matches(volume)) return volumeRef(pool, volume);
  }
  throw noVolume(how);
}

/** Makes a volume from its document (virStorageVolCreateXML). */
export function createVolume(node: TestNode, pool: TestPool, xml: string, flags = 0): TestVolume {
  const strict = (flags & StorageVolCreateFlags.VALIDATE) !== 0;
  const given = parseVolume(xml, pool.definition.type, { strict });
  if (pool.volumes.has(given.name)) throw new LibvirtError("OPERATION_FAILED", "TEST", "storage vol already exists");
  refuseTooLarge(pool, given.name, given.allocation);
  const path = `${pool.definition.target?.path ?? ""}/${given.name}`;
  const definition = { ...given, key: path, target: { ...given.target, path } };
  const volume = { name: given.name, key: path, path, definition, data: new VolumeData(node.volumeMemory) };
  pool.volumes.set(volume.name, volume);
  return volume;
}

function refuseTooLarge(pool: TestPool, name: string, allocation: bigint): void {
  if (allocation <= available(pool)) return;
  throw new LibvirtError("INTERNAL_ERROR", "TEST", `Not enough free space in pool for volume '${name}'`);
}

/** Makes a volume with the content of another (virStorageVolCreateXMLFrom). */
function cloneVolume(node: TestNode, pool: TestPool, xml: string, from: TestVolume, flags: number): TestVolume {
  const volume = createVolume(node, pool, xml, flags);
  // A clone is never smaller than what it is a clone of.
  const { capacity } = from.definition;
  if (volume.definition.capacity < capacity) volume.definition = { ...volume.definition, capacity };
  try {
    volume.data.copyFrom(from.data, Number(volume.definition.capacity));
  } catch (error) {
    remove(pool, volume);
    throw error;
  }
  return volume;
}

function remove(pool: TestPool, volume: TestVolume): void {
  volume.data.clear();
  pool.volumes.delete(volume.name);
}

/** Changes a volume's capacity (virStorageVolResize); what is beyond the new end is lost. */
function resize(pool: TestPool, volume: TestVolume, given: bigint, flags: number): void {
  const { DELTA, SHRINK, ALLOCATE } = StorageVolResizeFlags;
  const { capacity: before, allocation } = volume.definition;
  const shrink = (flags & SHRINK) !== 0;
  const delta = (flags & DELTA) !== 0;
  const capacity = !delta ? given : shrink ? before - given : before + given;
  const invalid = (detail: string) => new LibvirtError("INVALID_ARG", "TEST", detail);
  if (capacity < 0n) throw invalid("can't shrink volume below zero");
  if (capacity < before && !shrink)
    throw invalid("Can't shrink capacity below current capacity unless shrink flag explicitly specified");
  const grown = (flags & ALLOCATE) !== 0 ? capacity : allocation < capacity ? allocation : capacity;
  refuseTooLarge(pool, volume.name, grown - allocation);
  if (capacity < before) volume.data.zero(Number(capacity), Number(before - capacity));
  volume.definition = { ...volume.definition, capacity, allocation: grown };
}

function wipe(volume: TestVolume, algorithm: number): void {
  const known: readonly number[] = Object.values(StorageVolWipeAlgorithm);
  if (!known.includes(algorithm)) {
    throw new LibvirtError("INVALID_ARG", "TEST", `wiping algorithm ${algorithm} not supported`);
  }
  // Whatever patterns an algorithm writes on a disk, memory is simply given back.
  volume.data.clear();
}

function infoOf(pool: TestPool, { definition }: TestVolume) {
  return { type: typeOf(pool), capacity: definition.capacity, allocation: definition.allocation };
}

export function volumeHandlers(node: TestNode) {
  const { ZEROED, WITH_SNAPSHOTS } = StorageVolDeleteFlags;
  const { PREALLOC_METADATA, REFLINK, VALIDATE } = StorageVolCreateFlags;
  const { ALLOCATE, DELTA, SHRINK } = StorageVolResizeFlags;
  const handlers: Handlers<OwnVolumeProcedures> = {
    storagePoolListAllVolumes({ pool, needResults, flags }) {
      checkFlags(flags, 0, "storagePoolListAllVolumes", "TEST");
      const found = requireActive(findPool(node, pool));
      const { items, ret } = listed([...found.volumes.values()], needResults);
      return { vols: items.map((volume) => volumeRef(found, volume)), ret };
    },
    storagePoolLookupByVolume: ({ vol }) => ({ pool: poolRef(findPoolByName(node, vol.pool)) }),
    storageVolLookupByName({ pool, name }) {
      const found = requireActive(findPool(node, pool));
      return { vol: volumeRef(found, volumeIn(found, name)) };
    },
    storageVolLookupByKey: ({ key }) => ({ vol: search(node, `key '${key}'`, (volume) => volume.key === key) }),
    storageVolLookupByPath: ({ path }) => ({ vol: search(node, `path '${path}'`, (volume) => volume.path === path) }),
    storageVolCreateXml({ pool, xml, flags }) {
      checkFlags(flags, PREALLOC_METADATA | VALIDATE, "storageVolCreateXml", "TEST");
      const found = requireActive(findPool(node, pool));
      return { vol: volumeRef(found, createVolume(node, found, xml, flags)) };
    },
    storageVolCreateXmlFrom({ pool, xml, clonevol, flags }) {
      checkFlags(flags, PREALLOC_METADATA | REFLINK | VALIDATE, "storageVolCreateXmlFrom", "TEST");
      const found = requireActive(findPool(node, pool));
      const { volume } = findVolume(node, clonevol);
      return { vol: volumeRef(found, cloneVolume(node, found, xml, volume, flags)) };
    },
    storageVolDelete({ vol, flags }) {
      checkFlags(flags, ZEROED | WITH_SNAPSHOTS, "storageVolDelete", "TEST");
      const { pool, volume } = findVolume(node, vol);
      remove(pool, volume);
    },
    storageVolGetInfo({ vol }) {
      const { pool, volume } = findVolume(node, vol);
      return infoOf(pool, volume);
    },
    storageVolGetInfoFlags({ vol, flags }) {
      checkFlags(flags, StorageVolInfoFlags.GET_PHYSICAL, "storageVolGetInfoFlags", "TEST");
      const { pool, volume } = findVolume(node, vol);
      return infoOf(pool, volume);
    },
    storageVolGetXmlDesc({ vol, flags }) {
      checkFlags(flags, 0, "storageVolGetXmlDesc", "TEST");
      return { xml: formatVolume(findVolume(node, vol).volume.definition) };
    },
    storageVolGetPath: ({ vol }) => ({ name: findVolume(node, vol).volume.path }),
    storageVolResize({ vol, capacity, flags }) {
      checkFlags(flags, ALLOCATE | DELTA | SHRINK, "storageVolResize", "TEST");
      const { pool, volume } = findVolume(node, vol);
      resize(pool, volume, capacity, flags);
    },
    storageVolWipe({ vol, flags }) {
      checkFlags(flags, 0, "storageVolWipe", "TEST");
      wipe(findVolume(node, vol).volume, StorageVolWipeAlgorithm.ZERO);
    },
    storageVolWipePattern({ vol, algorithm, flags }) {
      checkFlags(flags, 0, "storageVolWipePattern", "TEST");
      wipe(findVolume(node, vol).volume, algorithm);
    },
  };
  return { ...volumeListTwins(handlers.storagePoolListAllVolumes), ...handlers };
}
