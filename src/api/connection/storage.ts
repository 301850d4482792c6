/** Storage of a connection. */
import type { CallOptions } from "../core/link.ts";
import { StoragePool } from "../storage/pool.ts";
import { StorageVol } from "../storage/volume.ts";
import type { Uuid } from "../values/uuid.ts";
import { ConnectionNetworks } from "./networks.ts";

/** The part of {@link Connection} about storage pools and volumes. */
export abstract class ConnectionStorage extends ConnectionNetworks {
  /**
   * The pools (`virConnectListAllStoragePools`, since 0.10.2).
   * @param flags which: `ConnectListAllStoragePoolsFlags`.
   */
  async listAllStoragePools(flags = 0, options?: CallOptions): Promise<StoragePool[]> {
    const { pools } = await this.call("connectListAllStoragePools", { needResults: 1, flags }, options);
    return pools.map((pool) => new StoragePool(this.link, pool));
  }

  /** The names of the running pools (`virConnectListStoragePools`, since 0.4.1). */
  async listStoragePools(options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfStoragePools(options);
    return [...(await this.call("connectListStoragePools", { maxnames }, options)).names];
  }

  /** How many pools run (`virConnectNumOfStoragePools`, since 0.4.1). */
  async numOfStoragePools(options?: CallOptions): Promise<number> {
    return (await this.call("connectNumOfStoragePools", {}, options)).num;
  }

  /** The names of the pools that are defined and stopped (`virConnectListDefinedStoragePools`, since 0.4.1). */
  async listDefinedStoragePools(options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfDefinedStoragePools(options);
    return [...(await this.call("connectListDefinedStoragePools", { maxnames }, options)).names];
  }

  /** How many pools are defined and stopped (`virConnectNumOfDefinedStoragePools`, since 0.4.1). */
  async numOfDefinedStoragePools(options?: CallOptions): Promise<number> {
    return (await this.call("connectNumOfDefinedStoragePools", {}, options)).num;
  }

  /**
   * The pool with a name (`virStoragePoolLookupByName`, since 0.4.1).
   * @throws {LibvirtError} NO_STORAGE_POOL
   */
  async storagePoolLookupByName(name: string, options?: CallOptions): Promise<StoragePool> {
    return new StoragePool(this.link, (await this.call("storagePoolLookupByName", { name }, options)).pool);
  }

  /**
   * The pool with a UUID: its text or its 16 bytes (`virStoragePoolLookupByUUID`, since 0.4.1).
   * @throws {LibvirtError} NO_STORAGE_POOL
   */
  async storagePoolLookupByUuid(uuid: Uuid, options?: CallOptions): Promise<StoragePool> {
    const bytes = this.bytesOf(uuid, "STORAGE", "virStoragePoolLookupByUUID");
    return new StoragePool(this.link, (await this.call("storagePoolLookupByUuid", { uuid: bytes }, options)).pool);
  }

  /**
   * The pool with a UUID (`virStoragePoolLookupByUUIDString`, since 0.4.1).
   * @throws {LibvirtError} NO_STORAGE_POOL
   */
  storagePoolLookupByUuidString(uuid: string, options?: CallOptions): Promise<StoragePool> {
    return this.storagePoolLookupByUuid(uuid, options);
  }

  /**
   * The pool whose volumes are at a path (`virStoragePoolLookupByTargetPath`, since 4.1.0).
   * @throws {LibvirtError} NO_STORAGE_POOL
   */
  async storagePoolLookupByTargetPath(path: string, options?: CallOptions): Promise<StoragePool> {
    return new StoragePool(this.link, (await this.call("storagePoolLookupByTargetPath", { path }, options)).pool);
  }

  /**
   * Starts a transient pool (`virStoragePoolCreateXML`, since 0.4.1).
   * @param flags `StoragePoolCreateFlags`.
   */
  async storagePoolCreateXML(xml: string, flags = 0, options?: CallOptions): Promise<StoragePool> {
    return new StoragePool(this.link, (await this.call("storagePoolCreateXml", { xml, flags }, options)).pool);
  }

  /**
   * Defines a pool, or changes its definition (`virStoragePoolDefineXML`, since 0.4.1).
   * @param flags `StoragePoolDefineFlags`.
   */
  async storagePoolDefineXML(xml: string, flags = 0, options?: CallOptions): Promise<StoragePool> {
    return new StoragePool(this.link, (await this.call("storagePoolDefineXml", { xml, flags }, options)).pool);
  }

  /**
   * Sources that a pool of a type could have, as XML (`virConnectFindStoragePoolSources`, since 0.4.5).
   * @param type `netfs`, `logical`, ...
   * @param srcSpec where to look: a `<source>`; null where there is one place.
   */
  async findStoragePoolSources(
    type: string,
    srcSpec: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    return (await this.call("connectFindStoragePoolSources", { type, srcSpec, flags }, options)).xml;
  }

  /** Which types of pools there can be, as XML (`virConnectGetStoragePoolCapabilities`, since 5.2.0). */
  async getStoragePoolCapabilities(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("connectGetStoragePoolCapabilities", { flags }, options)).capabilities;
  }

  /**
   * The volume with a key, of any pool (`virStorageVolLookupByKey`, since 0.4.1).
   * @throws {LibvirtError} NO_STORAGE_VOL
   */
  async storageVolLookupByKey(key: string, options?: CallOptions): Promise<StorageVol> {
    return new StorageVol(this.link, (await this.call("storageVolLookupByKey", { key }, options)).vol);
  }

  /**
   * The volume at a path, of any pool (`virStorageVolLookupByPath`, since 0.4.1).
   * @throws {LibvirtError} NO_STORAGE_VOL
   */
  async storageVolLookupByPath(path: string, options?: CallOptions): Promise<StorageVol> {
    return new StorageVol(this.link, (await this.call("storageVolLookupByPath", { path }, options)).vol);
  }
}
