/** A domain's long work: saving, dumping, migrating, backing up; and the counters of its network interfaces. */
import type { CallOptions } from "../core/link.ts";
import { fromParameters, type Parameters } from "../values/parameters.ts";
import { DomainBlock } from "./block.ts";

/** How far a domain's job is ({@link Domain.jobInfo}): times in ms, amounts in bytes. */
export interface DomainJobInfo {
  /** `DomainJobType`. */
  readonly type: number;
  readonly timeElapsed: bigint;
  readonly timeRemaining: bigint;
  readonly dataTotal: bigint;
  readonly dataProcessed: bigint;
  readonly dataRemaining: bigint;
  readonly memTotal: bigint;
  readonly memProcessed: bigint;
  readonly memRemaining: bigint;
  readonly fileTotal: bigint;
  readonly fileProcessed: bigint;
  readonly fileRemaining: bigint;
}

/** The statistics of a domain's job ({@link Domain.jobStats}). */
export interface DomainJobStats {
  /** `DomainJobType`. */
  readonly type: number;
  /** By the names in `DomainJob`. */
  readonly params: Parameters;
}

/** What went through a network interface; -1 for what is not counted ({@link Domain.interfaceStats}). */
export interface InterfaceStats {
  readonly rxBytes: bigint;
  readonly rxPackets: bigint;
  readonly rxErrs: bigint;
  readonly rxDrop: bigint;
  readonly txBytes: bigint;
  readonly txPackets: bigint;
  readonly txErrs: bigint;
  readonly txDrop: bigint;
}

/** The part of {@link Domain} about its jobs and counters. */
export abstract class DomainJobs extends DomainBlock {
  /** How far the domain's job is (`virDomainGetJobInfo`, since 0.7.7). */
  async jobInfo(options?: CallOptions): Promise<DomainJobInfo> {
    return { ...(await this.call("domainGetJobInfo", { dom: this.wire }, options)) };
  }

  /**
   * The statistics of the domain's job, or of the last one that is done (`virDomainGetJobStats`, since 1.0.3).
   * @param flags `DomainGetJobStatsFlags`.
   */
  async jobStats(flags = 0, options?: CallOptions): Promise<DomainJobStats> {
    const { type, params } = await this.call("domainGetJobStats", { dom: this.wire, flags }, options);
    return { type, params: fromParameters(params) };
  }

  /** Ends the domain's job (`virDomainAbortJob`, since 0.7.7). */
  abortJob(options?: CallOptions): Promise<void> {
    return this.run("domainAbortJob", { dom: this.wire }, options);
  }

  /**
   * Ends the domain's job (`virDomainAbortJobFlags`, since 8.5.0).
   * @param flags `DomainAbortJobFlags`.
   */
  abortJobFlags(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainAbortJobFlags", { dom: this.wire, flags }, options);
  }

  /**
   * What went through a network interface (`virDomainInterfaceStats`, since 0.3.2).
   * @param device its host end or MAC address.
   */
  async interfaceStats(device: string, options?: CallOptions): Promise<InterfaceStats> {
    return { ...(await this.call("domainInterfaceStats", { dom: this.wire, device }, options)) };
  }
}
