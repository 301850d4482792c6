/** Procedures about disks of domains. */
import { savingDomain } from "./acl.ts";
import {
  DOMAIN_BLOCK_COPY_PARAMETERS_MAX,
  DOMAIN_BLOCK_IO_TUNE_PARAMETERS_MAX,
  DOMAIN_BLOCK_PEEK_BUFFER_MAX,
  DOMAIN_BLOCK_STATS_PARAMETERS_MAX,
  DOMAIN_DISK_ERRORS_MAX,
} from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, typedParameter } from "./shapes.ts";
import { array, hyper, int, type Of, opaque, optional, string, struct, type Type, uhyper, uint } from "./xdr/index.ts";

const diskErrorShape = struct({ disk: string, error: int });
/** A disk with an error. `error` is a `DomainDiskErrorCode`. */
export interface DiskError extends Of<typeof diskErrorShape> {}
const diskError: Type<DiskError> = diskErrorShape;

/** Disks of domains, block jobs and backups. */
export const domainBlockProcedures = remote("domain", {
  domainBlockStats: procedure(64, {
    args: { dom: domain, path: string },
    result: { rdReq: hyper, rdBytes: hyper, wrReq: hyper, wrBytes: hyper, errs: hyper },
    cFunction: "virDomainBlockStats",
    since: "0.3.2",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainBlockPeek: procedure(103, {
    args: { dom: domain, path: string, offset: uhyper, size: uint, flags: uint },
    result: { buffer: opaque(DOMAIN_BLOCK_PEEK_BUFFER_MAX) },
    cFunction: "virDomainBlockPeek",
    since: "0.4.2",
    readOnly: "denied",
    acl: ["domain:block_read"],
  }),

  domainGetBlockInfo: procedure(194, {
    args: { dom: domain, path: string, flags: uint },
    result: { allocation: uhyper, capacity: uhyper, physical: uhyper },
    cFunction: "virDomainGetBlockInfo",
    since: "0.8.1",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainBlockJobAbort: procedure(237, {
    args: { dom: domain, path: string, flags: uint },
    cFunction: "virDomainBlockJobAbort",
    since: "0.9.4",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainGetBlockJobInfo: procedure(238, {
    args: { dom: domain, path: string, flags: uint },
    result: { found: int, type: int, bandwidth: uhyper, cur: uhyper, end: uhyper },
    cFunction: "virDomainGetBlockJobInfo",
    since: "0.9.4",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainBlockJobSetSpeed: procedure(239, {
    args: { dom: domain, path: string, bandwidth: uhyper, flags: uint },
    cFunction: "virDomainBlockJobSetSpeed",
    since: "0.9.4",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainBlockPull: procedure(240, {
    args: { dom: domain, path: string, bandwidth: uhyper, flags: uint },
    cFunction: "virDomainBlockPull",
    since: "0.9.4",
    readOnly: "denied",
    acl: ["domain:block_write"],
  }),

  domainBlockStatsFlags: procedure(243, {
    args: { dom: domain, path: string, nparams: int, flags: uint },
    result: { params: array(typedParameter, DOMAIN_BLOCK_STATS_PARAMETERS_MAX), nparams: int },
    cFunction: "virDomainBlockStatsFlags",
    since: "0.9.5",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainBlockResize: procedure(251, {
    args: { dom: domain, disk: string, size: uhyper, flags: uint },
    cFunction: "virDomainBlockResize",
    since: "0.9.8",
    readOnly: "denied",
    acl: ["domain:block_write"],
  }),

  domainSetBlockIoTune: procedure(252, {
    args: {
      dom: domain,
      disk: string,
      params: array(typedParameter, DOMAIN_BLOCK_IO_TUNE_PARAMETERS_MAX),
      flags: uint,
    },
    cFunction: "virDomainSetBlockIoTune",
    since: "0.9.8",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainGetBlockIoTune: procedure(253, {
    args: { dom: domain, disk: optional(string), nparams: int, flags: uint },
    result: { params: array(typedParameter, DOMAIN_BLOCK_IO_TUNE_PARAMETERS_MAX), nparams: int },
    cFunction: "virDomainGetBlockIoTune",
    since: "0.9.8",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainGetDiskErrors: procedure(263, {
    args: { dom: domain, maxerrors: uint, flags: uint },
    result: { errors: array(diskError, DOMAIN_DISK_ERRORS_MAX), nerrors: int },
    cFunction: "virDomainGetDiskErrors",
    since: "0.9.10",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainBlockRebase: procedure(266, {
    args: { dom: domain, path: string, base: optional(string), bandwidth: uhyper, flags: uint },
    cFunction: "virDomainBlockRebase",
    since: "0.9.10",
    readOnly: "denied",
    acl: ["domain:block_write"],
  }),

  domainBlockCommit: procedure(290, {
    args: {
      dom: domain,
      disk: string,
      base: optional(string),
      top: optional(string),
      bandwidth: uhyper,
      flags: uint,
    },
    cFunction: "virDomainBlockCommit",
    since: "0.10.2",
    readOnly: "denied",
    acl: ["domain:block_write"],
  }),

  domainBlockCopy: procedure(345, {
    args: {
      dom: domain,
      path: string,
      destxml: string,
      params: array(typedParameter, DOMAIN_BLOCK_COPY_PARAMETERS_MAX),
      flags: uint,
    },
    cFunction: "virDomainBlockCopy",
    since: "1.2.8",
    readOnly: "denied",
    acl: ["domain:block_write"],
  }),

  domainSetBlockThreshold: procedure(386, {
    args: { dom: domain, dev: string, threshold: uhyper, flags: uint },
    cFunction: "virDomainSetBlockThreshold",
    since: "3.1.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainBackupBegin: procedure(421, {
    args: { dom: domain, backupXml: string, checkpointXml: optional(string), flags: uint },
    cFunction: "virDomainBackupBegin",
    since: "6.0.0",
    readOnly: "denied",
    acl: ["domain:checkpoint", "domain:block_write"],
  }),

  domainBackupGetXmlDesc: procedure(422, {
    args: { dom: domain, flags: uint },
    result: { xml: string },
    cFunction: "virDomainBackupGetXMLDesc",
    since: "6.0.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainSetThrottleGroup: procedure(451, {
    args: {
      dom: domain,
      group: string,
      params: array(typedParameter, DOMAIN_BLOCK_IO_TUNE_PARAMETERS_MAX),
      flags: uint,
    },
    cFunction: "virDomainSetThrottleGroup",
    since: "11.2.0",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainDelThrottleGroup: procedure(452, {
    args: { dom: domain, group: optional(string), flags: uint },
    cFunction: "virDomainDelThrottleGroup",
    since: "11.2.0",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),
});
