/** What can be done with a pool as a whole. */
import { randomBytes } from "node:crypto";
import { stat, statfs } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { formatUuid, parseUuid } from "../../driver/object-list.ts";
import { systemError } from "../../errors.ts";
import { type Pool, parsePool } from "../../model/storage/index.ts";
import { SecretUsageType, StoragePoolEventLifecycleType } from "../../protocol/index.ts";
import { backendFor } from "./backends/index.ts";
import { failure } from "./failure.ts";
import { type Space, StoragePool } from "./pool.ts";
import type { StorageState } from "./state.ts";
import { scanFolder } from "./volumes/probe.ts";
import type { FileVolume } from "./volumes/volume.ts";

const { DEFINED, UNDEFINED, STARTED, STOPPED, CREATED, DELETED } = StoragePoolEventLifecycleType;

/** Builds a pool before it starts, with these flags of virStoragePoolBuild; null for not at all. */
export type Building = number | null;

function read(xml: string, strict: boolean): { readonly definition: Pool; readonly uuid: Uint8Array } {
  const given = parsePool(xml, { strict });
  checkWords(given);
  const uuid = (given.uuid === undefined ? null : parseUuid(given.uuid)) ?? new Uint8Array(randomBytes(16));
  return { definition: { ...given, uuid: formatUuid(uuid) }, uuid };
}

/** Refuses what would be an option to the programs that are given it, and a target that depends on where we are. */
function checkWords({ source, target }: Pool): void {
  const path = target?.path ?? "/";
  if (!isAbsolute(path)) throw failure("XML_ERROR", `the target path '${path}' of a pool must be absolute`);
  const words = [...source.devices.map((device) => device.path), ...source.hosts.map(({ name }) => name)];
  const option = words.find((word) => word.startsWith("-"));
  if (option !== undefined) throw failure("XML_ERROR", `'${option}' cannot be the source of a pool`);
}

/** Runs a change of which pools there are, while there is no other one about the same names and UUIDs. */
function reserve<T>(state: StorageState, { name }: Pool, uuid: Uint8Array, work: () => Promise<T>): Promise<T> {
  // Two pools of different names may want the same place, so there is one such change at a time.
  return state.reserved.run(["pools", `name ${name}`, `uuid ${formatUuid(uuid)}`], work);
}

/** What two pools must not have in common: the directory, the server's folder, the device. */
function placesOf({ type, source, target }: Pool): readonly string[] {
  if (type === "dir") return [`dir ${target?.path}`];
  if (type === "netfs") return source.hosts.map(({ name, port }) => `netfs ${name} ${port} ${source.dir}`);
  return source.devices.map(({ path }) => `device ${path}`);
}

function refuseSharedPlace(state: StorageState, definition: Pool, uuid: Uint8Array): void {
  const places = new Set(placesOf(definition));
  const own = formatUuid(uuid);
  for (const other of state.pools) {
    if (formatUuid(other.uuid) === own) continue;
    const theirs = [...placesOf(other.definition), ...(other.next ? placesOf(other.next) : [])];
    if (theirs.some((place) => places.has(place))) {
      throw failure("OPERATION_FAILED", `Storage source conflict with pool: '${other.name}'`);
    }
  }
}

/** Defines a pool, or one that is there anew (virStoragePoolDefineXML). */
export function definePool(state: StorageState, xml: string, strict: boolean): Promise<StoragePool> {
  const { definition, uuid } = read(xml, strict);
  return reserve(state, definition, uuid, async () => {
    const { name } = definition;
    const known = state.pools.counterpart({ name, uuid }, { what: "pool", domain: "STORAGE" });
    refuseSharedPlace(state, definition, uuid);
    const backend = backendFor(definition.type);
    if (known && known.backend !== backend) {
      throw failure("OPERATION_INVALID", `the type of pool '${name}' cannot be changed to '${definition.type}'`);
    }
    const pool = known ?? new StoragePool(name, uuid, definition, backend);
    await pool.jobs.run("storagePoolDefineXml", async () => {
      await state.store(pool, definition);
      if (pool.active) pool.next = definition;
      else pool.definition = definition;
      state.pools.add(pool);
    });
    state.emit(pool, DEFINED);
    return pool;
  });
}

/** Starts a pool from its document (virStoragePoolCreateXML). */
export async function createPool(
  state: StorageState,
  xml: string,
  strict: boolean,
  building: Building,
  signal: AbortSignal,
): Promise<StoragePool> {
  const { definition, uuid } = read(xml, strict);
  const { name } = definition;
  // What takes its time, such as a server that does not answer, must not keep others from their pools.
  const pool = await reserve(state, definition, uuid, async () => {
    const known = state.pools.counterpart({ name, uuid }, { what: "pool", domain: "STORAGE" });
    if (known?.active) throw failure("OPERATION_INVALID", `pool is already active as '${name}'`);
    refuseSharedPlace(state, definition, uuid);
    const fresh = known ?? new StoragePool(name, uuid, definition, backendFor(definition.type));
    state.pools.add(fresh);
    return fresh;
  });
  try {
    await startPool(state, pool, building, signal, definition);
    state.pools.add(pool);
    return pool;
  } catch (error) {
    if (!pool.persistent && !pool.active) state.pools.remove(pool);
    throw error;
  }
}

/** Starts a pool (virStoragePoolCreate), for this time with another definition if there is one. */
export function startPool(
  state: StorageState,
  pool: StoragePool,
  building: Building,
  signal: AbortSignal,
  definition = pool.definition,
): Promise<void> {
  return pool.jobs.run("storagePoolCreate", async () => {
    pool.requireInactive("already active");
    const stored = pool.definition;
    if (building !== null) await build(state, pool, definition, building, signal);
    await pool.backend.start(definition, signal);
    try {
      pool.definition = definition;
      await refreshNow(state, pool);
      await state.noteActive(pool);
    } catch (error) {
      pool.definition = stored;
      pool.volumes.clear();
      await pool.backend.stop(definition).catch(() => {});
      throw error;
    }
    if (stored !== definition && pool.persistent) pool.next = stored;
    state.emit(pool, STARTED);
  });
}

