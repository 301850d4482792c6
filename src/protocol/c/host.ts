/** What libvirt's header of connections and their hosts declares. */
import { type Header, header } from "./header.ts";

export const hostHeader: Header = header("libvirt-host", {
  functions: `
    char *virConnectBaselineCPU(virConnectPtr conn, const char **xmlCPUs, unsigned int ncpus, unsigned int flags);
    char *virConnectBaselineHypervisorCPU(virConnectPtr conn, const char *emulator, const char *arch,
        const char *machine, const char *virttype, const char **xmlCPUs, unsigned int ncpus, unsigned int flags);
    int virConnectClose(virConnectPtr conn);
    int virConnectCompareCPU(virConnectPtr conn, const char *xmlDesc, unsigned int flags);
    int virConnectCompareHypervisorCPU(virConnectPtr conn, const char *emulator, const char *arch,
        const char *machine, const char *virttype, const char *xmlCPU, unsigned int flags);
    int virConnectGetCPUModelNames(virConnectPtr conn, const char *arch, char ***models, unsigned int flags);
    char *virConnectGetCapabilities(virConnectPtr conn);
    char *virConnectGetHostname(virConnectPtr conn);
    int virConnectGetLibVersion(virConnectPtr conn, unsigned long *libVer);
    int virConnectGetMaxVcpus(virConnectPtr conn, const char *type);
    char *virConnectGetSysinfo(virConnectPtr conn, unsigned int flags);
    const char *virConnectGetType(virConnectPtr conn);
    char *virConnectGetURI(virConnectPtr conn) since 0.3.0;
    int virConnectGetVersion(virConnectPtr conn, unsigned long *hvVer);
    int virConnectIsAlive(virConnectPtr conn) since 0.9.8;
    int virConnectIsEncrypted(virConnectPtr conn) since 0.7.3;
    int virConnectIsSecure(virConnectPtr conn);
    virConnectPtr virConnectOpen(const char *name);
    virConnectPtr virConnectOpenAuth(const char *name, virConnectAuthPtr auth, unsigned int flags) since 0.4.0;
    virConnectPtr virConnectOpenReadOnly(const char *name) since 0.0.3;
    int virConnectRef(virConnectPtr conn) since 0.6.0;
    int virConnectRegisterCloseCallback(virConnectPtr conn, virConnectCloseFunc cb, void *opaque,
        virFreeCallback freecb);
    int virConnectSetIdentity(virConnectPtr conn, virTypedParameterPtr params, int nparams, unsigned int flags);
    int virConnectSetKeepAlive(virConnectPtr conn, int interval, unsigned int count) since 0.9.8;
    int virConnectUnregisterCloseCallback(virConnectPtr conn, virConnectCloseFunc cb);
    int virGetVersion(unsigned long *libVer, const char *type, unsigned long *typeVer) since 0.0.3;
    int virInitialize(void) since 0.1.0;
    int virNodeAllocPages(virConnectPtr conn, unsigned int npages, unsigned int *pageSizes,
        unsigned long long *pageCounts, int startCell, unsigned int cellCount, unsigned int flags);
    int virNodeGetCPUMap(virConnectPtr conn, unsigned char **cpumap, unsigned int *online, unsigned int flags);
    int virNodeGetCPUStats(virConnectPtr conn, int cpuNum, virNodeCPUStatsPtr params, int *nparams,
        unsigned int flags);
    int virNodeGetCellsFreeMemory(virConnectPtr conn, unsigned long long *freeMems, int startCell, int maxCells);
    unsigned long long virNodeGetFreeMemory(virConnectPtr conn);
    int virNodeGetFreePages(virConnectPtr conn, unsigned int npages, unsigned int *pages, int startCell,
        unsigned int cellCount, unsigned long long *counts, unsigned int flags);
    int virNodeGetInfo(virConnectPtr conn, virNodeInfoPtr info);
    int virNodeGetMemoryParameters(virConnectPtr conn, virTypedParameterPtr params, int *nparams, unsigned int flags);
    int virNodeGetMemoryStats(virConnectPtr conn, int cellNum, virNodeMemoryStatsPtr params, int *nparams,
        unsigned int flags);
    int virNodeGetSEVInfo(virConnectPtr conn, virTypedParameterPtr *params, int *nparams, unsigned int flags);
    int virNodeGetSecurityModel(virConnectPtr conn, virSecurityModelPtr secmodel);
    int virNodeSetMemoryParameters(virConnectPtr conn, virTypedParameterPtr params, int nparams, unsigned int flags);
    int virNodeSuspendForDuration(virConnectPtr conn, unsigned int target, unsigned long long duration,
        unsigned int flags);
  `,
  callbacks: `
    int virConnectAuthCallbackPtr(virConnectCredentialPtr cred, unsigned int ncred, void *cbdata) since 0.4.1;
    void virConnectCloseFunc(virConnectPtr conn, int reason, void *opaque) since 0.10.0;
  `,
  structures: `
    virConnectAuth {
      int *credtype;
      unsigned int ncredtype;
      virConnectAuthCallbackPtr cb;
      void *cbdata;
    } since 0.4.1;
    virConnectCredential {
      int type;
      const char *prompt;
      const char *challenge;
      const char *defresult;
      char *result;
      unsigned int resultlen;
    } since 0.4.1;
    virNodeCPUStats {
      char field[VIR_NODE_CPU_STATS_FIELD_LENGTH];
      unsigned long long value;
    } since 0.9.3;
    virNodeInfo {
      char model[32];
      unsigned long memory [KiB];
      unsigned int cpus;
      unsigned int mhz [MHz];
      unsigned int nodes;
      unsigned int sockets;
      unsigned int cores;
      unsigned int threads;
    } since 0.1.0;
    virNodeMemoryStats {
      char field[VIR_NODE_MEMORY_STATS_FIELD_LENGTH];
      unsigned long long value;
    } since 0.9.3;
    virSecurityLabel {
      char label[VIR_SECURITY_LABEL_BUFLEN];
      int enforcing;
    } since 0.6.1;
    virSecurityModel {
      char model[VIR_SECURITY_MODEL_BUFLEN];
      char doi[VIR_SECURITY_DOI_BUFLEN];
    } since 0.6.1;
  `,
});
