/** Procedures about storage volumes. */
import { StorageVolDownloadFlags, StorageVolUploadFlags } from "./constants/storage-volume.ts";
import { STORAGE_VOL_LIST_MAX } from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { storagePool, storageVol } from "./shapes.ts";
import { array, char, int, string, uhyper, uint } from "./xdr/index.ts";

/** Storage volumes. */
export const storageVolumeProcedures = remote("storageVolume", {
  storagePoolNumOfVolumes: procedure(91, {
    args: { pool: storagePool },
    result: { num: int },
    cFunction: "virStoragePoolNumOfVolumes",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:search_storage_vols"],
    aclFilter: ["storage_vol:getattr"],
  }),

  storagePoolListVolumes: procedure(92, {
    args: { pool: storagePool, maxnames: int },
    result: { names: array(string, STORAGE_VOL_LIST_MAX) },
    cFunction: "virStoragePoolListVolumes",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:search_storage_vols"],
    aclFilter: ["storage_vol:getattr"],
  }),

  storageVolCreateXml: procedure(93, {
    args: { pool: storagePool, xml: string, flags: uint },
    result: { vol: storageVol },
    cFunction: "virStorageVolCreateXML",
    since: "0.4.1",
    readOnly: "denied",
    acl: ["storage_vol:create"],
  }),

  storageVolDelete: procedure(94, {
    args: { vol: storageVol, flags: uint },
    cFunction: "virStorageVolDelete",
    since: "0.4.1",
    readOnly: "denied",
    acl: ["storage_vol:delete"],
  }),

  storageVolLookupByName: procedure(95, {
    args: { pool: storagePool, name: string },
    result: { vol: storageVol },
    cFunction: "virStorageVolLookupByName",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_vol:getattr"],
  }),

  storageVolLookupByKey: procedure(96, {
    args: { key: string },
    result: { vol: storageVol },
    cFunction: "virStorageVolLookupByKey",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_vol:getattr"],
  }),

  storageVolLookupByPath: procedure(97, {
    args: { path: string },
    result: { vol: storageVol },
    cFunction: "virStorageVolLookupByPath",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_vol:getattr"],
  }),

  storageVolGetInfo: procedure(98, {
    args: { vol: storageVol },
    result: { type: char, capacity: uhyper, allocation: uhyper },
    cFunction: "virStorageVolGetInfo",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_vol:read"],
  }),

  storageVolGetXmlDesc: procedure(99, {
    args: { vol: storageVol, flags: uint },
    result: { xml: string },
    cFunction: "virStorageVolGetXMLDesc",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_vol:read"],
  }),

  storageVolGetPath: procedure(100, {
    args: { vol: storageVol },
    result: { name: string },
    cFunction: "virStorageVolGetPath",
    since: "0.4.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_vol:read"],
  }),

  storageVolCreateXmlFrom: procedure(125, {
    args: { pool: storagePool, xml: string, clonevol: storageVol, flags: uint },
    result: { vol: storageVol },
    cFunction: "virStorageVolCreateXMLFrom",
    since: "0.6.4",
    readOnly: "denied",
    acl: ["storage_vol:create"],
  }),

  storageVolWipe: procedure(165, {
    args: { vol: storageVol, flags: uint },
    cFunction: "virStorageVolWipe",
    since: "0.8.0",
    readOnly: "denied",
    acl: ["storage_vol:format"],
  }),

  storageVolUpload: procedure(208, {
    args: { vol: storageVol, offset: uhyper, length: uhyper, flags: uint },
    cFunction: "virStorageVolUpload",
    since: "0.9.0",
    readOnly: "denied",
    stream: { direction: "send", argument: 1, sparseFlag: StorageVolUploadFlags.SPARSE_STREAM },
    acl: ["storage_vol:data_write"],
  }),

  storageVolDownload: procedure(209, {
    args: { vol: storageVol, offset: uhyper, length: uhyper, flags: uint },
    cFunction: "virStorageVolDownload",
    since: "0.9.0",
    readOnly: "denied",
    stream: { direction: "receive", argument: 1, sparseFlag: StorageVolDownloadFlags.SPARSE_STREAM },
    acl: ["storage_vol:data_read"],
  }),

  storageVolWipePattern: procedure(259, {
    args: { vol: storageVol, algorithm: uint, flags: uint },
    cFunction: "virStorageVolWipePattern",
    since: "0.9.10",
    readOnly: "denied",
    acl: ["storage_vol:format"],
  }),

  storageVolResize: procedure(260, {
    args: { vol: storageVol, capacity: uhyper, flags: uint },
    cFunction: "virStorageVolResize",
    since: "0.9.10",
    readOnly: "denied",
    acl: ["storage_vol:resize"],
  }),

  storagePoolListAllVolumes: procedure(282, {
    args: { pool: storagePool, needResults: int, flags: uint },
    result: { vols: array(storageVol, STORAGE_VOL_LIST_MAX), ret: uint },
    cFunction: "virStoragePoolListAllVolumes",
    since: "0.10.2",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_pool:search_storage_vols"],
    aclFilter: ["storage_vol:getattr"],
  }),

  storageVolGetInfoFlags: procedure(378, {
    args: { vol: storageVol, flags: uint },
    result: { type: char, capacity: uhyper, allocation: uhyper },
    cFunction: "virStorageVolGetInfoFlags",
    since: "3.0.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["storage_vol:read"],
  }),
});