async function build(
  state: StorageState,
  pool: StoragePool,
  definition: Pool,
  flags: number,
  signal: AbortSignal,
): Promise<void> {
  await pool.backend.build(definition, flags, signal);
  state.emit(pool, CREATED);
}

/** Makes a pool's storage (virStoragePoolBuild). */
export function buildPool(state: StorageState, pool: StoragePool, flags: number, signal: AbortSignal): Promise<void> {
  return pool.jobs.run("storagePoolBuild", async () => {
    pool.requireInactive("already active");
    await build(state, pool, pool.definition, flags, signal);
  });
}

/** Stops a pool (virStoragePoolDestroy); one that is not defined is gone then. */
export function stopPool(state: StorageState, pool: StoragePool): Promise<void> {
  return pool.jobs.run("storagePoolDestroy", async () => {
    pool.requireActive().requireIdle();
    await pool.backend.stop(pool.definition);
    await setInactive(state, pool);
  });
}

async function setInactive(state: StorageState, pool: StoragePool): Promise<void> {
  await state.noteInactive(pool);
  if (!pool.persistent) state.pools.remove(pool);
  state.emit(pool, STOPPED);
}

/** Removes a pool's storage (virStoragePoolDelete). */
export function deletePool(state: StorageState, pool: StoragePool): Promise<void> {
  return pool.jobs.run("storagePoolDelete", async () => {
    pool.requireInactive().requireIdle();
    await pool.backend.remove(pool.definition);
    state.emit(pool, DELETED);
  });
}

/** Forgets a pool (virStoragePoolUndefine). */
export function undefinePool(state: StorageState, pool: StoragePool): Promise<void> {
  return pool.jobs.run("storagePoolUndefine", async () => {
    pool.requireInactive().requireIdle();
    await state.unstore(pool);
    state.pools.remove(pool);
    state.emit(pool, UNDEFINED);
  });
}

export function setAutostart(state: StorageState, pool: StoragePool, on: boolean): Promise<void> {
  return pool.jobs.run("storagePoolSetAutostart", async () => {
    if (!pool.persistent) throw failure("INTERNAL_ERROR", "pool has no config file");
    if (pool.autostart !== on) await state.setAutostart(pool, on);
  });
}

/** Looks through a pool's storage again (virStoragePoolRefresh). A pool whose storage is gone is not active any more. */
export function refreshPool(state: StorageState, pool: StoragePool): Promise<void> {
  return pool.jobs.run("storagePoolRefresh", async () => {
    pool.requireActive().requireIdle();
    try {
      await refreshNow(state, pool);
    } catch (error) {
      await pool.backend.stop(pool.definition).catch(() => {});
      await setInactive(state, pool);
      throw error;
    }
    state.emitRefresh(pool);
  });
}

/** Looks through the storage of a pool that was active when the root was opened, before anything is asked of it. */
export async function scanned(state: StorageState, pool: StoragePool): Promise<StoragePool> {
  if (!pool.active || pool.scanned) return pool;
  return pool.jobs.run("storagePoolRefresh", async () => {
    if (!pool.active || pool.scanned) return pool;
    try {
      await refreshNow(state, pool);
    } catch (error) {
      await setInactive(state, pool);
      throw error;
    }
    return pool;
  });
}

async function refreshNow(state: StorageState, pool: StoragePool): Promise<void> {
  const found = await scanFolder(pool.path);
  await Promise.all(found.map((volume) => findPassphrase(state, volume)));
  // What is being made is not yet what it looks like.
  const making = [...pool.volumes.values()].filter(({ building }) => building);
  pool.volumes.clear();
  for (const volume of [...found, ...making]) pool.volumes.set(volume.name, volume);
  await measure(pool);
  pool.scanned = true;
}

/** An encrypted volume that was found has the secret that is for its path. */
async function findPassphrase({ call }: StorageState, { path, definition }: FileVolume): Promise<void> {
  const { encryption } = definition.target;
  if (encryption === undefined) return;
  try {
    const { secret } = await call("secretLookupByUsage", { usageType: SecretUsageType.VOLUME, usageID: path });
    encryption.secrets = [{ type: "passphrase", uuid: formatUuid(secret.uuid) }];
  } catch {
    // There is none: whoever uses the volume names it.
  }
}

/** How much room there is, and whose the directory is. */
export async function measure(pool: StoragePool): Promise<void> {
  try {
    const { bsize, blocks, bfree } = await statfs(pool.path, { bigint: true });
    const [capacity, available] = [blocks * bsize, bfree * bsize];
    pool.space = { capacity, available, allocation: capacity - available } satisfies Space;
    const { mode, uid, gid } = await stat(pool.path);
    const { target, ...rest } = pool.definition;
    const permissions = { ...target?.permissions, mode: mode & 0o777, owner: uid, group: gid };
    pool.definition = { ...rest, target: { ...target, permissions } };
  } catch (error) {
    throw systemError("STORAGE", `cannot statvfs path '${pool.path}'`, error);
  }
}

/** Starts the pools that start by themselves; one that cannot harms no other. */
export async function autostart(state: StorageState): Promise<void> {
  for (const pool of state.waitingForStart()) {
    await startPool(state, pool, null, state.closing).catch((error) => {
      process.emitWarning(`storage pool '${pool.name}' did not start: ${String(error)}`, "TsvirtWarning");
    });
  }
}
