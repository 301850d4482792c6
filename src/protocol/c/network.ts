/** What libvirt's header of virtual networks and their ports declares. */
import { type Header, header } from "./header.ts";

export const networkHeader: Header = header("libvirt-network", {
  functions: `
    int virConnectListAllNetworks(virConnectPtr conn, virNetworkPtr **nets, unsigned int flags);
    int virConnectListDefinedNetworks(virConnectPtr conn, char ** const names, int maxnames);
    int virConnectListNetworks(virConnectPtr conn, char ** const names, int maxnames);
    int virConnectNetworkEventDeregisterAny(virConnectPtr conn, int callbackID);
    int virConnectNetworkEventRegisterAny(virConnectPtr conn, virNetworkPtr net, int eventID,
        virConnectNetworkEventGenericCallback cb, void *opaque, virFreeCallback freecb);
    int virConnectNumOfDefinedNetworks(virConnectPtr conn);
    int virConnectNumOfNetworks(virConnectPtr conn);
    int virNetworkCreate(virNetworkPtr network);
    virNetworkPtr virNetworkCreateXML(virConnectPtr conn, const char *xmlDesc);
    virNetworkPtr virNetworkCreateXMLFlags(virConnectPtr conn, const char *xmlDesc, unsigned int flags);
    void virNetworkDHCPLeaseFree(virNetworkDHCPLeasePtr lease) since 1.2.6;
    virNetworkPtr virNetworkDefineXML(virConnectPtr conn, const char *xml);
    virNetworkPtr virNetworkDefineXMLFlags(virConnectPtr conn, const char *xml, unsigned int flags);
    int virNetworkDestroy(virNetworkPtr network);
    int virNetworkFree(virNetworkPtr network) since 0.2.0;
    int virNetworkGetAutostart(virNetworkPtr network, int *autostart);
    char *virNetworkGetBridgeName(virNetworkPtr network);
    virConnectPtr virNetworkGetConnect(virNetworkPtr net) since 0.3.0;
    int virNetworkGetDHCPLeases(virNetworkPtr network, const char *mac, virNetworkDHCPLeasePtr **leases,
        unsigned int flags);
    const char *virNetworkGetName(virNetworkPtr network) since 0.2.0;
    int virNetworkGetUUID(virNetworkPtr network, unsigned char *uuid) since 0.2.0;
    int virNetworkGetUUIDString(virNetworkPtr network, char *buf) since 0.2.0;
    char *virNetworkGetXMLDesc(virNetworkPtr network, unsigned int flags);
    int virNetworkIsActive(virNetworkPtr net);
    int virNetworkIsPersistent(virNetworkPtr net);
    int virNetworkListAllPorts(virNetworkPtr network, virNetworkPortPtr **ports, unsigned int flags);
    virNetworkPtr virNetworkLookupByName(virConnectPtr conn, const char *name);
    virNetworkPtr virNetworkLookupByUUID(virConnectPtr conn, const unsigned char *uuid);
    virNetworkPtr virNetworkLookupByUUIDString(virConnectPtr conn, const char *uuidstr) since 0.2.0;
    virNetworkPortPtr virNetworkPortCreateXML(virNetworkPtr net, const char *xmldesc, unsigned int flags);
    int virNetworkPortDelete(virNetworkPortPtr port, unsigned int flags);
    int virNetworkPortFree(virNetworkPortPtr port) since 5.5.0;
    virNetworkPtr virNetworkPortGetNetwork(virNetworkPortPtr port) since 5.5.0;
    int virNetworkPortGetParameters(virNetworkPortPtr port, virTypedParameterPtr *params, int *nparams,
        unsigned int flags);
    int virNetworkPortGetUUID(virNetworkPortPtr port, unsigned char *uuid) since 5.5.0;
    int virNetworkPortGetUUIDString(virNetworkPortPtr port, char *buf) since 5.5.0;
    char *virNetworkPortGetXMLDesc(virNetworkPortPtr port, unsigned int flags);
    virNetworkPortPtr virNetworkPortLookupByUUID(virNetworkPtr net, const unsigned char *uuid);
    virNetworkPortPtr virNetworkPortLookupByUUIDString(virNetworkPtr net, const char *uuidstr) since 5.5.0;
    int virNetworkPortRef(virNetworkPortPtr port) since 5.5.0;
    int virNetworkPortSetParameters(virNetworkPortPtr port, virTypedParameterPtr params, int nparams,
        unsigned int flags);
    int virNetworkRef(virNetworkPtr network) since 0.6.0;
    int virNetworkSetAutostart(virNetworkPtr network, int autostart);
    int virNetworkUndefine(virNetworkPtr network);
    int virNetworkUpdate(virNetworkPtr network, unsigned int command, unsigned int section, int parentIndex,
        const char *xml, unsigned int flags);
    int virNetworkSetMetadata(virNetworkPtr network, int type, const char *metadata, const char *key,
        const char *uri, unsigned int flags);
    char *virNetworkGetMetadata(virNetworkPtr network, int type, const char *uri, unsigned int flags);
  `,
  callbacks: `
    void virConnectNetworkEventGenericCallback(virConnectPtr conn, virNetworkPtr net, void *opaque) since 1.2.1;
    void virConnectNetworkEventLifecycleCallback(virConnectPtr conn, virNetworkPtr net, int event, int detail,
        void *opaque) since 1.2.1;
  `,
  structures: `
    virNetworkDHCPLease {
      char *iface;
      long long expirytime [s];
      int type;
      char *mac;
      char *iaid;
      char *ipaddr;
      unsigned int prefix;
      char *hostname;
      char *clientid;
    } since 1.2.6;
  `,
});
