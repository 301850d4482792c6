/** What libvirt's header of domains, but for the functions declares. */
import { type Header, header } from "./header.ts";

export const domainTypesHeader: Header = header("libvirt-domain", {
  callbacks: `
    void virConnectDomainEventAgentLifecycleCallback(virConnectPtr conn, virDomainPtr dom, int state, int reason,
        void *opaque) since 1.2.11;
    void virConnectDomainEventBalloonChangeCallback(virConnectPtr conn, virDomainPtr dom, unsigned long long actual,
        void *opaque) since 0.10.0;
    void virConnectDomainEventBlockJobCallback(virConnectPtr conn, virDomainPtr dom, const char *disk, int type,
        int status, void *opaque) since 0.9.4;
    void virConnectDomainEventBlockThresholdCallback(virConnectPtr conn, virDomainPtr dom, const char *dev,
        const char *path, unsigned long long threshold, unsigned long long excess, void *opaque) since 3.2.0;
    int virConnectDomainEventCallback(virConnectPtr conn, virDomainPtr dom, int event, int detail,
        void *opaque) since 0.5.0;
    void virConnectDomainEventDeviceAddedCallback(virConnectPtr conn, virDomainPtr dom, const char *devAlias,
        void *opaque) since 1.2.15;
    void virConnectDomainEventDeviceRemovalFailedCallback(virConnectPtr conn, virDomainPtr dom, const char *devAlias,
        void *opaque) since 1.3.4;
    void virConnectDomainEventDeviceRemovedCallback(virConnectPtr conn, virDomainPtr dom, const char *devAlias,
        void *opaque) since 1.1.1;
    void virConnectDomainEventDiskChangeCallback(virConnectPtr conn, virDomainPtr dom, const char *oldSrcPath,
        const char *newSrcPath, const char *devAlias, int reason, void *opaque) since 0.9.7;
    void virConnectDomainEventGenericCallback(virConnectPtr conn, virDomainPtr dom, void *opaque) since 0.8.0;
    void virConnectDomainEventGraphicsCallback(virConnectPtr conn, virDomainPtr dom, int phase,
        const virDomainEventGraphicsAddress *local, const virDomainEventGraphicsAddress *remote,
        const char *authScheme, const virDomainEventGraphicsSubject *subject, void *opaque) since 0.8.0;
    void virConnectDomainEventIOErrorCallback(virConnectPtr conn, virDomainPtr dom, const char *srcPath,
        const char *devAlias, int action, void *opaque) since 0.8.0;
    void virConnectDomainEventIOErrorReasonCallback(virConnectPtr conn, virDomainPtr dom, const char *srcPath,
        const char *devAlias, int action, const char *reason, void *opaque) since 0.8.1;
    void virConnectDomainEventJobCompletedCallback(virConnectPtr conn, virDomainPtr dom, virTypedParameterPtr params,
        int nparams, void *opaque) since 1.3.3;
    void virConnectDomainEventMemoryDeviceSizeChangeCallback(virConnectPtr conn, virDomainPtr dom, const char *alias,
        unsigned long long size, void *opaque) since 7.9.0;
    void virConnectDomainEventMemoryFailureCallback(virConnectPtr conn, virDomainPtr dom, int recipient, int action,
        unsigned int flags, void *opaque) since 6.9.0;
    void virConnectDomainEventMetadataChangeCallback(virConnectPtr conn, virDomainPtr dom, int type,
        const char *nsuri, void *opaque) since 3.0.0;
    void virConnectDomainEventMigrationIterationCallback(virConnectPtr conn, virDomainPtr dom, int iteration,
        void *opaque) since 1.3.2;
    void virConnectDomainEventPMSuspendCallback(virConnectPtr conn, virDomainPtr dom, int reason,
        void *opaque) since 0.9.11;
    void virConnectDomainEventPMSuspendDiskCallback(virConnectPtr conn, virDomainPtr dom, int reason,
        void *opaque) since 1.0.0;
    void virConnectDomainEventPMWakeupCallback(virConnectPtr conn, virDomainPtr dom, int reason,
        void *opaque) since 0.9.11;
    void virConnectDomainEventRTCChangeCallback(virConnectPtr conn, virDomainPtr dom, long long utcoffset,
        void *opaque) since 0.8.0;
    void virConnectDomainEventTrayChangeCallback(virConnectPtr conn, virDomainPtr dom, const char *devAlias,
        int reason, void *opaque) since 0.9.11;
    void virConnectDomainEventTunableCallback(virConnectPtr conn, virDomainPtr dom, virTypedParameterPtr params,
        int nparams, void *opaque) since 1.2.9;
    void virConnectDomainEventWatchdogCallback(virConnectPtr conn, virDomainPtr dom, int action,
        void *opaque) since 0.8.0;
  `,
  structures: `
    virDomainBlockInfo {
      unsigned long long capacity [bytes];
      unsigned long long allocation [bytes];
      unsigned long long physical [bytes];
    } since 0.8.1;
    virDomainBlockJobInfo {
      int type;
      unsigned long bandwidth;
      virDomainBlockJobCursor cur;
      virDomainBlockJobCursor end;
    } since 0.9.4;
    virDomainBlockStatsStruct {
      long long rd_req;
      long long rd_bytes [bytes];
      long long wr_req;
      long long wr_bytes [bytes];
      long long errs;
    } since 0.3.3;
    virDomainControlInfo {
      unsigned int state;
      unsigned int details;
      unsigned long long stateTime [ms];
    } since 0.9.3;
    virDomainDiskError {
      char *disk;
      int error;
    } since 0.9.10;
    virDomainEventGraphicsAddress {
      int family;
      char *node;
      char *service;
    } since 0.8.0;
    virDomainEventGraphicsSubject {
      int nidentity;
      virDomainEventGraphicsSubjectIdentityPtr identities;
    } since 0.8.0;
    virDomainEventGraphicsSubjectIdentity {
      char *type;
      char *name;
    } since 0.8.0;
    virDomainFSInfo {
      char *mountpoint;
      char *name;
      char *fstype;
      size_t ndevAlias;
      char **devAlias;
    } since 1.2.11;
    virDomainIOThreadInfo {
      unsigned int iothread_id;
      unsigned char *cpumap;
      int cpumaplen;
    } since 1.2.14;
    virDomainIPAddress {
      int type;
      char *addr;
      unsigned int prefix;
    } since 1.2.14;
    virDomainInfo {
      unsigned char state;
      unsigned long maxMem [KiB];
      unsigned long memory [KiB];
      unsigned short nrVirtCpu;
      unsigned long long cpuTime [ns];
    } since 0.0.1;
    virDomainInterface {
      char *name;
      char *hwaddr;
      unsigned int naddrs;
      virDomainIPAddressPtr addrs;
    } since 1.2.14;
    virDomainInterfaceStatsStruct {
      long long rx_bytes [bytes];
      long long rx_packets;
      long long rx_errs;
      long long rx_drop;
      long long tx_bytes [bytes];
      long long tx_packets;
      long long tx_errs;
      long long tx_drop;
    } since 0.3.3;
    virDomainJobInfo {
      int type;
      unsigned long long timeElapsed [ms];
      unsigned long long timeRemaining [ms];
      unsigned long long dataTotal [bytes];
      unsigned long long dataProcessed [bytes];
      unsigned long long dataRemaining [bytes];
      unsigned long long memTotal [bytes];
      unsigned long long memProcessed [bytes];
      unsigned long long memRemaining [bytes];
      unsigned long long fileTotal [bytes];
      unsigned long long fileProcessed [bytes];
      unsigned long long fileRemaining [bytes];
    } since 0.7.7;
    virDomainMemoryStatStruct {
      int tag;
      unsigned long long val;
    } since 0.7.5;
    virDomainStatsRecord {
      virDomainPtr dom;
      virTypedParameterPtr params;
      int nparams;
    } since 1.2.8;
    virVcpuInfo {
      unsigned int number;
      int state;
      unsigned long long cpuTime [ns];
      int cpu;
    } since 0.1.4;
  `,
});
