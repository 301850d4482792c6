/** A domain's disks. */
import type { CallOptions } from "../core/link.ts";
import type { Integer } from "../values/integer.ts";
import type { Parameters, ParametersInput } from "../values/parameters.ts";
import { DomainDevice } from "./device.ts";

/** The sizes of a disk, in bytes ({@link Domain.blockInfo}). */
export interface BlockInfo {
  /** How much of the host's storage it takes as the guest has written it. */
  readonly allocation: bigint;
  /** How large it is for the guest. */
  readonly capacity: bigint;
  /** How large its file or device is. */
  readonly physical: bigint;
}

/** What went through a disk; -1 for what the hypervisor does not count ({@link Domain.blockStats}). */
export interface BlockStats {
  readonly rdReq: bigint;
  readonly rdBytes: bigint;
  readonly wrReq: bigint;
  readonly wrBytes: bigint;
  readonly errs: bigint;
}

/** A disk's background job ({@link Domain.blockJobInfo}). */
export interface BlockJobInfo {
  /** `DomainBlockJobType`. */
  readonly type: number;
  /** Its limit, in MiB a second, or bytes a second if so asked; 0 for none. */
  readonly bandwidth: bigint;
  /** How far it is, of {@link end}; the unit is the hypervisor's. */
  readonly cur: bigint;
  readonly end: bigint;
}

/** The part of {@link Domain} about its disks. A disk is named by its target (`vda`) or its source's path. */
export abstract class DomainBlock extends DomainDevice {
  /** The sizes of a disk (`virDomainGetBlockInfo`, since 0.8.1). */
  async blockInfo(path: string, flags = 0, options?: CallOptions): Promise<BlockInfo> {
    return { ...(await this.call("domainGetBlockInfo", { dom: this.wire, path, flags }, options)) };
  }

  /** What went through a disk (`virDomainBlockStats`, since 0.3.2). */
  async blockStats(path: string, options?: CallOptions): Promise<BlockStats> {
    return { ...(await this.call("domainBlockStats", { dom: this.wire, path }, options)) };
  }

  /**
   * What went through a disk, by the names in `DomainBlockStats`; of all disks together for ""
   * (`virDomainBlockStatsFlags`, since 0.9.5).
   */
  blockStatsFlags(path: string, flags = 0, options?: CallOptions): Promise<Parameters> {
    return this.counted("domainBlockStatsFlags", { dom: this.wire, path, flags }, options);
  }

  /**
   * Reads a disk of the running domain (`virDomainBlockPeek`, since 0.4.2).
   * @param offset in bytes.
   * @param size in bytes, at most 1 MiB.
   */
  async blockPeek(path: string, offset: Integer, size: number, flags = 0, options?: CallOptions): Promise<Uint8Array> {
    const args = { dom: this.wire, path, offset, size, flags };
    return Uint8Array.from((await this.call("domainBlockPeek", args, options)).buffer);
  }

  /**
   * Changes the size of a disk of the running domain (`virDomainBlockResize`, since 0.9.8).
   * @param size in KiB, or in bytes with the flag BYTES.
   * @param flags `DomainBlockResizeFlags`.
   */
  blockResize(disk: string, size: Integer, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainBlockResize", { dom: this.wire, disk, size, flags }, options);
  }

  /** The disks that have failed, with a `DomainDiskErrorCode` each (`virDomainGetDiskErrors`, since 0.9.10). */
  async diskErrors(flags = 0, options?: CallOptions): Promise<Readonly<Record<string, number>>> {
    const ask = (maxerrors: number) => this.call("domainGetDiskErrors", { dom: this.wire, maxerrors, flags }, options);
    const { nerrors } = await ask(0);
    if (nerrors === 0) return {};
    return Object.fromEntries((await ask(nerrors)).errors.map(({ disk, error }) => [disk, error]));
  }

  /**
   * The limits of a disk, by the names in `DomainBlockIotune`; of all disks for null (`virDomainGetBlockIoTune`, since
   * 0.9.8).
   * @param flags `DomainModificationImpact`.
   */
  blockIoTune(disk: string | null = null, flags = 0, options?: CallOptions): Promise<Parameters> {
    return this.counted("domainGetBlockIoTune", { dom: this.wire, disk, flags }, options);
  }

