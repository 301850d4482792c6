/** What can be done with a pool's volumes. */
import { rm, rmdir } from "node:fs/promises";
import { systemError } from "../../errors.ts";
import { parseVolume, type Volume, type VolumeOptions } from "../../model/storage/index.ts";
import { StorageVolCreateFlags, StorageVolType } from "../../protocol/index.ts";
import { failure } from "./failure.ts";
import type { PooledVolume } from "./find.ts";
import type { StoragePool } from "./pool.ts";
import { measure } from "./pools.ts";
import type { StorageState } from "./state.ts";
import { checkPlace, type Making, makeVolume } from "./volumes/create.ts";
import { describeBacking, remeasure } from "./volumes/probe.ts";
import { newCapacity, resizeImage } from "./volumes/resize.ts";
import { FileVolume } from "./volumes/volume.ts";
import { checkAlgorithm, wipeFile } from "./volumes/wipe.ts";

const { PREALLOC_METADATA, REFLINK, VALIDATE } = StorageVolCreateFlags;

/** Fires when the caller gives up or the driver closes. */
function both(state: StorageState, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([state.closing, signal]);
}

function read(pool: StoragePool, xml: string, flags: number, options: VolumeOptions): Volume {
  const given = parseVolume(xml, pool.definition.type, { ...options, strict: (flags & VALIDATE) !== 0 });
  const path = `${pool.path}/${given.name}`;
  const type = given.target.format?.type === "dir" ? "dir" : "file";
  return { ...given, type, key: path, target: { ...given.target, path } };
}

function making(state: StorageState, definition: Volume, flags: number, signal: AbortSignal): Making {
  return {
    definition,
    preallocate: (flags & PREALLOC_METADATA) !== 0,
    reflink: (flags & REFLINK) !== 0,
    call: state.call,
    scratch: state.scratch,
    signal: both(state, signal),
  };
}

/** Makes a volume from its document (virStorageVolCreateXML). */
export async function createVolume(
  state: StorageState,
  pool: StoragePool,
  xml: string,
  flags: number,
  signal: AbortSignal,
): Promise<FileVolume> {
  const definition = read(pool, xml, flags, { capacityOfBacking: true });
  if (pool.volumes.has(definition.name)) throw failure("STORAGE_VOL_EXIST", definition.name);
  return add(state, pool, making(state, definition, flags, signal));
}

/** Makes a volume with the content of another (virStorageVolCreateXMLFrom). */
export async function cloneVolume(
  state: StorageState,
  pool: StoragePool,
  xml: string,
  { pool: fromPool, volume: from }: PooledVolume,
  flags: number,
  signal: AbortSignal,
): Promise<FileVolume> {
  const given = read(pool, xml, flags, { noCapacity: true });
  if (pool.volumes.has(given.name)) {
    throw failure("INTERNAL_ERROR", `storage volume name '${given.name}' already in use.`);
  }
  from.requireBuilt();
  await remeasure(from);
  // A clone is never smaller than what it is a clone of.
  const { capacity } = from.definition;
  const definition = given.capacity < capacity ? { ...given, capacity } : given;
  const plan: Making = { ...making(state, definition, flags, signal), from: from.definition };
  return fromPool.work(() => from.use(() => add(state, pool, plan)));
}

/** Makes a volume while it is in the pool's list as one that is being made. */
async function add(state: StorageState, pool: StoragePool, plan: Making): Promise<FileVolume> {
  const { definition } = plan;
  const volume = new FileVolume(definition.target.path ?? "", definition, true);
  pool.volumes.set(volume.name, volume);
  const finish = async (): Promise<void> => {
    await checkPlace(plan);
    await makeVolume(plan);
    await describe(volume);
    await measure(pool);
  };
  try {
    const done = pool.work(finish);
    state.background(done);
    await done;
    volume.building = false;
    return volume;
  } catch (error) {
    if (pool.volumes.get(volume.name) === volume) pool.volumes.delete(volume.name);
    throw error;
  }
}

/** What became of a definition when the volume was made. */
async function describe(volume: FileVolume): Promise<void> {
  await remeasure(volume);
  const { backingStore } = volume.definition;
  if (backingStore?.path === undefined) return;
  const found = await describeBacking(volume.path, backingStore.path, backingStore.format?.type);
  volume.definition = { ...volume.definition, backingStore: found };
}

/** Removes a volume (virStorageVolDelete). */
export async function deleteVolume({ pool, volume }: PooledVolume): Promise<void> {
  await pool.jobs.run("storageVolDelete", async () => {
    if (pool.volumes.get(volume.name) !== volume) return;
    volume.requireUnused().requireBuilt();
    const isFolder = volume.type === StorageVolType.DIR;
    const removing = isFolder ? rmdir(volume.path) : rm(volume.path);
    await removing.catch((error) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw systemError(
        "STORAGE",
        isFolder ? `cannot remove directory '${volume.path}'` : `cannot unlink file '${volume.path}'`,
        error,
      );
    });
    pool.volumes.delete(volume.name);
  });
  await measure(pool);
}

/** Changes a volume's capacity (virStorageVolResize). */
export async function resizeVolume(
  state: StorageState,
  { pool, volume }: PooledVolume,
  given: bigint,
  flags: number,
  signal: AbortSignal,
): Promise<void> {
  volume.requireUnused().requireBuilt();
  if (volume.type === StorageVolType.DIR) throw failure("NO_SUPPORT", "a directory cannot be resized");
  await remeasure(volume);
  const capacity = newCapacity(volume, pool, given, flags);
  await pool.work(() => volume.use(() => resizeImage(volume, capacity, flags, both(state, signal))));
  await remeasure(volume);
  await measure(pool);
}

/** Makes what is in a volume unreadable (virStorageVolWipePattern); an image is a plain file then. */
export async function wipeVolume(
  state: StorageState,
  { pool, volume }: PooledVolume,
  algorithm: number,
  signal: AbortSignal,
): Promise<void> {
  checkAlgorithm(algorithm);
  volume.requireUnused().requireBuilt();
  if (volume.type === StorageVolType.DIR) throw failure("NO_SUPPORT", "a directory cannot be wiped");
  const work = pool.work(() => volume.use(() => wipeFile(volume.path, algorithm, both(state, signal))));
  state.background(work);
  await work;
  const { encryption: _, compat: _c, clusterSize: _s, features: _f, ...target } = volume.definition.target;
  const { backingStore: _b, ...rest } = volume.definition;
  volume.definition = { ...rest, target: { ...target, format: { type: "raw" } } };
  await remeasure(volume);
  await measure(pool);
}
