/**
 * What the test driver leaves out on purpose: these procedures are answered with NO_SUPPORT. libvirt's own test driver
 * has none of them either, unless a line says otherwise.
 */
import type { ProcedureName } from "../../protocol/index.ts";

export const unsupported = [
  // Whoever carries the connection answers these: the daemon and its clients, not a driver.
  "connectOpen",
  "connectClose",
  "connectRegisterCloseCallback",
  "connectUnregisterCloseCallback",
  "connectSetIdentity",
  "connectDomainEventRegister",
  "connectDomainEventDeregister",
  "connectDomainEventRegisterAny",
  "connectDomainEventDeregisterAny",

  // There is no host behind the node whose processors could be compared (libvirt's knows models by name).
  "connectCompareCpu",
  "connectBaselineCpu",
  "connectGetCpuModelNames",
  "connectCompareHypervisorCpu",
  "connectBaselineHypervisorCpu",
  "connectGetDomainCapabilities",
  "connectGetStoragePoolCapabilities",
  "nodeGetMemoryStats",
  "nodeSuspendForDuration",
  "nodeSetMemoryParameters",
  "nodeGetMemoryParameters",
  "nodeGetSevInfo",
  "nodeDeviceDettach",
  "nodeDeviceReAttach",
  "nodeDeviceReset",
  "nodeDeviceDetachFlags",
  "nodeDeviceDefineXml",
  "nodeDeviceUndefine",
  "nodeDeviceCreate",
  "nodeDeviceGetAutostart",
  "nodeDeviceSetAutostart",
  "nodeDeviceUpdate",

  // There is no guest behind a domain that sleeps, listens, draws or answers more than a few questions.
  "domainPmSuspendForDuration",
  "domainPmWakeup",
  "domainOpenConsole",
  "domainOpenChannel",
  "domainOpenGraphics",
  "domainOpenGraphicsFd",
  "domainGraphicsReload",
  "domainSetGuestVcpus",
  "domainGetGuestInfo",
  "domainAgentSetResponseTimeout",
  "domainAuthorizedSshKeysGet",
  "domainAuthorizedSshKeysSet",
  "domainStartDirtyRateCalc",
  "domainGetSecurityLabelList",
  "domainGetLaunchSecurityInfo",
  "domainSetLaunchSecurityState",
  "domainSetVcpu",

  // No files travel with a call inside of one process.
  "domainCreateXmlWithFiles",
  "domainCreateWithFiles",
  "domainFdAssociate",

  // Disks of domains have no content: only volumes do.
  "domainBlockPeek",
  "domainBlockStatsFlags",
  "domainBlockResize",
  "domainBlockPull",
  "domainBlockRebase",
  "domainBlockCommit",
  "domainBlockCopy",
  "domainBlockJobAbort",
  "domainGetBlockJobInfo",
  "domainBlockJobSetSpeed",
  "domainSetBlockThreshold",
  "domainSetThrottleGroup",
  "domainDelThrottleGroup",
  "domainBackupBegin",
  "domainBackupGetXmlDesc",

  // A node in memory has nowhere to migrate to.
  "domainAbortJobFlags",
  "domainMigratePrepare",
  "domainMigratePerform",
  "domainMigrateFinish",
  "domainMigratePrepare2",
  "domainMigrateFinish2",
  "domainMigratePrepareTunnel",
  "domainMigrateSetMaxDowntime",
  "domainMigrateGetMaxDowntime",
  "domainMigrateSetMaxSpeed",
  "domainMigrateGetMaxSpeed",
  "domainMigrateGetCompressionCache",
  "domainMigrateSetCompressionCache",
  "domainMigrateBegin3",
  "domainMigratePrepare3",
  "domainMigratePrepareTunnel3",
  "domainMigratePerform3",
  "domainMigrateFinish3",
  "domainMigrateConfirm3",
  "domainMigrateBegin3Params",
  "domainMigratePrepare3Params",
  "domainMigratePrepareTunnel3Params",
  "domainMigratePerform3Params",
  "domainMigrateFinish3Params",
  "domainMigrateConfirm3Params",
  "domainMigrateStartPostCopy",

  // Newer than libvirt 9.0, or of another hypervisor.
  "domainGetAutostartOnce",
  "domainSetAutostartOnce",
  "networkSetMetadata",
  "networkGetMetadata",
  "connectDomainXmlFromNative",
  "connectDomainXmlToNative",
] as const satisfies readonly ProcedureName[];

/** Whole families that the driver leaves out. */
export const unsupportedFamilies = ["auth", "nwfilter", "nwfilterBinding", "qemu", "lxc", "admin"] as const;
