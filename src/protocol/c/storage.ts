/** What libvirt's header of storage pools and volumes declares. */
import { type Header, header } from "./header.ts";

export const storageHeader: Header = header("libvirt-storage", {
  functions: `
    char *virConnectFindStoragePoolSources(virConnectPtr conn, const char *type, const char *srcSpec,
        unsigned int flags);
    char *virConnectGetStoragePoolCapabilities(virConnectPtr conn, unsigned int flags);
    int virConnectListAllStoragePools(virConnectPtr conn, virStoragePoolPtr **pools, unsigned int flags);
    int virConnectListDefinedStoragePools(virConnectPtr conn, char ** const names, int maxnames);
    int virConnectListStoragePools(virConnectPtr conn, char ** const names, int maxnames);
    int virConnectNumOfDefinedStoragePools(virConnectPtr conn);
    int virConnectNumOfStoragePools(virConnectPtr conn);
    int virConnectStoragePoolEventDeregisterAny(virConnectPtr conn, int callbackID);
    int virConnectStoragePoolEventRegisterAny(virConnectPtr conn, virStoragePoolPtr pool, int eventID,
        virConnectStoragePoolEventGenericCallback cb, void *opaque, virFreeCallback freecb);
    int virStoragePoolBuild(virStoragePoolPtr pool, unsigned int flags);
    int virStoragePoolCreate(virStoragePoolPtr pool, unsigned int flags);
    virStoragePoolPtr virStoragePoolCreateXML(virConnectPtr conn, const char *xmlDesc, unsigned int flags);
    virStoragePoolPtr virStoragePoolDefineXML(virConnectPtr conn, const char *xml, unsigned int flags);
    int virStoragePoolDelete(virStoragePoolPtr pool, unsigned int flags);
    int virStoragePoolDestroy(virStoragePoolPtr pool);
    int virStoragePoolFree(virStoragePoolPtr pool) since 0.4.1;
    int virStoragePoolGetAutostart(virStoragePoolPtr pool, int *autostart);
    virConnectPtr virStoragePoolGetConnect(virStoragePoolPtr pool) since 0.4.1;
    int virStoragePoolGetInfo(virStoragePoolPtr pool, virStoragePoolInfoPtr info);
    const char *virStoragePoolGetName(virStoragePoolPtr pool) since 0.4.1;
    int virStoragePoolGetUUID(virStoragePoolPtr pool, unsigned char *uuid) since 0.4.1;
    int virStoragePoolGetUUIDString(virStoragePoolPtr pool, char *buf) since 0.4.1;
    char *virStoragePoolGetXMLDesc(virStoragePoolPtr pool, unsigned int flags);
    int virStoragePoolIsActive(virStoragePoolPtr pool);
    int virStoragePoolIsPersistent(virStoragePoolPtr pool);
    int virStoragePoolListAllVolumes(virStoragePoolPtr pool, virStorageVolPtr **vols, unsigned int flags);
    int virStoragePoolListVolumes(virStoragePoolPtr pool, char ** const names, int maxnames);
    virStoragePoolPtr virStoragePoolLookupByName(virConnectPtr conn, const char *name);
    virStoragePoolPtr virStoragePoolLookupByTargetPath(virConnectPtr conn, const char *path);
    virStoragePoolPtr virStoragePoolLookupByUUID(virConnectPtr conn, const unsigned char *uuid);
    virStoragePoolPtr virStoragePoolLookupByUUIDString(virConnectPtr conn, const char *uuidstr) since 0.4.1;
    virStoragePoolPtr virStoragePoolLookupByVolume(virStorageVolPtr vol);
    int virStoragePoolNumOfVolumes(virStoragePoolPtr pool);
    int virStoragePoolRef(virStoragePoolPtr pool) since 0.6.0;
    int virStoragePoolRefresh(virStoragePoolPtr pool, unsigned int flags);
    int virStoragePoolSetAutostart(virStoragePoolPtr pool, int autostart);
    int virStoragePoolUndefine(virStoragePoolPtr pool);
    virStorageVolPtr virStorageVolCreateXML(virStoragePoolPtr pool, const char *xmlDesc, unsigned int flags);
    virStorageVolPtr virStorageVolCreateXMLFrom(virStoragePoolPtr pool, const char *xmlDesc,
        virStorageVolPtr clonevol, unsigned int flags);
    int virStorageVolDelete(virStorageVolPtr vol, unsigned int flags);
    int virStorageVolDownload(virStorageVolPtr vol, virStreamPtr stream, unsigned long long offset,
        unsigned long long length, unsigned int flags);
    int virStorageVolFree(virStorageVolPtr vol) since 0.4.1;
    virConnectPtr virStorageVolGetConnect(virStorageVolPtr vol) since 0.4.1;
    int virStorageVolGetInfo(virStorageVolPtr vol, virStorageVolInfoPtr info);
    int virStorageVolGetInfoFlags(virStorageVolPtr vol, virStorageVolInfoPtr info, unsigned int flags);
    const char *virStorageVolGetKey(virStorageVolPtr vol) since 0.4.1;
    const char *virStorageVolGetName(virStorageVolPtr vol) since 0.4.1;
    char *virStorageVolGetPath(virStorageVolPtr vol);
    char *virStorageVolGetXMLDesc(virStorageVolPtr vol, unsigned int flags);
    virStorageVolPtr virStorageVolLookupByKey(virConnectPtr conn, const char *key);
    virStorageVolPtr virStorageVolLookupByName(virStoragePoolPtr pool, const char *name);
    virStorageVolPtr virStorageVolLookupByPath(virConnectPtr conn, const char *path);
    int virStorageVolRef(virStorageVolPtr vol) since 0.6.0;
    int virStorageVolResize(virStorageVolPtr vol, unsigned long long capacity, unsigned int flags);
    int virStorageVolUpload(virStorageVolPtr vol, virStreamPtr stream, unsigned long long offset,
        unsigned long long length, unsigned int flags);
    int virStorageVolWipe(virStorageVolPtr vol, unsigned int flags);
    int virStorageVolWipePattern(virStorageVolPtr vol, unsigned int algorithm, unsigned int flags);
  `,
  callbacks: `
    void virConnectStoragePoolEventGenericCallback(virConnectPtr conn, virStoragePoolPtr pool,
        void *opaque) since 2.0.0;
    void virConnectStoragePoolEventLifecycleCallback(virConnectPtr conn, virStoragePoolPtr pool, int event,
        int detail, void *opaque) since 2.0.0;
  `,
  structures: `
    virStoragePoolInfo {
      int state;
      unsigned long long capacity [bytes];
      unsigned long long allocation [bytes];
      unsigned long long available [bytes];
    } since 0.4.1;
    virStorageVolInfo {
      int type;
      unsigned long long capacity [bytes];
      unsigned long long allocation [bytes];
    } since 0.4.1;
  `,
});
