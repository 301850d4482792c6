/** Storage pools of the made-up node. */
import { randomBytes } from "node:crypto";
import { storagePoolEventHandlers } from "../../../driver/events.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { questionFlags, selectByFlags } from "../../../driver/list-filter.ts";
import { formatUuid, parseUuid } from "../../../driver/object-list.ts";
import { buildingFlags, type PoolProcedures, poolQuestions } from "../../../driver/storage.ts";
import { listed, storagePoolListTwins } from "../../../driver/twins.ts";
import { LibvirtError } from "../../../errors.ts";
import { formatPool, type Pool, parsePool } from "../../../model/storage/index.ts";
import {
  type StoragePool as PoolRef,
  StoragePoolBuildFlags,
  StoragePoolDefineFlags,
  StoragePoolEventLifecycleType,
  StoragePoolState,
  StorageXMLFlags,
} from "../../../protocol/index.ts";
import type { TestNode } from "../state.ts";
import { findSources } from "./pool-sources.ts";
import type { TestVolume } from "./volumes.ts";

export interface TestPool {
  readonly name: string;
  readonly uuid: Uint8Array;
  definition: Pool;
  active: boolean;
  persistent: boolean;
  autostart: boolean;
  readonly volumes: Map<string, TestVolume>;
}

/** How big every pool is, in bytes: 100 GiB. */
const poolCapacity = 107_374_182_400n;

const unique = { what: "pool", domain: "STORAGE" } as const;

export function poolRef({ name, uuid }: PoolRef): PoolRef {
  return { name, uuid };
}

function noPool(how: string): LibvirtError {
  return new LibvirtError("NO_STORAGE_POOL", "TEST", `no storage pool with matching ${how}`);
}

/** The pool a client means, or NO_STORAGE_POOL. */
export function findPool(node: TestNode, { uuid }: PoolRef): TestPool {
  const pool = node.pools.byUuid(uuid);
  if (!pool) throw noPool(`uuid '${formatUuid(uuid)}'`);
  return pool;
}

/** The pool with the name, or NO_STORAGE_POOL. */
export function findPoolByName(node: TestNode, name: string): TestPool {
  const pool = node.pools.byName(name);
  if (!pool) throw noPool(`name '${name}'`);
  return pool;
}

/** Refuses a pool that does not run. */
export function requireActive<T extends TestPool>(pool: T): T {
  if (pool.active) return pool;
  throw new LibvirtError("OPERATION_INVALID", "TEST", `storage pool '${pool.name}' is not active`);
}

function requireInactive(pool: TestPool): TestPool {
  if (!pool.active) return pool;
  throw new LibvirtError("OPERATION_INVALID", "TEST", `storage pool '${pool.name}' is active`);
}

function emit(node: TestNode, pool: TestPool, event: StoragePoolEventLifecycleType): void {
  node.events.emit("storagePoolEventLifecycle", { pool: poolRef(pool), event, detail: 0 });
}

/** What the pool's volumes take together, in bytes. */
function allocated({ volumes }: TestPool): bigint {
  return [...volumes.values()].reduce((sum, { definition }) => sum + definition.allocation, 0n);
}

/** How many bytes the pool has left; negative when volumes were given more than there is. */
export function available(pool: TestPool): bigint {
  return poolCapacity - allocated(pool);
}

/** The pool that a document is about, with the document as its definition. */
function adopt(node: TestNode, xml: string, flags: number, starting: boolean): TestPool {
  const given = parsePool(xml, { strict: (flags & StoragePoolDefineFlags.VALIDATE) !== 0 });
  const uuid = (given.uuid === undefined ? null : parseUuid(given.uuid)) ?? new Uint8Array(randomBytes(16));
  const definition = { ...given, uuid: formatUuid(uuid) };
  const known = node.pools.counterpart({ name: definition.name, uuid }, unique);
  if (starting && known?.active) {
    throw new LibvirtError("OPERATION_INVALID", "STORAGE", `pool is already active as '${known.name}'`);
  }
  refuseSharedSource(node, definition, uuid);
  const { name } = definition;
  const fresh = { name, uuid, definition, active: false, persistent: false, autostart: false, volumes: new Map() };
  const pool: TestPool = known ?? fresh;
  pool.definition = definition;
  node.pools.add(pool);
  return pool;
}

/** Two pools must not manage the same place. */
function refuseSharedSource(node: TestNode, { type, target }: Pool, uuid: Uint8Array): void {
  const path = target?.path;
  if (path === undefined || type !== "dir") return;
  const other = [...node.pools].find(
    ({ uuid: own, definition }) =>
      formatUuid(own) !== formatUuid(uuid) && definition.type === type && definition.target?.path === path,
  );
  if (other)
    throw new LibvirtError("OPERATION_FAILED", "STORAGE", `Storage source conflict with pool: '${other.name}'`);
}

/** Defines a pool (virStoragePoolDefineXML). */
export function definePool(node: TestNode, xml: string, flags = 0): TestPool {
  const pool = adopt(node, xml, flags, false);
  pool.persistent = true;
  emit(node, pool, StoragePoolEventLifecycleType.DEFINED);
  return pool;
}

/** Starts a pool from its document (virStoragePoolCreateXML). */
function createPool(node: TestNode, xml: string, flags = 0): TestPool {
  const pool = adopt(node, xml, 0, true);
  if ((flags & buildingFlags) !== 0) build(node, pool);
  pool.active = true;
  emit(node, pool, StoragePoolEventLifecycleType.STARTED);
  return pool;
}

