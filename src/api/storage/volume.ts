/** Storage volumes. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { ApiObject } from "../core/object.ts";
import { openStream } from "../stream/open.ts";
import type { Stream } from "../stream/stream.ts";
import type { Integer } from "../values/integer.ts";
import { StoragePool } from "./pool.ts";

/** A volume's kind and sizes ({@link StorageVol.info}). */
export interface StorageVolInfo {
  /** `StorageVolType`. */
  readonly type: number;
  /** How large it is for a guest, in bytes. */
  readonly capacity: bigint;
  /** What it takes of its pool, in bytes; its physical size with the flag GET_PHYSICAL. */
  readonly allocation: bigint;
}

/** A disk image, a logical volume, ... (`virStorageVol`). */
export class StorageVol extends ApiObject<protocol.StorageVol> {
  /** The name, unique in its pool (`virStorageVolGetName`, since 0.4.1). */
  name(): string {
    return this.wire.name;
  }

  /**
   * A key that is unique on the host, and stays when the pool's target moves, where there is such a thing
   * (`virStorageVolGetKey`, since 0.4.1).
   */
  key(): string {
    return this.wire.key;
  }

  /** The path by which a domain uses it (`virStorageVolGetPath`, since 0.4.1). */
  async path(options?: CallOptions): Promise<string> {
    return (await this.call("storageVolGetPath", { vol: this.wire }, options)).name;
  }

  /** The volume's description, as XML (`virStorageVolGetXMLDesc`, since 0.4.1). */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("storageVolGetXmlDesc", { vol: this.wire, flags }, options)).xml;
  }

  /** The volume's kind and sizes (`virStorageVolGetInfo`, since 0.4.1). */
  async info(options?: CallOptions): Promise<StorageVolInfo> {
    return { ...(await this.call("storageVolGetInfo", { vol: this.wire }, options)) };
  }

  /**
   * The volume's kind and sizes (`virStorageVolGetInfoFlags`, since 3.0.0).
   * @param flags `StorageVolInfoFlags`.
   */
  async infoFlags(flags = 0, options?: CallOptions): Promise<StorageVolInfo> {
    return { ...(await this.call("storageVolGetInfoFlags", { vol: this.wire, flags }, options)) };
  }

  /** The pool (`virStoragePoolLookupByVolume`, since 0.4.1). */
  async storagePoolLookupByVolume(options?: CallOptions): Promise<StoragePool> {
    const { pool } = await this.call("storagePoolLookupByVolume", { vol: this.wire }, options);
    return new StoragePool(this.link, pool);
  }

  /**
   * Opens the volume for writing (`virStorageVolUpload`, since 0.9.0).
   * @param offset where to begin, in bytes.
   * @param length how much, in bytes; 0 for as much as fits.
   * @param flags `StorageVolUploadFlags`.
   */
  async upload(offset: Integer = 0, length: Integer = 0, flags = 0, options?: CallOptions): Promise<Stream> {
    const args = { vol: this.wire, offset, length, flags };
    return (await openStream(this.link, "storageVolUpload", args, options)).stream;
  }

  /**
   * Opens the volume for reading (`virStorageVolDownload`, since 0.9.0).
   * @param offset where to begin, in bytes.
   * @param length how much, in bytes; 0 for all that follows.
   * @param flags `StorageVolDownloadFlags`.
   */
  async download(offset: Integer = 0, length: Integer = 0, flags = 0, options?: CallOptions): Promise<Stream> {
    const args = { vol: this.wire, offset, length, flags };
    return (await openStream(this.link, "storageVolDownload", args, options)).stream;
  }

  /**
   * Changes the volume's size (`virStorageVolResize`, since 0.9.10).
   * @param capacity in bytes.
   * @param flags `StorageVolResizeFlags`.
   */
  resize(capacity: Integer, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("storageVolResize", { vol: this.wire, capacity, flags }, options);
  }

  /** Overwrites what the volume holds with zeros (`virStorageVolWipe`, since 0.8.0). */
  wipe(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("storageVolWipe", { vol: this.wire, flags }, options);
  }

  /**
   * Overwrites what the volume holds (`virStorageVolWipePattern`, since 0.9.10).
   * @param algorithm `StorageVolWipeAlgorithm`.
   */
  wipePattern(algorithm: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("storageVolWipePattern", { vol: this.wire, algorithm, flags }, options);
  }

  /**
   * Deletes the volume (`virStorageVolDelete`, since 0.4.1). Data is lost.
   * @param flags `StorageVolDeleteFlags`.
   */
  delete(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("storageVolDelete", { vol: this.wire, flags }, options);
  }

  protected override identity(): Readonly<Record<string, unknown>> {
    return { name: this.wire.name, pool: this.wire.pool };
  }
}
