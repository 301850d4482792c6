/** What libvirt's header of checkpoints of domains declares. */
import { type Header, header } from "./header.ts";

export const domainCheckpointHeader: Header = header("libvirt-domain-checkpoint", {
  functions: `
    virDomainCheckpointPtr virDomainCheckpointCreateXML(virDomainPtr domain, const char *xmlDesc, unsigned int flags);
    int virDomainCheckpointDelete(virDomainCheckpointPtr checkpoint, unsigned int flags);
    int virDomainCheckpointFree(virDomainCheckpointPtr checkpoint) since 5.6.0;
    virConnectPtr virDomainCheckpointGetConnect(virDomainCheckpointPtr checkpoint) since 5.6.0;
    virDomainPtr virDomainCheckpointGetDomain(virDomainCheckpointPtr checkpoint) since 5.6.0;
    const char *virDomainCheckpointGetName(virDomainCheckpointPtr checkpoint) since 5.6.0;
    virDomainCheckpointPtr virDomainCheckpointGetParent(virDomainCheckpointPtr checkpoint, unsigned int flags);
    char *virDomainCheckpointGetXMLDesc(virDomainCheckpointPtr checkpoint, unsigned int flags);
    int virDomainCheckpointListAllChildren(virDomainCheckpointPtr checkpoint, virDomainCheckpointPtr **children,
        unsigned int flags);
    virDomainCheckpointPtr virDomainCheckpointLookupByName(virDomainPtr domain, const char *name, unsigned int flags);
    int virDomainCheckpointRef(virDomainCheckpointPtr checkpoint) since 5.6.0;
    int virDomainListAllCheckpoints(virDomainPtr domain, virDomainCheckpointPtr **checkpoints, unsigned int flags);
  `,
});
