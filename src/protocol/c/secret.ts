/** What libvirt's header of secrets declares. */
import { type Header, header } from "./header.ts";

export const secretHeader: Header = header("libvirt-secret", {
  functions: `
    int virConnectListAllSecrets(virConnectPtr conn, virSecretPtr **secrets, unsigned int flags);
    int virConnectListSecrets(virConnectPtr conn, char **uuids, int maxuuids);
    int virConnectNumOfSecrets(virConnectPtr conn);
    int virConnectSecretEventDeregisterAny(virConnectPtr conn, int callbackID);
    int virConnectSecretEventRegisterAny(virConnectPtr conn, virSecretPtr secret, int eventID,
        virConnectSecretEventGenericCallback cb, void *opaque, virFreeCallback freecb);
    virSecretPtr virSecretDefineXML(virConnectPtr conn, const char *xml, unsigned int flags);
    int virSecretFree(virSecretPtr secret) since 0.7.1;
    virConnectPtr virSecretGetConnect(virSecretPtr secret) since 0.7.1;
    int virSecretGetUUID(virSecretPtr secret, unsigned char *uuid) since 0.7.1;
    int virSecretGetUUIDString(virSecretPtr secret, char *buf) since 0.7.1;
    const char *virSecretGetUsageID(virSecretPtr secret) since 0.7.1;
    int virSecretGetUsageType(virSecretPtr secret) since 0.7.1;
    unsigned char *virSecretGetValue(virSecretPtr secret, size_t *value_size, unsigned int flags);
    char *virSecretGetXMLDesc(virSecretPtr secret, unsigned int flags);
    virSecretPtr virSecretLookupByUUID(virConnectPtr conn, const unsigned char *uuid);
    virSecretPtr virSecretLookupByUUIDString(virConnectPtr conn, const char *uuidstr) since 0.7.1;
    virSecretPtr virSecretLookupByUsage(virConnectPtr conn, int usageType, const char *usageID);
    int virSecretRef(virSecretPtr secret) since 0.7.1;
    int virSecretSetValue(virSecretPtr secret, const unsigned char *value, size_t value_size, unsigned int flags);
    int virSecretUndefine(virSecretPtr secret);
  `,
  callbacks: `
    void virConnectSecretEventGenericCallback(virConnectPtr conn, virSecretPtr secret, void *opaque) since 3.0.0;
    void virConnectSecretEventLifecycleCallback(virConnectPtr conn, virSecretPtr secret, int event, int detail,
        void *opaque) since 3.0.0;
  `,
});
