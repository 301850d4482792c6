/** What is asked of pools. */
import { storagePoolEventHandlers } from "../../../driver/events.ts";
import { checkFlags, exclusiveFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { questionFlags, selectByFlags } from "../../../driver/list-filter.ts";
import { buildingFlags, type PoolProcedures, poolQuestions } from "../../../driver/storage.ts";
import { listed, storagePoolListTwins } from "../../../driver/twins.ts";
import { cleanPath, formatPool, formatPoolCapabilities } from "../../../model/storage/index.ts";
import {
  StoragePoolBuildFlags,
  StoragePoolCreateFlags,
  StoragePoolDefineFlags,
  StoragePoolDeleteFlags,
  StoragePoolState,
  StorageXMLFlags,
} from "../../../protocol/index.ts";
import { supportedTypes } from "../backends/index.ts";
import { failure } from "../failure.ts";
import { findPool, findPoolByName, poolRef } from "../find.ts";
import {
  type Building,
  buildPool,
  createPool,
  definePool,
  deletePool,
  refreshPool,
  scanned,
  setAutostart,
  startPool,
  stopPool,
  undefinePool,
} from "../pools.ts";
import { findSources } from "../sources.ts";
import type { StorageState } from "../state.ts";

type OwnPoolProcedures = PoolProcedures | "connectGetStoragePoolCapabilities" | "storagePoolLookupByVolume";

const { OVERWRITE, NO_OVERWRITE } = StoragePoolBuildFlags;
const Create = StoragePoolCreateFlags;

/** How a pool is built that is built when it starts. */
function buildingOf(flags: number): Building {
  exclusiveFlags(
    flags,
    {
      VIR_STORAGE_POOL_CREATE_WITH_BUILD_OVERWRITE: Create.WITH_BUILD_OVERWRITE,
      VIR_STORAGE_POOL_CREATE_WITH_BUILD_NO_OVERWRITE: Create.WITH_BUILD_NO_OVERWRITE,
    },
    "STORAGE",
  );
  if ((flags & buildingFlags) === 0) return null;
  if ((flags & Create.WITH_BUILD_OVERWRITE) !== 0) return OVERWRITE;
  return (flags & Create.WITH_BUILD_NO_OVERWRITE) !== 0 ? NO_OVERWRITE : 0;
}

function changeHandlers(state: StorageState) {
  return {
    async storagePoolDefineXml({ xml, flags }) {
      checkFlags(flags, StoragePoolDefineFlags.VALIDATE, "storagePoolDefineXml", "STORAGE");
      return { pool: poolRef(await definePool(state, xml, flags !== 0)) };
    },
    async storagePoolCreateXml({ xml, flags }, { signal }) {
      checkFlags(flags, buildingFlags, "storagePoolCreateXml", "STORAGE");
      return { pool: poolRef(await createPool(state, xml, false, buildingOf(flags), signal)) };
    },
    storagePoolCreate({ pool, flags }, { signal }) {
      checkFlags(flags, buildingFlags, "storagePoolCreate", "STORAGE");
      return startPool(state, findPool(state, pool), buildingOf(flags), signal);
    },
    storagePoolBuild({ pool, flags }, { signal }) {
      checkFlags(flags, OVERWRITE | NO_OVERWRITE, "storagePoolBuild", "STORAGE");
      const named = {
        VIR_STORAGE_POOL_BUILD_OVERWRITE: OVERWRITE,
        VIR_STORAGE_POOL_BUILD_NO_OVERWRITE: NO_OVERWRITE,
      };
      exclusiveFlags(flags, named, "STORAGE");
      return buildPool(state, findPool(state, pool), flags, signal);
    },
    storagePoolDestroy: ({ pool }) => stopPool(state, findPool(state, pool)),
    storagePoolDelete({ pool, flags }) {
      checkFlags(flags, StoragePoolDeleteFlags.ZEROED, "storagePoolDelete", "STORAGE");
      const found = findPool(state, pool);
      if (flags !== 0) throw failure("NO_SUPPORT", "erasing a pool's storage before it is removed is not supported");
      return deletePool(state, found);
    },
    storagePoolUndefine: ({ pool }) => undefinePool(state, findPool(state, pool)),
    storagePoolRefresh({ pool, flags }) {
      checkFlags(flags, 0, "storagePoolRefresh", "STORAGE");
      return refreshPool(state, findPool(state, pool));
    },
    storagePoolSetAutostart: ({ pool, autostart }) => setAutostart(state, findPool(state, pool), autostart !== 0),
  } satisfies Partial<Handlers<OwnPoolProcedures>>;
}

export function poolHandlers(state: StorageState) {
  const find = (pool: Parameters<typeof findPool>[1]) => findPool(state, pool);
  const handlers: Handlers<OwnPoolProcedures> = {
    ...changeHandlers(state),
    connectListAllStoragePools({ needResults, flags }) {
      checkFlags(flags, questionFlags(poolQuestions), "connectListAllStoragePools", "STORAGE");
      const { items, ret } = listed(selectByFlags(state.pools, flags, poolQuestions).map(poolRef), needResults);
      return { pools: items, ret };
    },
    async connectFindStoragePoolSources({ type, srcSpec, flags }, { signal }) {
      checkFlags(flags, 0, "connectFindStoragePoolSources", "STORAGE");
      return { xml: await findSources(type, srcSpec, signal) };
    },
    connectGetStoragePoolCapabilities({ flags }) {
      checkFlags(flags, 0, "connectGetStoragePoolCapabilities", "STORAGE");
      return { capabilities: formatPoolCapabilities(supportedTypes) };
    },
    storagePoolLookupByName: ({ name }) => ({ pool: poolRef(findPoolByName(state, name)) }),
    storagePoolLookupByUuid: ({ uuid }) => ({ pool: poolRef(find({ name: "", uuid })) }),
    storagePoolLookupByVolume: ({ vol }) => ({ pool: poolRef(findPoolByName(state, vol.pool)) }),
    storagePoolLookupByTargetPath({ path }) {
      const clean = cleanPath(path);
      const pool = [...state.pools].find(({ active, path: own }) => active && own === clean);
      if (!pool) throw failure("NO_STORAGE_POOL", `no storage pool with matching target path '${path}'`);
      return { pool: poolRef(pool) };
    },
    async storagePoolGetInfo({ pool }) {
      const found = find(pool);
      const { definition, active } = await scanned(state, found);
      const { capacity, allocation, available } = definition;
      return { state: active ? StoragePoolState.RUNNING : StoragePoolState.INACTIVE, capacity, allocation, available };
    },
    async storagePoolGetXmlDesc({ pool, flags }) {
      checkFlags(flags, StorageXMLFlags.INACTIVE, "storagePoolGetXmlDesc", "STORAGE");
      const { definition, next } = await scanned(state, find(pool));
      return { xml: formatPool((flags & StorageXMLFlags.INACTIVE) !== 0 ? (next ?? definition) : definition) };
    },
    storagePoolGetAutostart: ({ pool }) => ({ autostart: Number(find(pool).autostart) }),
    storagePoolIsActive: ({ pool }) => ({ active: Number(find(pool).active) }),
    storagePoolIsPersistent: ({ pool }) => ({ persistent: Number(find(pool).persistent) }),
  };
  return {
    ...storagePoolListTwins(handlers.connectListAllStoragePools),
    ...storagePoolEventHandlers(state.hub),
    ...handlers,
  };
}
