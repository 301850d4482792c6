/** What libvirt's header of snapshots of domains declares. */
import { type Header, header } from "./header.ts";

export const domainSnapshotHeader: Header = header("libvirt-domain-snapshot", {
  functions: `
    int virDomainHasCurrentSnapshot(virDomainPtr domain, unsigned int flags);
    int virDomainListAllSnapshots(virDomainPtr domain, virDomainSnapshotPtr **snaps, unsigned int flags);
    int virDomainRevertToSnapshot(virDomainSnapshotPtr snapshot, unsigned int flags);
    virDomainSnapshotPtr virDomainSnapshotCreateXML(virDomainPtr domain, const char *xmlDesc, unsigned int flags);
    virDomainSnapshotPtr virDomainSnapshotCurrent(virDomainPtr domain, unsigned int flags);
    int virDomainSnapshotDelete(virDomainSnapshotPtr snapshot, unsigned int flags);
    int virDomainSnapshotFree(virDomainSnapshotPtr snapshot) since 0.8.0;
    virConnectPtr virDomainSnapshotGetConnect(virDomainSnapshotPtr snapshot) since 0.9.5;
    virDomainPtr virDomainSnapshotGetDomain(virDomainSnapshotPtr snapshot) since 0.9.5;
    const char *virDomainSnapshotGetName(virDomainSnapshotPtr snapshot) since 0.9.5;
    virDomainSnapshotPtr virDomainSnapshotGetParent(virDomainSnapshotPtr snapshot, unsigned int flags);
    char *virDomainSnapshotGetXMLDesc(virDomainSnapshotPtr snapshot, unsigned int flags);
    int virDomainSnapshotHasMetadata(virDomainSnapshotPtr snapshot, unsigned int flags);
    int virDomainSnapshotIsCurrent(virDomainSnapshotPtr snapshot, unsigned int flags);
    int virDomainSnapshotListAllChildren(virDomainSnapshotPtr snapshot, virDomainSnapshotPtr **snaps,
        unsigned int flags);
    int virDomainSnapshotListChildrenNames(virDomainSnapshotPtr snapshot, char **names, int nameslen,
        unsigned int flags);
    int virDomainSnapshotListNames(virDomainPtr domain, char **names, int nameslen, unsigned int flags);
    virDomainSnapshotPtr virDomainSnapshotLookupByName(virDomainPtr domain, const char *name, unsigned int flags);
    int virDomainSnapshotNum(virDomainPtr domain, unsigned int flags);
    int virDomainSnapshotNumChildren(virDomainSnapshotPtr snapshot, unsigned int flags);
    int virDomainSnapshotRef(virDomainSnapshotPtr snapshot) since 0.9.13;
  `,
});
