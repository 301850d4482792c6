/** What is asked of volumes. */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import type { VolumeProcedures } from "../../../driver/storage.ts";
import { listed, volumeListTwins } from "../../../driver/twins.ts";
import { cleanPath, formatVolume } from "../../../model/storage/index.ts";
import {
  StorageVolCreateFlags,
  StorageVolDeleteFlags,
  StorageVolInfoFlags,
  StorageVolResizeFlags,
  StorageVolWipeAlgorithm,
  type StorageVol as VolumeRef,
} from "../../../protocol/index.ts";
import { activePool, findVolume, searchVolume, volumeIn } from "../find.ts";
import type { StorageState } from "../state.ts";
import { remeasure } from "../volumes/probe.ts";
import type { FileVolume } from "../volumes/volume.ts";
import { cloneVolume, createVolume, deleteVolume, resizeVolume, wipeVolume } from "../volumes.ts";

const { ZEROED, WITH_SNAPSHOTS } = StorageVolDeleteFlags;
const { PREALLOC_METADATA, REFLINK, VALIDATE } = StorageVolCreateFlags;
const { ALLOCATE, DELTA, SHRINK } = StorageVolResizeFlags;

/** A volume as it is now, which others may have changed: guests write to it. */
async function upToDate(state: StorageState, ref: VolumeRef): Promise<FileVolume> {
  const { volume } = await findVolume(state, ref);
  if (!volume.building) await remeasure(volume);
  return volume;
}

async function infoOf(state: StorageState, ref: VolumeRef, flags = 0) {
  const { type, definition } = await upToDate(state, ref);
  const { capacity, allocation, physical = 0n } = definition;
  return { type, capacity, allocation: (flags & StorageVolInfoFlags.GET_PHYSICAL) !== 0 ? physical : allocation };
}

function changeHandlers(state: StorageState) {
  return {
    async storageVolCreateXml({ pool, xml, flags }, { signal }) {
      checkFlags(flags, PREALLOC_METADATA | VALIDATE, "storageVolCreateXml", "STORAGE");
      const found = await activePool(state, pool);
      return { vol: (await createVolume(state, found, xml, flags, signal)).ref(found.name) };
    },
    async storageVolCreateXmlFrom({ pool, xml, clonevol, flags }, { signal }) {
      checkFlags(flags, PREALLOC_METADATA | REFLINK | VALIDATE, "storageVolCreateXmlFrom", "STORAGE");
      const found = await activePool(state, pool);
      const from = await findVolume(state, clonevol);
      return { vol: (await cloneVolume(state, found, xml, from, flags, signal)).ref(found.name) };
    },
    async storageVolDelete({ vol, flags }) {
      checkFlags(flags, ZEROED | WITH_SNAPSHOTS, "storageVolDelete", "STORAGE");
      const found = await findVolume(state, vol);
      checkFlags(flags, 0, "storageVolDelete", "STORAGE", "virStorageBackendVolDeleteLocal");
      await deleteVolume(found);
    },
    async storageVolResize({ vol, capacity, flags }, { signal }) {
      checkFlags(flags, ALLOCATE | DELTA | SHRINK, "storageVolResize", "STORAGE");
      await resizeVolume(state, await findVolume(state, vol), capacity, flags, signal);
    },
    async storageVolWipe({ vol, flags }, { signal }) {
      checkFlags(flags, 0, "storageVolWipe", "STORAGE");
      await wipeVolume(state, await findVolume(state, vol), StorageVolWipeAlgorithm.ZERO, signal);
    },
    async storageVolWipePattern({ vol, algorithm, flags }, { signal }) {
      checkFlags(flags, 0, "storageVolWipePattern", "STORAGE");
      await wipeVolume(state, await findVolume(state, vol), algorithm, signal);
    },
  } satisfies Partial<Handlers<VolumeProcedures>>;
}

export function volumeHandlers(state: StorageState) {
  const handlers: Handlers<VolumeProcedures> = {
    ...changeHandlers(state),
    async storagePoolListAllVolumes({ pool, needResults, flags }) {
      checkFlags(flags, 0, "storagePoolListAllVolumes", "STORAGE");
      const { name, volumes } = await activePool(state, pool);
      const { items, ret } = listed([...volumes.values()], needResults);
      return { vols: items.map((volume) => volume.ref(name)), ret };
    },
    async storageVolLookupByName({ pool, name }) {
      const found = await activePool(state, pool);
      return { vol: volumeIn(found, name).ref(found.name) };
    },
    async storageVolLookupByKey({ key }) {
      return { vol: await searchVolume(state, `key ${key}`, (volume) => volume.key === key) };
    },
    async storageVolLookupByPath({ path }) {
      const clean = cleanPath(path);
      return { vol: await searchVolume(state, `path '${path}'`, (volume) => volume.path === clean) };
    },
    storageVolGetInfo: ({ vol }) => infoOf(state, vol),
    storageVolGetInfoFlags({ vol, flags }) {
      checkFlags(flags, StorageVolInfoFlags.GET_PHYSICAL, "storageVolGetInfoFlags", "STORAGE");
      return infoOf(state, vol, flags);
    },
    async storageVolGetXmlDesc({ vol, flags }) {
      checkFlags(flags, 0, "storageVolGetXmlDesc", "STORAGE");
      return { xml: formatVolume((await upToDate(state, vol)).definition) };
    },
    async storageVolGetPath({ vol }) {
      return { name: (await findVolume(state, vol)).volume.path };
    },
  };
  return { ...volumeListTwins(handlers.storagePoolListAllVolumes), ...handlers };
}
