/** Procedures about storage pools. */
import { STORAGE_POOL_LIST_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { storagePool, storageVol, uuid } from "./shapes.ts";
import { array, int, optional, string, uchar, uhyper, uint } from "./xdr/index.ts";

/** Storage pools. */
export const storagePoolProcedures = remote("storagePool", {
  connectNumOfStoragePools: procedure(71, {
    result: { num: int },
    cFunction: "virConnectNumOfStoragePools",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_storage_pools"],
    aclFilter: ["storage_pool:getattr"],
  }),

  connectListStoragePools: procedure(72, {
    args: { maxnames: int },
    result: { names: array(string, STORAGE_POOL_LIST_MAX) },
    cFunction: "virConnectListStoragePools",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_storage_pools"],
    aclFilter: ["storage_pool:getattr"],
  }),

  connectNumOfDefinedStoragePools: procedure(73, {
    result: { num: int },
    cFunction: "virConnectNumOfDefinedStoragePools",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_storage_pools"],
    aclFilter: ["storage_pool:getattr"],
  }),

  connectListDefinedStoragePools: procedure(74, {
    args: { maxnames: int },
    result: { names: array(string, STORAGE_POOL_LIST_MAX) },
    cFunction: "virConnectListDefinedStoragePools",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_storage_pools"],
    aclFilter: ["storage_pool:getattr"],
  }),

  connectFindStoragePoolSources: procedure(75, {
    args: { type: string, srcSpec: optional(string), flags: uint },
    result: { xml: string },
    cFunction: "virConnectFindStoragePoolSources",
    since: "0.4.5",
    readOnly: "denied",
    acl: ["connect:detect_storage_pools"],
  }),

  storagePoolCreateXml: procedure(76, {
    args: { xml: string, flags: uint },
    result: { pool: storagePool },
    cFunction: "virStoragePoolCreateXML",
    since: "0.4.1",
    readOnly: "denied",
    acl: ["storage_pool:start", "storage_pool:write"],
  }),

  storagePoolDefineXml: procedure(77, {
    args: { xml: string, flags: uint },
    result: { pool: storagePool },
    cFunction: "virStoragePoolDefineXML",
    since: "0.4.1",
    readOnly: "denied",
    priority: "high",
    acl: ["storage_pool:write", "storage_pool:save"],
  }),

  storagePoolCreate: procedure(78, {
    args: { pool: storagePool, flags: uint },
    cFunction: "virStoragePoolCreate",
    since: "0.4.1",
    readOnly: "denied",
    acl: ["storage_pool:start"],
  }),

  storagePoolBuild: procedure(79, {
    args: { pool: storagePool, flags: uint },
    cFunction: "virStoragePoolBuild",
    since: "0.4.1",
    readOnly: "denied",
    acl: ["storage_pool:format"],
  }),

  storagePoolDestroy: procedure(80, {
    args: { pool: storagePool },
    cFunction: "virStoragePoolDestroy",
    since: "0.4.1",
    readOnly: "denied",
    priority: "high",
    acl: ["storage_pool:stop"],
  }),

  storagePoolDelete: procedure(81, {
    args: { pool: storagePool, flags: uint },
    cFunction: "virStoragePoolDelete",
    since: "0.4.1",
    readOnly: "denied",
    acl: ["storage_pool:format"],
  }),

  storagePoolUndefine: procedure(82, {
    args: { pool: storagePool },
    cFunction: "virStoragePoolUndefine",
    since: "0.4.1",
    readOnly: "denied",
    priority: "high",
    acl: ["storage_pool:delete"],
  }),

  storagePoolRefresh: procedure(83, {
    args: { pool: storagePool, flags: uint },
    cFunction: "virStoragePoolRefresh",
    since: "0.4.1",
    readOnly: "denied",
    acl: ["storage_pool:refresh"],
  }),

  storagePoolLookupByName: procedure(84, {
    args: { name: string },
    result: { pool: storagePool },
    cFunction: "virStoragePoolLookupByName",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:getattr"],
  }),

  storagePoolLookupByUuid: procedure(85, {
    args: { uuid },
    result: { pool: storagePool },
    cFunction: "virStoragePoolLookupByUUID",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:getattr"],
  }),

  storagePoolLookupByVolume: procedure(86, {
    args: { vol: storageVol },
    result: { pool: storagePool },
    cFunction: "virStoragePoolLookupByVolume",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:getattr"],
  }),

  storagePoolGetInfo: procedure(87, {
    args: { pool: storagePool },
    result: { state: uchar, capacity: uhyper, allocation: uhyper, available: uhyper },
    cFunction: "virStoragePoolGetInfo",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:read"],
  }),

  storagePoolGetXmlDesc: procedure(88, {
    args: { pool: storagePool, flags: uint },
    result: { xml: string },
    cFunction: "virStoragePoolGetXMLDesc",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:read"],
  }),

  storagePoolGetAutostart: procedure(89, {
    args: { pool: storagePool },
    result: { autostart: int },
    cFunction: "virStoragePoolGetAutostart",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:read"],
  }),

  storagePoolSetAutostart: procedure(90, {
    args: { pool: storagePool, autostart: int },
    cFunction: "virStoragePoolSetAutostart",
    since: "0.4.1",
    readOnly: "denied",
    priority: "high",
    acl: ["storage_pool:write"],
  }),

  storagePoolIsActive: procedure(154, {
    args: { pool: storagePool },
    result: { active: int },
    cFunction: "virStoragePoolIsActive",
    since: "0.7.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:read"],
  }),

  storagePoolIsPersistent: procedure(155, {
    args: { pool: storagePool },
    result: { persistent: int },
    cFunction: "virStoragePoolIsPersistent",
    since: "0.7.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:read"],
  }),

  connectListAllStoragePools: procedure(281, {
    args: { needResults: int, flags: uint },
    result: { pools: array(storagePool, STORAGE_POOL_LIST_MAX), ret: uint },
    cFunction: "virConnectListAllStoragePools",
    since: "0.10.2",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_storage_pools"],
    aclFilter: ["storage_pool:getattr"],
  }),

  connectStoragePoolEventRegisterAny: procedure(368, {
    args: { eventID: int, pool: optional(storagePool) },
    result: { callbackID: int },
    cFunction: "virConnectStoragePoolEventRegisterAny",
    since: "2.0.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:search_storage_pools"],
    aclFilter: ["storage_pool:getattr"],
  }),

  connectStoragePoolEventDeregisterAny: procedure(369, {
    args: { callbackID: int },
    cFunction: "virConnectStoragePoolEventDeregisterAny",
    since: "2.0.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  storagePoolLookupByTargetPath: procedure(391, {
    args: { path: string },
    result: { pool: storagePool },
    cFunction: "virStoragePoolLookupByTargetPath",
    since: "4.1.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:getattr"],
  }),

  connectGetStoragePoolCapabilities: procedure(403, {
    args: { flags: uint },
    result: { capabilities: string },
    cFunction: "virConnectGetStoragePoolCapabilities",
    since: "5.2.0",
    readOnly: "allowed",
    acl: ["connect:read"],
  }),
});
