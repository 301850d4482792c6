/** What every driver that has storage pools answers in the same way. */
import type { PoolType } from "../model/storage/index.ts";
import { ConnectListAllStoragePoolsFlags, StoragePoolCreateFlags } from "../protocol/index.ts";
import { type ListQuestion, yesOrNo } from "./list-filter.ts";

const Listed = ConnectListAllStoragePoolsFlags;
const typeFlags: Readonly<Record<PoolType, number>> = {
  dir: Listed.DIR,
  fs: Listed.FS,
  netfs: Listed.NETFS,
  logical: Listed.LOGICAL,
  disk: Listed.DISK,
  iscsi: Listed.ISCSI,
  "iscsi-direct": Listed.ISCSI_DIRECT,
  scsi: Listed.SCSI,
  mpath: Listed.MPATH,
  rbd: Listed.RBD,
  sheepdog: Listed.SHEEPDOG,
  gluster: Listed.GLUSTER,
  zfs: Listed.ZFS,
  vstorage: Listed.VSTORAGE,
};

/** A pool as lists look at it. */
export interface ListedPool {
  readonly active: boolean;
  readonly persistent: boolean;
  readonly autostart: boolean;
  readonly definition: { readonly type: PoolType };
}

/** What clients ask of pools that they want listed. */
export const poolQuestions: readonly ListQuestion<ListedPool>[] = [
  yesOrNo(Listed.ACTIVE, Listed.INACTIVE, ({ active }) => active),
  yesOrNo(Listed.PERSISTENT, Listed.TRANSIENT, ({ persistent }) => persistent),
  yesOrNo(Listed.AUTOSTART, Listed.NO_AUTOSTART, ({ autostart }) => autostart),
  Object.values(typeFlags).map((flag) => [flag, ({ definition }) => typeFlags[definition.type] === flag] as const),
];

/** Flags that have a pool built before it starts. */
export const buildingFlags =
  StoragePoolCreateFlags.WITH_BUILD |
  StoragePoolCreateFlags.WITH_BUILD_OVERWRITE |
  StoragePoolCreateFlags.WITH_BUILD_NO_OVERWRITE;

/** What every driver with pools answers of them. */
export type PoolProcedures =
  | "connectListAllStoragePools"
  | "connectFindStoragePoolSources"
  | "storagePoolLookupByName"
  | "storagePoolLookupByUuid"
  | "storagePoolLookupByTargetPath"
  | "storagePoolDefineXml"
  | "storagePoolCreateXml"
  | "storagePoolCreate"
  | "storagePoolBuild"
  | "storagePoolDestroy"
  | "storagePoolDelete"
  | "storagePoolUndefine"
  | "storagePoolRefresh"
  | "storagePoolGetInfo"
  | "storagePoolGetXmlDesc"
  | "storagePoolGetAutostart"
  | "storagePoolSetAutostart"
  | "storagePoolIsActive"
  | "storagePoolIsPersistent";

/** What every driver with pools answers of their volumes. */
export type VolumeProcedures =
  | "storagePoolListAllVolumes"
  | "storageVolLookupByName"
  | "storageVolLookupByKey"
  | "storageVolLookupByPath"
  | "storageVolCreateXml"
  | "storageVolCreateXmlFrom"
  | "storageVolDelete"
  | "storageVolGetInfo"
  | "storageVolGetInfoFlags"
  | "storageVolGetXmlDesc"
  | "storageVolGetPath"
  | "storageVolResize"
  | "storageVolWipe"
  | "storageVolWipePattern";
