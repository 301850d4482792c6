/** What libvirt's header of network filters and their bindings declares. */
import { type Header, header } from "./header.ts";

export const nwfilterHeader: Header = header("libvirt-nwfilter", {
  functions: `
    int virConnectListAllNWFilterBindings(virConnectPtr conn, virNWFilterBindingPtr **bindings, unsigned int flags);
    int virConnectListAllNWFilters(virConnectPtr conn, virNWFilterPtr **filters, unsigned int flags);
    int virConnectListNWFilters(virConnectPtr conn, char ** const names, int maxnames);
    int virConnectNumOfNWFilters(virConnectPtr conn);
    virNWFilterBindingPtr virNWFilterBindingCreateXML(virConnectPtr conn, const char *xml, unsigned int flags);
    int virNWFilterBindingDelete(virNWFilterBindingPtr binding);
    int virNWFilterBindingFree(virNWFilterBindingPtr binding) since 4.5.0;
    const char *virNWFilterBindingGetFilterName(virNWFilterBindingPtr binding) since 4.5.0;
    const char *virNWFilterBindingGetPortDev(virNWFilterBindingPtr binding) since 4.5.0;
    char *virNWFilterBindingGetXMLDesc(virNWFilterBindingPtr binding, unsigned int flags);
    virNWFilterBindingPtr virNWFilterBindingLookupByPortDev(virConnectPtr conn, const char *portdev);
    int virNWFilterBindingRef(virNWFilterBindingPtr binding) since 4.5.0;
    virNWFilterPtr virNWFilterDefineXML(virConnectPtr conn, const char *xmlDesc);
    virNWFilterPtr virNWFilterDefineXMLFlags(virConnectPtr conn, const char *xmlDesc, unsigned int flags);
    int virNWFilterFree(virNWFilterPtr nwfilter) since 0.8.0;
    const char *virNWFilterGetName(virNWFilterPtr nwfilter) since 0.8.0;
    int virNWFilterGetUUID(virNWFilterPtr nwfilter, unsigned char *uuid) since 0.8.0;
    int virNWFilterGetUUIDString(virNWFilterPtr nwfilter, char *buf) since 0.8.0;
    char *virNWFilterGetXMLDesc(virNWFilterPtr nwfilter, unsigned int flags);
    virNWFilterPtr virNWFilterLookupByName(virConnectPtr conn, const char *name);
    virNWFilterPtr virNWFilterLookupByUUID(virConnectPtr conn, const unsigned char *uuid);
    virNWFilterPtr virNWFilterLookupByUUIDString(virConnectPtr conn, const char *uuidstr) since 0.8.0;
    int virNWFilterRef(virNWFilterPtr nwfilter) since 0.8.0;
    int virNWFilterUndefine(virNWFilterPtr nwfilter);
  `,
});