/** Starts a defined pool (virStoragePoolCreate). */
function startPool(node: TestNode, pool: TestPool, flags = 0): void {
  requireInactive(pool);
  if ((flags & buildingFlags) !== 0) build(node, pool);
  pool.active = true;
  emit(node, pool, StoragePoolEventLifecycleType.STARTED);
}

function build(node: TestNode, pool: TestPool): void {
  emit(node, pool, StoragePoolEventLifecycleType.CREATED);
}

function forgetVolumes(pool: TestPool): void {
  for (const { data } of pool.volumes.values()) data.clear();
  pool.volumes.clear();
}

function destroy(node: TestNode, pool: TestPool): void {
  requireActive(pool).active = false;
  if (!pool.persistent) {
    forgetVolumes(pool);
    node.pools.remove(pool);
  }
  emit(node, pool, StoragePoolEventLifecycleType.STOPPED);
}

export function storagePoolHandlers(node: TestNode) {
  const find = (pool: PoolRef) => findPool(node, pool);
  const handlers: Handlers<PoolProcedures> = {
    connectListAllStoragePools({ needResults, flags }) {
      checkFlags(flags, questionFlags(poolQuestions), "connectListAllStoragePools", "TEST");
      const { items, ret } = listed(selectByFlags(node.pools, flags, poolQuestions).map(poolRef), needResults);
      return { pools: items, ret };
    },
    connectFindStoragePoolSources({ type, srcSpec, flags }) {
      checkFlags(flags, 0, "connectFindStoragePoolSources", "TEST");
      return { xml: findSources(type, srcSpec) };
    },
    storagePoolLookupByName: ({ name }) => ({ pool: poolRef(findPoolByName(node, name)) }),
    storagePoolLookupByUuid: ({ uuid }) => ({ pool: poolRef(find({ name: "", uuid })) }),
    storagePoolLookupByTargetPath({ path }) {
      const pool = [...node.pools].find(({ active, definition }) => active && definition.target?.path === path);
      if (!pool) throw noPool(`target path '${path}'`);
      return { pool: poolRef(pool) };
    },
    storagePoolDefineXml({ xml, flags }) {
      checkFlags(flags, StoragePoolDefineFlags.VALIDATE, "storagePoolDefineXml", "TEST");
      return { pool: poolRef(definePool(node, xml, flags)) };
    },
    storagePoolCreateXml({ xml, flags }) {
      checkFlags(flags, buildingFlags, "storagePoolCreateXml", "TEST");
      return { pool: poolRef(createPool(node, xml, flags)) };
    },
    storagePoolCreate({ pool, flags }) {
      checkFlags(flags, buildingFlags, "storagePoolCreate", "TEST");
      startPool(node, find(pool), flags);
    },
    storagePoolBuild({ pool, flags }) {
      const { OVERWRITE, NO_OVERWRITE } = StoragePoolBuildFlags;
      checkFlags(flags, OVERWRITE | NO_OVERWRITE, "storagePoolBuild", "TEST");
      build(node, requireInactive(find(pool)));
    },
    storagePoolDestroy: ({ pool }) => destroy(node, find(pool)),
    storagePoolDelete({ pool, flags }) {
      checkFlags(flags, 1, "storagePoolDelete", "TEST");
      const found = requireInactive(find(pool));
      forgetVolumes(found);
      emit(node, found, StoragePoolEventLifecycleType.DELETED);
    },
    storagePoolUndefine({ pool }) {
      const found = requireInactive(find(pool));
      forgetVolumes(found);
      node.pools.remove(found);
      emit(node, found, StoragePoolEventLifecycleType.UNDEFINED);
    },
    storagePoolRefresh({ pool, flags }) {
      checkFlags(flags, 0, "storagePoolRefresh", "TEST");
      node.events.emit("storagePoolEventRefresh", { pool: poolRef(requireActive(find(pool))) });
    },
    storagePoolGetInfo({ pool }) {
      const found = find(pool);
      const state = found.active ? StoragePoolState.RUNNING : StoragePoolState.INACTIVE;
      return { state, capacity: poolCapacity, allocation: allocated(found), available: available(found) };
    },
    storagePoolGetXmlDesc({ pool, flags }) {
      checkFlags(flags, StorageXMLFlags.INACTIVE, "storagePoolGetXmlDesc", "TEST");
      return { xml: describePool(find(pool)) };
    },
    storagePoolGetAutostart: ({ pool }) => ({ autostart: Number(find(pool).autostart) }),
    storagePoolSetAutostart({ pool, autostart }) {
      const found = find(pool);
      if (!found.persistent) throw new LibvirtError("INVALID_ARG", "TEST", "pool has no config file");
      found.autostart = autostart !== 0;
    },
    storagePoolIsActive: ({ pool }) => ({ active: Number(find(pool).active) }),
    storagePoolIsPersistent: ({ pool }) => ({ persistent: Number(find(pool).persistent) }),
  };
  return {
    ...storagePoolListTwins(handlers.connectListAllStoragePools),
    ...storagePoolEventHandlers(node.events),
    ...handlers,
  };
}

function describePool(pool: TestPool): string {
  const allocation = allocated(pool);
  return formatPool({ ...pool.definition, capacity: poolCapacity, allocation, available: available(pool) });
}
