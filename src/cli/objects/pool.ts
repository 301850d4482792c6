/** How commands name storage pools and volumes. */
import type { Connection, StoragePool, StorageVol } from "../../api/index.ts";
import type { Completer } from "../completer.ts";
import { CommandError } from "../error.ts";
import { data, type Option, text } from "../option.ts";
import { firstFound, isUuid } from "./lookup.ts";

export const poolNames: Completer = async ({ connection }) =>
  (await (await connection()).listAllStoragePools(0)).map((pool) => pool.name()).sort();

export function poolOption(help = "name or UUID of the pool"): Option<string> {
  return data(help, { complete: poolNames });
}

type PoolKey = "both" | "uuid" | "name";

export function lookupPool(connection: Connection, key: string, by: PoolKey = "both"): Promise<StoragePool> {
  const lookups: (() => Promise<StoragePool>)[] = [];
  if (by !== "name" && isUuid(key)) lookups.push(() => connection.storagePoolLookupByUuidString(key));
  if (by !== "uuid") lookups.push(() => connection.storagePoolLookupByName(key));
  return firstFound(`failed to get pool '${key}'`, lookups);
}

interface AskingPool {
  readonly connection: Connection;
  readonly options: { readonly pool: string };
}

/** The pool that a command was given: by UUID, else by name. @throws {CommandError} */
export function poolOf({ connection, options }: AskingPool, by: PoolKey = "both"): Promise<StoragePool> {
  return lookupPool(connection, options.pool, by);
}

/** Names of the volumes of the pool that was given, or paths of all volumes. */
const volumeNames: Completer = async (context) => {
  const connection = await context.connection();
  const given = context.given.get("pool");
  if (given !== undefined) {
    const pool = await lookupPool(connection, given);
    return (await pool.listAllVolumes(0)).map((volume) => volume.name()).sort();
  }
  return volumePaths(context);
};

/** Paths of all volumes of all active pools. */
export const volumePaths: Completer = async ({ connection }) => {
  const pools = await (await connection()).listAllStoragePools(ACTIVE);
  const lists = await Promise.all(pools.map((pool) => pool.listAllVolumes(0)));
  return (await Promise.all(lists.flat().map((volume) => volume.path()))).sort();
};

/** Of the flags of `listAllStoragePools`. */
const ACTIVE = 2;

export function volumeOption(help = "name, key or path of the volume"): Option<string> {
  return data(help, { complete: volumeNames });
}

export const inPool = text("name or UUID of its pool", { complete: poolNames });

interface AskingVolume {
  readonly connection: Connection;
  readonly options: { readonly vol: string; readonly pool: string | undefined };
}

/** The volume that a command was given, in the pool that it was given. @throws {CommandError} */
export function volumeOf({ connection, options }: AskingVolume): Promise<StorageVol> {
  return lookupVolume(connection, options.vol, options.pool, "pool");
}

/**
 * The volume of that name in the pool, else of that key or path; one of another pool is refused.
 * @param poolOption which option names the pool, for the advice to give it; undefined if there is none
 * @throws {CommandError}
 */
export async function lookupVolume(
  connection: Connection,
  key: string,
  poolKey: string | undefined,
  poolOption: string | undefined,
): Promise<StorageVol> {
  const pool = poolKey === undefined ? undefined : await lookupPool(connection, poolKey);
  // The volumes of a pool that is off cannot be asked for.
  if (pool !== undefined && !(await pool.isActive())) throw new CommandError(`pool '${poolKey}' is not active`);
  const lookups = [() => connection.storageVolLookupByKey(key), () => connection.storageVolLookupByPath(key)];
  if (pool !== undefined) lookups.unshift(() => pool.storageVolLookupByName(key));
  const advice = pool === undefined && poolOption !== undefined ? `, specifying --${poolOption} might help` : "";
  const volume = await firstFound(`failed to get vol '${key}'${advice}`, lookups);
  if (pool !== undefined) await checkPool(volume, pool, key, poolKey as string);
  return volume;
}

async function checkPool(volume: StorageVol, pool: StoragePool, key: string, poolKey: string): Promise<void> {
  const own = await volume.storagePoolLookupByVolume();
  if (own.uuidString() !== pool.uuidString()) {
    throw new CommandError(`Requested volume '${key}' is not in pool '${poolKey}'`);
  }
}