  /**
   * Sets limits of a disk, by the names in `DomainBlockIotune` (`virDomainSetBlockIoTune`, since 0.9.8).
   * @param flags `DomainModificationImpact`.
   */
  setBlockIoTune(disk: string, params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetBlockIoTune", { dom: this.wire, disk, params, flags }, options);
  }

  /**
   * Asks for the event `blockThreshold` when so much of a disk's file is used (`virDomainSetBlockThreshold`, since
   * 3.1.0).
   * @param threshold in bytes.
   */
  setBlockThreshold(dev: string, threshold: Integer, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, dev, threshold, flags };
    return this.run("domainSetBlockThreshold", args, options);
  }

  /**
   * Sets the limits that a group of disks shares, by the names in `DomainBlockIotune` (`virDomainSetThrottleGroup`,
   * since 11.2.0).
   */
  setThrottleGroup(group: string, params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, group, params, flags };
    return this.run("domainSetThrottleGroup", args, options);
  }

  /** Removes a group of disks that share limits (`virDomainDelThrottleGroup`, since 11.2.0). */
  delThrottleGroup(group: string, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainDelThrottleGroup", { dom: this.wire, group, flags }, options);
  }

  /**
   * Copies what a disk has of its backing images into it (`virDomainBlockPull`, since 0.9.4).
   * @param bandwidth in MiB a second; 0 for no limit.
   * @param flags `DomainBlockPullFlags`.
   */
  blockPull(disk: string, bandwidth: Integer = 0, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, path: disk, bandwidth, flags };
    return this.run("domainBlockPull", args, options);
  }

  /**
   * Copies what a disk has of the images above `base` into it, or begins to mirror it into the file `base`
   * (`virDomainBlockRebase`, since 0.9.10).
   * @param bandwidth in MiB a second; 0 for no limit.
   * @param flags `DomainBlockRebaseFlags`.
   */
  blockRebase(
    disk: string,
    base: string | null = null,
    bandwidth: Integer = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.wire, path: disk, base, bandwidth, flags };
    return this.run("domainBlockRebase", args, options);
  }

  /**
   * Writes what images from `top` down have into `base`, so that they are no longer needed (`virDomainBlockCommit`,
   * since 0.10.2).
   * @param base null for the lowest.
   * @param top null for the disk's own image.
   * @param bandwidth in MiB a second; 0 for no limit.
   * @param flags `DomainBlockCommitFlags`.
   */
  blockCommit(
    disk: string,
    base: string | null = null,
    top: string | null = null,
    bandwidth: Integer = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.wire, disk, base, top, bandwidth, flags };
    return this.run("domainBlockCommit", args, options);
  }

  /**
   * Begins to mirror a disk (`virDomainBlockCopy`, since 1.2.8).
   * @param destxml where to: a `<disk>` element.
   * @param params by the names in `DomainBlockCopy`.
   * @param flags `DomainBlockCopyFlags`.
   */
  blockCopy(
    disk: string,
    destxml: string,
    params: ParametersInput = {},
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.wire, path: disk, destxml, params, flags };
    return this.run("domainBlockCopy", args, options);
  }

  /**
   * Ends a disk's background job; a mirror may take the disk's place (`virDomainBlockJobAbort`, since 0.9.4).
   * @param flags `DomainBlockJobAbortFlags`.
   */
  blockJobAbort(disk: string, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainBlockJobAbort", { dom: this.wire, path: disk, flags }, options);
  }

  /**
   * A disk's background job; null when it has none (`virDomainGetBlockJobInfo`, since 0.9.4).
   * @param flags `DomainBlockJobInfoFlags`.
   */
  async blockJobInfo(disk: string, flags = 0, options?: CallOptions): Promise<BlockJobInfo | null> {
    const { found, ...info } = await this.call("domainGetBlockJobInfo", { dom: this.wire, path: disk, flags }, options);
    return found === 0 ? null : info;
  }

  /**
   * Limits a disk's background job (`virDomainBlockJobSetSpeed`, since 0.9.4).
   * @param bandwidth in MiB a second.
   * @param flags `DomainBlockJobSetSpeedFlags`.
   */
  blockJobSetSpeed(disk: string, bandwidth: Integer, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, path: disk, bandwidth, flags };
    return this.run("domainBlockJobSetSpeed", args, options);
  }
}
