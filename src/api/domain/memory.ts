/** A domain's memory. */
import { DomainMemoryStatTags } from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import type { Integer } from "../values/integer.ts";
import type { Parameters, ParametersInput } from "../values/parameters.ts";
import { DomainSaving } from "./saving.ts";

/**
 * What a guest does with its memory ({@link Domain.memoryStats}): `actual`, `rss`, `unused`, `available`, `usable`,
 * `disk_caches` in KiB, `last_update` in seconds since 1970, `swap_in` and `swap_out` in KiB, the rest in times.
 */
export type MemoryStats = { readonly [Name in MemoryStatName]?: bigint };

type MemoryStatName = Lowercase<Exclude<keyof typeof DomainMemoryStatTags, "ACTUAL_BALLOON">> | "actual";

const statNames = new Map(
  Object.entries(DomainMemoryStatTags).map(([name, tag]) => [
    tag as number,
    (tag === DomainMemoryStatTags.ACTUAL_BALLOON ? "actual" : name.toLowerCase()) as MemoryStatName,
  ]),
);

/** More kinds of statistics than any libvirt knows. */
const maxStats = 64;

/** The part of {@link Domain} about its memory. */
export abstract class DomainMemory extends DomainSaving {
  /** The most memory that the domain may have, in KiB (`virDomainGetMaxMemory`, since 0.0.3). */
  async maxMemory(options?: CallOptions): Promise<bigint> {
    return (await this.call("domainGetMaxMemory", { dom: this.wire }, options)).memory;
  }

  /**
   * Sets the most memory that the domain may have (`virDomainSetMaxMemory`, since 0.0.3).
   * @param memory in KiB.
   */
  setMaxMemory(memory: Integer, options?: CallOptions): Promise<void> {
    return this.run("domainSetMaxMemory", { dom: this.wire, memory }, options);
  }

  /**
   * Sets the memory of the running domain, by its balloon (`virDomainSetMemory`, since 0.1.1).
   * @param memory in KiB.
   */
  setMemory(memory: Integer, options?: CallOptions): Promise<void> {
    return this.run("domainSetMemory", { dom: this.wire, memory }, options);
  }

  /**
   * Sets the domain's memory (`virDomainSetMemoryFlags`, since 0.9.0).
   * @param memory in KiB.
   * @param flags `DomainMemoryModFlags`.
   */
  setMemoryFlags(memory: Integer, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetMemoryFlags", { dom: this.wire, memory, flags }, options);
  }

  /** What the guest does with its memory (`virDomainMemoryStats`, since 0.7.5). */
  async memoryStats(flags = 0, options?: CallOptions): Promise<MemoryStats> {
    const { stats } = await this.call("domainMemoryStats", { dom: this.wire, maxStats, flags }, options);
    const known = stats.flatMap(({ tag, val }) => {
      const name = statNames.get(tag);
      return name === undefined ? [] : [[name, val] as const];
    });
    return Object.fromEntries(known);
  }

  /**
   * How often the guest's balloon tells its statistics (`virDomainSetMemoryStatsPeriod`, since 1.1.1).
   * @param period in seconds; 0 turns it off.
   * @param flags `DomainMemoryModFlags`.
   */
  setMemoryStatsPeriod(period: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetMemoryStatsPeriod", { dom: this.wire, period, flags }, options);
  }

  /**
   * The limits of the domain's memory on the host, in KiB, by the names in `DomainMemory`
   * (`virDomainGetMemoryParameters`, since 0.8.5).
   * @param flags `DomainModificationImpact`.
   */
  memoryParameters(flags = 0, options?: CallOptions): Promise<Parameters> {
    return this.counted("domainGetMemoryParameters", { dom: this.wire, flags }, options);
  }

  /**
   * Sets limits of the domain's memory on the host, in KiB, by the names in `DomainMemory`
   * (`virDomainSetMemoryParameters`, since 0.8.5).
   * @param flags `DomainModificationImpact`.
   */
  setMemoryParameters(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetMemoryParameters", { dom: this.wire, params, flags }, options);
  }

  /**
   * How the memory is spread over the host's nodes, by the names in `DomainNuma` (`virDomainGetNumaParameters`, since
   * 0.9.9).
   */
  numaParameters(flags = 0, options?: CallOptions): Promise<Parameters> {
    return this.counted("domainGetNumaParameters", { dom: this.wire, flags }, options);
  }

  /**
   * Sets how the memory is spread over the host's nodes, by the names in `DomainNuma` (`virDomainSetNumaParameters`,
   * since 0.9.9).
   */
  setNumaParameters(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetNumaParameters", { dom: this.wire, params, flags }, options);
  }

  /**
   * Reads the guest's memory (`virDomainMemoryPeek`, since 0.4.2).
   * @param start the first address.
   * @param size how many bytes, at most 1 MiB.
   * @param flags whose addresses: `DomainMemoryFlags`.
   */
  async memoryPeek(start: Integer, size: number, flags = 0, options?: CallOptions): Promise<Uint8Array> {
    const args = { dom: this.wire, offset: start, size, flags };
    return Uint8Array.from((await this.call("domainMemoryPeek", args, options)).buffer);
  }

  /**
   * Begins to measure how much memory the guest writes; `domainListGetStats` tells the result
   * (`virDomainStartDirtyRateCalc`, since 7.2.0).
   * @param seconds for how long.
   * @param flags `DomainDirtyRateCalcFlags`.
   */
  startDirtyRateCalc(seconds: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainStartDirtyRateCalc", { dom: this.wire, seconds, flags }, options);
  }
}
