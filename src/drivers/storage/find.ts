/** Finding the pools and volumes that clients mean. */
import { formatUuid } from "../../driver/object-list.ts";
import type { StoragePool as PoolRef, StorageVol as VolumeRef } from "../../protocol/index.ts";
import { failure } from "./failure.ts";
import type { StoragePool } from "./pool.ts";
import { scanned } from "./pools.ts";
import type { StorageState } from "./state.ts";
import type { FileVolume } from "./volumes/volume.ts";

export function poolRef({ name, uuid }: PoolRef): PoolRef {
  return { name, uuid };
}

/** The pool a client means, or NO_STORAGE_POOL. */
export function findPool({ pools }: StorageState, { uuid, name }: PoolRef): StoragePool {
  const pool = pools.byUuid(uuid);
  if (pool) return pool;
  const named = name === "" ? "" : ` (${name})`;
  throw failure("NO_STORAGE_POOL", `no storage pool with matching uuid '${formatUuid(uuid)}'${named}`);
}

export function findPoolByName({ pools }: StorageState, name: string): StoragePool {
  const pool = pools.byName(name);
  if (!pool) throw failure("NO_STORAGE_POOL", `no storage pool with matching name '${name}'`);
  return pool;
}

/** A pool that is active, with its volumes known. */
export async function activePool(state: StorageState, ref: PoolRef): Promise<StoragePool> {
  return (await scanned(state, findPool(state, ref).requireActive())).requireActive();
}

export interface PooledVolume {
  readonly pool: StoragePool;
  readonly volume: FileVolume;
}

/** The volume a client means, in an active pool; or NO_STORAGE_VOL. */
export async function findVolume(state: StorageState, { pool: name, ...ref }: VolumeRef): Promise<PooledVolume> {
  const pool = findPoolByName(state, name).requireActive();
  await scanned(state, pool);
  return { pool: pool.requireActive(), volume: volumeIn(pool, ref.name) };
}

export function volumeIn({ volumes }: StoragePool, name: string): FileVolume {
  const volume = volumes.get(name);
  if (!volume) throw failure("NO_STORAGE_VOL", `no storage vol with matching name '${name}'`);
  return volume;
}

/** The volume in any active pool for which `matches` is true. */
export async function searchVolume(
  state: StorageState,
  how: string,
  matches: (volume: FileVolume, pool: StoragePool) => boolean,
): Promise<VolumeRef> {
  for (const pool of state.pools) {
    if (!pool.active) continue;
    // One pool whose storage is gone must not hide what is in the others.
    await scanned(state, pool).catch(() => {});
    for (const volume of pool.volumes.values()) if (matches(volume, pool)) return volume.ref(pool.name);
  }
  throw failure("NO_STORAGE_VOL", `no storage vol with matching ${how}`);
}
