/** Storage pools. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { NamedObject } from "../core/named.ts";
import { wireOf } from "../core/object.ts";
import { type EventListener, listenTo, openEvents } from "../events/open.ts";
import type { EventStream, ObjectEventOptions } from "../events/stream.ts";
import type { EventOf, StoragePoolEvent } from "../events/types.ts";
import { StorageVol } from "./volume.ts";

/** A pool's state and sizes ({@link StoragePool.info}). */
export interface StoragePoolInfo {
  /** `StoragePoolState`. */
  readonly state: number;
  /** In bytes. */
  readonly capacity: bigint;
  /** What its volumes take, in bytes. */
  readonly allocation: bigint;
  /** What is free, in bytes. */
  readonly available: bigint;
}

/** A place for volumes: a directory, a volume group, ... (`virStoragePool`). */
export class StoragePool extends NamedObject<protocol.StoragePool> {
  /**
   * The pool's description, as XML (`virStoragePoolGetXMLDesc`, since 0.4.1).
   * @param flags `StorageXMLFlags`.
   */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("storagePoolGetXmlDesc", { pool: this.wire, flags }, options)).xml;
  }

  /**
   * Starts a defined pool (`virStoragePoolCreate`, since 0.4.1).
   * @param flags `StoragePoolCreateFlags`.
   */
  create(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("storagePoolCreate", { pool: this.wire, flags }, options);
  }

  /**
   * Makes what the pool stands on: its directory, its file system, ... (`virStoragePoolBuild`, since 0.4.1).
   * @param flags `StoragePoolBuildFlags`.
   */
  build(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("storagePoolBuild", { pool: this.wire, flags }, options);
  }

  /** Stops the pool; its volumes stay (`virStoragePoolDestroy`, since 0.4.1). */
  destroy(options?: CallOptions): Promise<void> {
    return this.run("storagePoolDestroy", { pool: this.wire }, options);
  }

  /**
   * Deletes what a stopped pool stands on (`virStoragePoolDelete`, since 0.4.1). Data is lost.
   * @param flags `StoragePoolDeleteFlags`.
   */
  delete(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("storagePoolDelete", { pool: this.wire, flags }, options);
  }

  /** Removes the definition of a stopped pool (`virStoragePoolUndefine`, since 0.4.1). */
  undefine(options?: CallOptions): Promise<void> {
    return this.run("storagePoolUndefine", { pool: this.wire }, options);
  }

  /** Reads anew which volumes there are (`virStoragePoolRefresh`, since 0.4.1). */
  refresh(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("storagePoolRefresh", { pool: this.wire, flags }, options);
  }

  /** The pool's state and sizes (`virStoragePoolGetInfo`, since 0.4.1). */
  async info(options?: CallOptions): Promise<StoragePoolInfo> {
    return { ...(await this.call("storagePoolGetInfo", { pool: this.wire }, options)) };
  }

  /** Whether the pool is started with the host (`virStoragePoolGetAutostart`, since 0.4.1). */
  async autostart(options?: CallOptions): Promise<boolean> {
    return (await this.call("storagePoolGetAutostart", { pool: this.wire }, options)).autostart !== 0;
  }

  /** Says whether the pool is started with the host (`virStoragePoolSetAutostart`, since 0.4.1). */
  setAutostart(autostart: boolean, options?: CallOptions): Promise<void> {
    return this.run("storagePoolSetAutostart", { pool: this.wire, autostart: autostart ? 1 : 0 }, options);
  }

  /** Whether the pool runs (`virStoragePoolIsActive`, since 0.7.3). */
  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.call("storagePoolIsActive", { pool: this.wire }, options)).active !== 0;
  }

  /** Whether the pool has a definition that stays when it is stopped (`virStoragePoolIsPersistent`, since 0.7.3). */
  async isPersistent(options?: CallOptions): Promise<boolean> {
    return (await this.call("storagePoolIsPersistent", { pool: this.wire }, options)).persistent !== 0;
  }

  /** The volumes of the running pool (`virStoragePoolListAllVolumes`, since 0.10.2). */
  async listAllVolumes(flags = 0, options?: CallOptions): Promise<StorageVol[]> {
    const args = { pool: this.wire, needResults: 1, flags };
    const { vols } = await this.call("storagePoolListAllVolumes", args, options);
    return vols.map((vol) => new StorageVol(this.link, vol));
  }

  /** How many volumes the running pool has (`virStoragePoolNumOfVolumes`, since 0.4.1). */
  async numOfVolumes(options?: CallOptions): Promise<number> {
    return (await this.call("storagePoolNumOfVolumes", { pool: this.wire }, options)).num;
  }

  /** The names of the running pool's volumes (`virStoragePoolListVolumes`, since 0.4.1). */
  async listVolumes(options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfVolumes(options);
    return [...(await this.call("storagePoolListVolumes", { pool: this.wire, maxnames }, options)).names];
  }

  /**
   * The volume with a name (`virStorageVolLookupByName`, since 0.4.1).
   * @throws {LibvirtError} NO_STORAGE_VOL
   */
  async storageVolLookupByName(name: string, options?: CallOptions): Promise<StorageVol> {
    const { vol } = await this.call("storageVolLookupByName", { pool: this.wire, name }, options);
    return new StorageVol(this.link, vol);
  }

  /**
   * Makes a volume (`virStorageVolCreateXML`, since 0.4.1).
   * @param xml a `<volume>`.
   * @param flags `StorageVolCreateFlags`.
   */
  async createXML(xml: string, flags = 0, options?: CallOptions): Promise<StorageVol> {
    const { vol } = await this.call("storageVolCreateXml", { pool: this.wire, xml, flags }, options);
    return new StorageVol(this.link, vol);
  }

  /**
   * Makes a volume with what another one holds (`virStorageVolCreateXMLFrom`, since 0.6.4).
   * @param flags `StorageVolCreateFlags`.
   */
  async createXMLFrom(xml: string, clonevol: StorageVol, flags = 0, options?: CallOptions): Promise<StorageVol> {
    const args = { pool: this.wire, xml, clonevol: wireOf(clonevol), flags };
    const { vol } = await this.call("storageVolCreateXmlFrom", args, options);
    return new StorageVol(this.link, vol);
  }

  /** The pool's events, as they happen from now on (`virConnectStoragePoolEventRegisterAny` with a pool). */
  events(options: ObjectEventOptions = {}): EventStream<StoragePoolEvent> {
    return openEvents<StoragePoolEvent>(this.link, { ...options, kinds: ["storagePool"], object: this.wire });
  }

  /** Calls a function at each of its events of a type, until the listener or the connection is closed. */
  on<Type extends StoragePoolEvent["type"]>(type: Type, listener: (event: EventOf<Type>) => void): EventListener {
    return listenTo(this.link, { types: [type], kinds: ["storagePool"], object: this.wire }, listener);
  }
}
