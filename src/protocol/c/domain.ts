/** What libvirt's header of domains declares. */
import { type Header, header } from "./header.ts";

export const domainHeader: Header = header("libvirt-domain", {
  functions: `
    int virConnectDomainEventDeregister(virConnectPtr conn, virConnectDomainEventCallback cb);
    int virConnectDomainEventDeregisterAny(virConnectPtr conn, int callbackID);
    int virConnectDomainEventRegister(virConnectPtr conn, virConnectDomainEventCallback cb, void *opaque,
        virFreeCallback freecb);
    int virConnectDomainEventRegisterAny(virConnectPtr conn, virDomainPtr dom, int eventID,
        virConnectDomainEventGenericCallback cb, void *opaque, virFreeCallback freecb);
    char *virConnectDomainXMLFromNative(virConnectPtr conn, const char *nativeFormat, const char *nativeConfig,
        unsigned int flags);
    char *virConnectDomainXMLToNative(virConnectPtr conn, const char *nativeFormat, const char *domainXml,
        unsigned int flags);
    int virConnectGetAllDomainStats(virConnectPtr conn, unsigned int stats, virDomainStatsRecordPtr **retStats,
        unsigned int flags);
    char *virConnectGetDomainCapabilities(virConnectPtr conn, const char *emulatorbin, const char *arch,
        const char *machine, const char *virttype, unsigned int flags);
    int virConnectListAllDomains(virConnectPtr conn, virDomainPtr **domains, unsigned int flags);
    int virConnectListDefinedDomains(virConnectPtr conn, char ** const names, int maxnames);
    int virConnectListDomains(virConnectPtr conn, int *ids, int maxids);
    int virConnectNumOfDefinedDomains(virConnectPtr conn);
    int virConnectNumOfDomains(virConnectPtr conn);
    int virDomainAbortJob(virDomainPtr domain);
    int virDomainAbortJobFlags(virDomainPtr domain, unsigned int flags);
    int virDomainAddIOThread(virDomainPtr domain, unsigned int iothread_id, unsigned int flags);
    int virDomainAgentSetResponseTimeout(virDomainPtr domain, int timeout, unsigned int flags);
    int virDomainAttachDevice(virDomainPtr domain, const char *xml);
    int virDomainAttachDeviceFlags(virDomainPtr domain, const char *xml, unsigned int flags);
    int virDomainAuthorizedSSHKeysGet(virDomainPtr domain, const char *user, char ***keys, unsigned int flags);
    int virDomainAuthorizedSSHKeysSet(virDomainPtr domain, const char *user, const char **keys, unsigned int nkeys,
        unsigned int flags);
    int virDomainBackupBegin(virDomainPtr domain, const char *backupXML, const char *checkpointXML,
        unsigned int flags);
    char *virDomainBackupGetXMLDesc(virDomainPtr domain, unsigned int flags);
    int virDomainBlockCommit(virDomainPtr dom, const char *disk, const char *base, const char *top,
        unsigned long bandwidth, unsigned int flags);
    int virDomainBlockCopy(virDomainPtr dom, const char *disk, const char *destxml, virTypedParameterPtr params,
        int nparams, unsigned int flags);
    int virDomainBlockJobAbort(virDomainPtr dom, const char *disk, unsigned int flags);
    int virDomainBlockJobSetSpeed(virDomainPtr dom, const char *disk, unsigned long bandwidth, unsigned int flags);
    int virDomainBlockPeek(virDomainPtr dom, const char *disk, unsigned long long offset, size_t size, void *buffer,
        unsigned int flags);
    int virDomainBlockPull(virDomainPtr dom, const char *disk, unsigned long bandwidth, unsigned int flags);
    int virDomainBlockRebase(virDomainPtr dom, const char *disk, const char *base, unsigned long bandwidth,
        unsigned int flags);
    int virDomainBlockResize(virDomainPtr dom, const char *disk, unsigned long long size, unsigned int flags);
    int virDomainBlockStats(virDomainPtr dom, const char *disk, virDomainBlockStatsPtr stats, size_t size);
    int virDomainBlockStatsFlags(virDomainPtr dom, const char *disk, virTypedParameterPtr params, int *nparams,
        unsigned int flags);
    int virDomainCoreDump(virDomainPtr domain, const char *to, unsigned int flags);
    int virDomainCoreDumpWithFormat(virDomainPtr domain, const char *to, unsigned int dumpformat, unsigned int flags);
    int virDomainCreate(virDomainPtr domain);
    virDomainPtr virDomainCreateLinux(virConnectPtr conn, const char *xmlDesc, unsigned int flags) since 0.0.3;
    int virDomainCreateWithFiles(virDomainPtr domain, unsigned int nfiles, int *files, unsigned int flags);
    int virDomainCreateWithFlags(virDomainPtr domain, unsigned int flags);
    virDomainPtr virDomainCreateXML(virConnectPtr conn, const char *xmlDesc, unsigned int flags);
    virDomainPtr virDomainCreateXMLWithFiles(virConnectPtr conn, const char *xmlDesc, unsigned int nfiles, int *files,
        unsigned int flags);
    virDomainPtr virDomainDefineXML(virConnectPtr conn, const char *xml);
    virDomainPtr virDomainDefineXMLFlags(virConnectPtr conn, const char *xml, unsigned int flags);
    int virDomainDelIOThread(virDomainPtr domain, unsigned int iothread_id, unsigned int flags);
    int virDomainDestroy(virDomainPtr domain);
    int virDomainDestroyFlags(virDomainPtr domain, unsigned int flags);
    int virDomainDetachDevice(virDomainPtr domain, const char *xml);
    int virDomainDetachDeviceAlias(virDomainPtr domain, const char *alias, unsigned int flags);
    int virDomainDetachDeviceFlags(virDomainPtr domain, const char *xml, unsigned int flags);
    int virDomainFDAssociate(virDomainPtr domain, const char *name, unsigned int nfds, int *fds, unsigned int flags);
    int virDomainFSFreeze(virDomainPtr dom, const char **mountpoints, unsigned int nmountpoints, unsigned int flags);
    void virDomainFSInfoFree(virDomainFSInfoPtr info) since 1.2.11;
    int virDomainFSThaw(virDomainPtr dom, const char **mountpoints, unsigned int nmountpoints, unsigned int flags);
    int virDomainFSTrim(virDomainPtr dom, const char *mountPoint, unsigned long long minimum, unsigned int flags);
    int virDomainFree(virDomainPtr domain) since 0.0.3;
    int virDomainGetAutostart(virDomainPtr domain, int *autostart);
    int virDomainGetBlkioParameters(virDomainPtr domain, virTypedParameterPtr params, int *nparams,
        unsigned int flags);
    int virDomainGetBlockInfo(virDomainPtr domain, const char *disk, virDomainBlockInfoPtr info, unsigned int flags);
    int virDomainGetBlockIoTune(virDomainPtr dom, const char *disk, virTypedParameterPtr params, int *nparams,
        unsigned int flags);
    int virDomainGetBlockJobInfo(virDomainPtr dom, const char *disk, virDomainBlockJobInfoPtr info,
        unsigned int flags);
    int virDomainGetCPUStats(virDomainPtr domain, virTypedParameterPtr params, unsigned int nparams, int start_cpu,
        unsigned int ncpus, unsigned int flags);
    virConnectPtr virDomainGetConnect(virDomainPtr dom) since 0.3.0;
    int virDomainGetControlInfo(virDomainPtr domain, virDomainControlInfoPtr info, unsigned int flags);
    int virDomainGetDiskErrors(virDomainPtr dom, virDomainDiskErrorPtr errors, unsigned int maxerrors,
        unsigned int flags);
    int virDomainGetEmulatorPinInfo(virDomainPtr domain, unsigned char *cpumap, int maplen, unsigned int flags);
    int virDomainGetFSInfo(virDomainPtr dom, virDomainFSInfoPtr **info, unsigned int flags);
    int virDomainGetGuestInfo(virDomainPtr domain, unsigned int types, virTypedParameterPtr *params, int *nparams,
        unsigned int flags);
    int virDomainGetGuestVcpus(virDomainPtr domain, virTypedParameterPtr *params, unsigned int *nparams,
        unsigned int flags);
    char *virDomainGetHostname(virDomainPtr domain, unsigned int flags);
    unsigned int virDomainGetID(virDomainPtr domain) since 0.0.3;
    int virDomainGetIOThreadInfo(virDomainPtr dom, virDomainIOThreadInfoPtr **info, unsigned int flags);
    int virDomainGetInfo(virDomainPtr domain, virDomainInfoPtr info);
    int virDomainGetInterfaceParameters(virDomainPtr domain, const char *device, virTypedParameterPtr params,
        int *nparams, unsigned int flags);
    int virDomainGetJobInfo(virDomainPtr domain, virDomainJobInfoPtr info);
    int virDomainGetJobStats(virDomainPtr domain, int *type, virTypedParameterPtr *params, int *nparams,
        unsigned int flags);
    int virDomainGetLaunchSecurityInfo(virDomainPtr domain, virTypedParameterPtr *params, int *nparams,
        unsigned int flags);
    unsigned long virDomainGetMaxMemory(virDomainPtr domain);
    int virDomainGetMaxVcpus(virDomainPtr domain);
    int virDomainGetMemoryParameters(virDomainPtr domain, virTypedParameterPtr params, int *nparams,
        unsigned int flags);
    int virDomainGetMessages(virDomainPtr domain, char ***msgs, unsigned int flags);
    char *virDomainGetMetadata(virDomainPtr domain, int type, const char *uri, unsigned int flags);
    const char *virDomainGetName(virDomainPtr domain) since 0.0.3;
    int virDomainGetNumaParameters(virDomainPtr domain, virTypedParameterPtr params, int *nparams,
        unsigned int flags);
    char *virDomainGetOSType(virDomainPtr domain);
    int virDomainGetPerfEvents(virDomainPtr domain, virTypedParameterPtr *params, int *nparams, unsigned int flags);
    int virDomainGetSchedulerParameters(virDomainPtr domain, virTypedParameterPtr params, int *nparams);
    int virDomainGetSchedulerParametersFlags(virDomainPtr domain, virTypedParameterPtr params, int *nparams,
        unsigned int flags);
    char *virDomainGetSchedulerType(virDomainPtr domain, int *nparams);
    int virDomainGetSecurityLabel(virDomainPtr domain, virSecurityLabelPtr seclabel);
    int virDomainGetSecurityLabelList(virDomainPtr domain, virSecurityLabelPtr *seclabels);
    int virDomainGetState(virDomainPtr domain, int *state, int *reason, unsigned int flags);
    int virDomainGetTime(virDomainPtr dom, long long *seconds, unsigned int *nseconds, unsigned int flags);
    int virDomainGetUUID(virDomainPtr domain, unsigned char *uuid) since 0.0.5;
    int virDomainGetUUIDString(virDomainPtr domain, char *buf) since 0.1.1;
    int virDomainGetVcpuPinInfo(virDomainPtr domain, int ncpumaps, unsigned char *cpumaps, int maplen,
        unsigned int flags);
    int virDomainGetVcpus(virDomainPtr domain, virVcpuInfoPtr info, int maxinfo, unsigned char *cpumaps, int maplen);
    int virDomainGetVcpusFlags(virDomainPtr domain, unsigned int flags);
    char *virDomainGetXMLDesc(virDomainPtr domain, unsigned int flags);
    int virDomainHasManagedSaveImage(virDomainPtr dom, unsigned int flags);
    void virDomainIOThreadInfoFree(virDomainIOThreadInfoPtr info) since 1.2.14;
    int virDomainInjectNMI(virDomainPtr domain, unsigned int flags);
    int virDomainInterfaceAddresses(virDomainPtr dom, virDomainInterfacePtr **ifaces, unsigned int source,
        unsigned int flags);
    void virDomainInterfaceFree(virDomainInterfacePtr iface) since 1.2.14;
    int virDomainInterfaceStats(virDomainPtr dom, const char *device, virDomainInterfaceStatsPtr stats, size_t size);
    int virDomainIsActive(virDomainPtr dom);
    int virDomainIsPersistent(virDomainPtr dom);
    int virDomainIsUpdated(virDomainPtr dom);
    int virDomainListGetStats(virDomainPtr *doms, unsigned int stats, virDomainStatsRecordPtr **retStats,
        unsigned int flags) since 1.2.8;
    virDomainPtr virDomainLookupByID(virConnectPtr conn, int id);
    virDomainPtr virDomainLookupByName(virConnectPtr conn, const char *name);
    virDomainPtr virDomainLookupByUUID(virConnectPtr conn, const unsigned char *uuid);
    virDomainPtr virDomainLookupByUUIDString(virConnectPtr conn, const char *uuidstr) since 0.1.1;
    int virDomainManagedSave(virDomainPtr dom, unsigned int flags);
    int virDomainManagedSaveDefineXML(virDomainPtr domain, const char *dxml, unsigned int flags);
    char *virDomainManagedSaveGetXMLDesc(virDomainPtr domain, unsigned int flags);
    int virDomainManagedSaveRemove(virDomainPtr dom, unsigned int flags);
    int virDomainMemoryPeek(virDomainPtr dom, unsigned long long start, size_t size, void *buffer,
        unsigned int flags);
    int virDomainMemoryStats(virDomainPtr dom, virDomainMemoryStatPtr stats, unsigned int nr_stats,
        unsigned int flags);
    virDomainPtr virDomainMigrate(virDomainPtr domain, virConnectPtr dconn, unsigned long flags, const char *dname,
        const char *uri, unsigned long bandwidth) since 0.3.2;
    virDomainPtr virDomainMigrate2(virDomainPtr domain, virConnectPtr dconn, const char *dxml, unsigned long flags,
        const char *dname, const char *uri, unsigned long bandwidth) since 0.9.2;
    virDomainPtr virDomainMigrate3(virDomainPtr domain, virConnectPtr dconn, virTypedParameterPtr params,
        unsigned int nparams, unsigned int flags);
    int virDomainMigrateGetCompressionCache(virDomainPtr domain, unsigned long long *cacheSize, unsigned int flags);
    int virDomainMigrateGetMaxDowntime(virDomainPtr domain, unsigned long long *downtime, unsigned int flags);
    int virDomainMigrateGetMaxSpeed(virDomainPtr domain, unsigned long *bandwidth, unsigned int flags);
    int virDomainMigrateSetCompressionCache(virDomainPtr domain, unsigned long long cacheSize, unsigned int flags);
    int virDomainMigrateSetMaxDowntime(virDomainPtr domain, unsigned long long downtime, unsigned int flags);
    int virDomainMigrateSetMaxSpeed(virDomainPtr domain, unsigned long bandwidth, unsigned int flags);
    int virDomainMigrateStartPostCopy(virDomainPtr domain, unsigned int flags);
    int virDomainMigrateToURI(virDomainPtr domain, const char *duri, unsigned long flags, const char *dname,
        unsigned long bandwidth) since 0.7.2;
    int virDomainMigrateToURI2(virDomainPtr domain, const char *dconnuri, const char *miguri, const char *dxml,
        unsigned long flags, const char *dname, unsigned long bandwidth) since 0.9.2;
    int virDomainMigrateToURI3(virDomainPtr domain, const char *dconnuri, virTypedParameterPtr params,
        unsigned int nparams, unsigned int flags) since 1.1.0;
    int virDomainOpenChannel(virDomainPtr dom, const char *name, virStreamPtr st, unsigned int flags);
    int virDomainOpenConsole(virDomainPtr dom, const char *dev_name, virStreamPtr st, unsigned int flags);
    int virDomainOpenGraphics(virDomainPtr dom, unsigned int idx, int fd, unsigned int flags);
    int virDomainOpenGraphicsFD(virDomainPtr dom, unsigned int idx, unsigned int flags);
    int virDomainPMSuspendForDuration(virDomainPtr dom, unsigned int target, unsigned long long duration,
        unsigned int flags);
    int virDomainPMWakeup(virDomainPtr dom, unsigned int flags);
    int virDomainPinEmulator(virDomainPtr domain, unsigned char *cpumap, int maplen, unsigned int flags);
    int virDomainPinIOThread(virDomainPtr domain, unsigned int iothread_id, unsigned char *cpumap, int maplen,
        unsigned int flags);
    int virDomainPinVcpu(virDomainPtr domain, unsigned int vcpu, unsigned char *cpumap, int maplen);
    int virDomainPinVcpuFlags(virDomainPtr domain, unsigned int vcpu, unsigned char *cpumap, int maplen,
        unsigned int flags);
    int virDomainReboot(virDomainPtr domain, unsigned int flags);
    int virDomainRef(virDomainPtr domain) since 0.6.0;
    int virDomainRename(virDomainPtr dom, const char *new_name, unsigned int flags);
    int virDomainReset(virDomainPtr domain, unsigned int flags);
    int virDomainRestore(virConnectPtr conn, const char *from);
    int virDomainRestoreFlags(virConnectPtr conn, const char *from, const char *dxml, unsigned int flags);
    int virDomainRestoreParams(virConnectPtr conn, virTypedParameterPtr params, int nparams, unsigned int flags);
    int virDomainResume(virDomainPtr domain);
    int virDomainSave(virDomainPtr domain, const char *to);
    int virDomainSaveFlags(virDomainPtr domain, const char *to, const char *dxml, unsigned int flags);
    int virDomainSaveImageDefineXML(virConnectPtr conn, const char *file, const char *dxml, unsigned int flags);
    char *virDomainSaveImageGetXMLDesc(virConnectPtr conn, const char *file, unsigned int flags);
    int virDomainSaveParams(virDomainPtr domain, virTypedParameterPtr params, int nparams, unsigned int flags);
    char *virDomainScreenshot(virDomainPtr domain, virStreamPtr stream, unsigned int screen, unsigned int flags);
    int virDomainSendKey(virDomainPtr domain, unsigned int codeset, unsigned int holdtime, unsigned int *keycodes,
        int nkeycodes, unsigned int flags);
    int virDomainSendProcessSignal(virDomainPtr domain, long long pid_value, unsigned int signum, unsigned int flags);
    int virDomainSetAutostart(virDomainPtr domain, int autostart);
    int virDomainSetBlkioParameters(virDomainPtr domain, virTypedParameterPtr params, int nparams,
        unsigned int flags);
    int virDomainSetBlockIoTune(virDomainPtr dom, const char *disk, virTypedParameterPtr params, int nparams,
        unsigned int flags);
    int virDomainSetBlockThreshold(virDomainPtr domain, const char *dev, unsigned long long threshold,
        unsigned int flags);
    int virDomainSetGuestVcpus(virDomainPtr domain, const char *cpumap, int state, unsigned int flags);
    int virDomainSetIOThreadParams(virDomainPtr domain, unsigned int iothread_id, virTypedParameterPtr params,
        int nparams, unsigned int flags);
    int virDomainSetInterfaceParameters(virDomainPtr domain, const char *device, virTypedParameterPtr params,
        int nparams, unsigned int flags);
    int virDomainSetLaunchSecurityState(virDomainPtr domain, virTypedParameterPtr params, int nparams,
        unsigned int flags);
    int virDomainSetLifecycleAction(virDomainPtr domain, unsigned int type, unsigned int action, unsigned int flags);
    int virDomainSetMaxMemory(virDomainPtr domain, unsigned long memory);
    int virDomainSetMemory(virDomainPtr domain, unsigned long memory);
    int virDomainSetMemoryFlags(virDomainPtr domain, unsigned long memory, unsigned int flags);
    int virDomainSetMemoryParameters(virDomainPtr domain, virTypedParameterPtr params, int nparams,
        unsigned int flags);
    int virDomainSetMemoryStatsPeriod(virDomainPtr domain, int period, unsigned int flags);
    int virDomainSetMetadata(virDomainPtr domain, int type, const char *metadata, const char *key, const char *uri,
        unsigned int flags);
    int virDomainSetNumaParameters(virDomainPtr domain, virTypedParameterPtr params, int nparams, unsigned int flags);
    int virDomainSetPerfEvents(virDomainPtr domain, virTypedParameterPtr params, int nparams, unsigned int flags);
    int virDomainSetSchedulerParameters(virDomainPtr domain, virTypedParameterPtr params, int nparams);
    int virDomainSetSchedulerParametersFlags(virDomainPtr domain, virTypedParameterPtr params, int nparams,
        unsigned int flags);
    int virDomainSetTime(virDomainPtr dom, long long seconds, unsigned int nseconds, unsigned int flags);
    int virDomainSetUserPassword(virDomainPtr dom, const char *user, const char *password, unsigned int flags);
    int virDomainSetVcpu(virDomainPtr domain, const char *vcpumap, int state, unsigned int flags);
    int virDomainSetVcpus(virDomainPtr domain, unsigned int nvcpus);
    int virDomainSetVcpusFlags(virDomainPtr domain, unsigned int nvcpus, unsigned int flags);
    int virDomainShutdown(virDomainPtr domain);
    int virDomainShutdownFlags(virDomainPtr domain, unsigned int flags);
    int virDomainStartDirtyRateCalc(virDomainPtr domain, int seconds, unsigned int flags);
    void virDomainStatsRecordListFree(virDomainStatsRecordPtr *stats) since 1.2.8;
    int virDomainSuspend(virDomainPtr domain);
    int virDomainUndefine(virDomainPtr domain);
    int virDomainUndefineFlags(virDomainPtr domain, unsigned int flags);
    int virDomainUpdateDeviceFlags(virDomainPtr domain, const char *xml, unsigned int flags);
    int virDomainGraphicsReload(virDomainPtr domain, unsigned int type, unsigned int flags);
    int virDomainGetAutostartOnce(virDomainPtr domain, int *autostart);
    int virDomainSetAutostartOnce(virDomainPtr domain, int autostart);
    int virDomainSetThrottleGroup(virDomainPtr dom, const char *group, virTypedParameterPtr params, int nparams,
        unsigned int flags);
    int virDomainDelThrottleGroup(virDomainPtr dom, const char *group, unsigned int flags);
  `,
});
