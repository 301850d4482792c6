/** What libvirt's header of the host's network interfaces declares. */
import { type Header, header } from "./header.ts";

export const interfaceHeader: Header = header("libvirt-interface", {
  functions: `
    int virConnectListAllInterfaces(virConnectPtr conn, virInterfacePtr **ifaces, unsigned int flags);
    int virConnectListDefinedInterfaces(virConnectPtr conn, char ** const names, int maxnames);
    int virConnectListInterfaces(virConnectPtr conn, char ** const names, int maxnames);
    int virConnectNumOfDefinedInterfaces(virConnectPtr conn);
    int virConnectNumOfInterfaces(virConnectPtr conn);
    int virInterfaceChangeBegin(virConnectPtr conn, unsigned int flags);
    int virInterfaceChangeCommit(virConnectPtr conn, unsigned int flags);
    int virInterfaceChangeRollback(virConnectPtr conn, unsigned int flags);
    int virInterfaceCreate(virInterfacePtr iface, unsigned int flags);
    virInterfacePtr virInterfaceDefineXML(virConnectPtr conn, const char *xml, unsigned int flags);
    int virInterfaceDestroy(virInterfacePtr iface, unsigned int flags);
    int virInterfaceFree(virInterfacePtr iface) since 0.6.4;
    virConnectPtr virInterfaceGetConnect(virInterfacePtr iface) since 0.6.4;
    const char *virInterfaceGetMACString(virInterfacePtr iface) since 0.6.4;
    const char *virInterfaceGetName(virInterfacePtr iface) since 0.6.4;
    char *virInterfaceGetXMLDesc(virInterfacePtr iface, unsigned int flags);
    int virInterfaceIsActive(virInterfacePtr iface);
    virInterfacePtr virInterfaceLookupByMACString(virConnectPtr conn, const char *macstr);
    virInterfacePtr virInterfaceLookupByName(virConnectPtr conn, const char *name);
    int virInterfaceRef(virInterfacePtr iface) since 0.6.4;
    int virInterfaceUndefine(virInterfacePtr iface);
  `,
});
