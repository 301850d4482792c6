/** A domain's virtual processors and I/O threads. */
import { LibvirtError } from "../../errors.ts";
import { CPUMAP_MAX, CPUMAPS_MAX, VCPUINFO_MAX } from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { type CpuMap, cpuMapLength, packCpuMap, unpackCpuMap, unpackCpuMaps } from "../values/cpu-map.ts";
import { fromParameters, type Parameters, type ParametersInput } from "../values/parameters.ts";
import { DomainMemory } from "./memory.ts";

/** What a virtual processor does ({@link Domain.vcpus}). */
export interface VcpuStatus {
  readonly number: number;
  /** `VcpuState`. */
  readonly state: number;
  /** Processor time that it has used, in ns. */
  readonly cpuTime: bigint;
  /** The host's processor that it runs on; -1 when that is not known. */
  readonly cpu: number;
  /** The host's processors that it may run on. */
  readonly cpumap: readonly boolean[];
}

/** An I/O thread ({@link Domain.ioThreadInfo}). */
export interface IOThread {
  readonly iothreadId: number;
  /** The host's processors that it may run on. */
  readonly cpumap: readonly boolean[];
}

/** As many host processors as a single call may ask for. */
const cpusPerCall = 128;

/** The part of {@link Domain} about its processors. */
export abstract class DomainCpu extends DomainMemory {
  /** The most virtual processors that the domain may have (`virDomainGetMaxVcpus`, since 0.2.1). */
  async maxVcpus(options?: CallOptions): Promise<number> {
    return (await this.call("domainGetMaxVcpus", { dom: this.wire }, options)).num;
  }

  /** What the running domain's virtual processors do (`virDomainGetVcpus`, since 0.1.4). */
  async vcpus(options?: CallOptions): Promise<VcpuStatus[]> {
    const { nrVirtCpu } = await this.info(options);
    const cpus = await this.#hostCpus(options);
    const maplen = cpuMapLength(cpus);
    const args = { dom: this.wire, maxinfo: nrVirtCpu, maplen };
    const { info, cpumaps } = await this.call("domainGetVcpus", args, options);
    const maps = unpackCpuMaps(cpumaps, info.length, maplen, cpus);
    return info.map((vcpu, index) => ({ ...vcpu, cpumap: maps[index] ?? [] }));
  }

  /** Changes how many virtual processors the running domain has (`virDomainSetVcpus`, since 0.1.4). */
  setVcpus(nvcpus: number, options?: CallOptions): Promise<void> {
    return this.run("domainSetVcpus", { dom: this.wire, nvcpus }, options);
  }

  /**
   * How many virtual processors the domain has (`virDomainGetVcpusFlags`, since 0.8.5).
   * @param flags which are counted: `DomainVcpuFlags`.
   */
  async vcpusFlags(flags = 0, options?: CallOptions): Promise<number> {
    return (await this.call("domainGetVcpusFlags", { dom: this.wire, flags }, options)).num;
  }

  /**
   * Changes how many virtual processors the domain has (`virDomainSetVcpusFlags`, since 0.8.5).
   * @param flags `DomainVcpuFlags`.
   */
  setVcpusFlags(nvcpus: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetVcpusFlags", { dom: this.wire, nvcpus, flags }, options);
  }

  /**
   * Plugs single virtual processors in or out (`virDomainSetVcpu`, since 3.1.0).
   * @param vcpumap their numbers: `0-3,^2`.
   * @param state whether they shall be in.
   * @param flags `DomainModificationImpact`.
   */
  setVcpu(vcpumap: string, state: boolean, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetVcpu", { dom: this.wire, cpumap: vcpumap, state: state ? 1 : 0, flags }, options);
  }

  /** Sets which of the host's processors a virtual one may run on (`virDomainPinVcpu`, since 0.1.4). */
  pinVcpu(vcpu: number, cpumap: CpuMap, options?: CallOptions): Promise<void> {
    return this.run("domainPinVcpu", { dom: this.wire, vcpu, cpumap: packCpuMap(cpumap) }, options);
  }

  /**
   * Sets which of the host's processors a virtual one may run on (`virDomainPinVcpuFlags`, since 0.9.3).
   * @param flags `DomainModificationImpact`.
   */
  pinVcpuFlags(vcpu: number, cpumap: CpuMap, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainPinVcpuFlags", { dom: this.wire, vcpu, cpumap: packCpuMap(cpumap), flags }, options);
  }

  /**
   * Which of the host's processors each virtual one may run on (`virDomainGetVcpuPinInfo`, since 0.9.3).
   * @param flags `DomainModificationImpact`.
   */
  async vcpuPinInfo(flags = 0, options?: CallOptions): Promise<boolean[][]> {
    const cpus = await this.#hostCpus(options);
    const maplen = cpuMapLength(cpus);
    // As many as an answer may hold: the number differs between the running domain and its definition.
    const ncpumaps = Math.min(VCPUINFO_MAX, Math.floor(CPUMAPS_MAX / maplen));
    const args = { dom: this.wire, ncpumaps, maplen, flags };
    const { cpumaps, num } = await this.call("domainGetVcpuPinInfo", args, options);
    return unpackCpuMaps(cpumaps, num, maplen, cpus);
  }

  /**
   * Sets which of the host's processors the emulator itself may run on (`virDomainPinEmulator`, since 0.10.0).
   * @param flags `DomainModificationImpact`.
   */
  pinEmulator(cpumap: CpuMap, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainPinEmulator", { dom: this.wire, cpumap: packCpuMap(cpumap), flags }, options);
  }

  /**
   * Which of the host's processors the emulator itself may run on (`virDomainGetEmulatorPinInfo`, since 0.10.0).
   * @param flags `DomainModificationImpact`.
   */
  async emulatorPinInfo(flags = 0, options?: CallOptions): Promise<boolean[]> {
    const cpus = await this.#hostCpus(options);
    const args = { dom: this.wire, maplen: cpuMapLength(cpus), flags };
    return unpackCpuMap((await this.call("domainGetEmulatorPinInfo", args, options)).cpumaps, cpus);
  }

  /**
   * Processor time of the domain on the host's processors, by the names in `DomainCpuStats`, in ns
   * (`virDomainGetCPUStats`, since 0.9.10).
   * @param startCpu the first processor.
   * @param ncpus how many; -1 for all that follow.
   */
  async cpuStats(startCpu = 0, ncpus = -1, flags = 0, options?: CallOptions): Promise<Parameters[]> {
    const ask = (nparams: number, count: number, start: number) =>
      this.call("domainGetCpuStats", { dom: this.wire, nparams, startCpu: start, ncpus: count, flags }, options);
    const present = (await ask(0, 0, 0)).nparams;
    if (startCpu >= present) {
      const detail = `start_cpu ${startCpu} larger than maximum of ${present - 1}`;
      throw this.link.report(new LibvirtError("INVALID_ARG", "DOMAIN", detail));
    }
    const nparams = (await ask(0, 1, startCpu)).nparams;
    const end = ncpus < 0 ? present : Math.min(startCpu + ncpus, present);
    const found: Parameters[] = [];
    for (let start = startCpu; start < end; start += cpusPerCall) {
      const { params } = await ask(nparams, Math.min(cpusPerCall, end - start), start);
      found.push(...perCpu(params).map(fromParameters));
    }
    return found;
  }

  /**
   * Processor time of the domain on all of the host's processors together, by the names in `DomainCpuStats`, in ns
   * (`virDomainGetCPUStats` with a start of -1) (`virDomainGetCPUStats`, since 0.9.10).
   */
  async cpuStatsTotal(flags = 0, options?: CallOptions): Promise<Parameters> {
    const ask = (nparams: number) =>
      this.call("domainGetCpuStats", { dom: this.wire, nparams, startCpu: -1, ncpus: 1, flags }, options);
    const { nparams } = await ask(0);
    return fromParameters((await ask(nparams)).params);
  }

  /**
   * The domain's I/O threads (`virDomainGetIOThreadInfo`, since 1.2.14).
   * @param flags `DomainModificationImpact`.
   */
  async ioThreadInfo(flags = 0, options?: CallOptions): Promise<IOThread[]> {
    const { info } = await this.call("domainGetIothreadInfo", { dom: this.wire, flags }, options);
    return info.map(({ iothreadId, cpumap }) => ({ iothreadId, cpumap: unpackCpuMap(cpumap) }));
  }

  /**
   * Sets which of the host's processors an I/O thread may run on (`virDomainPinIOThread`, since 1.2.14).
   * @param flags `DomainModificationImpact`.
   */
  pinIOThread(iothreadId: number, cpumap: CpuMap, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, iothreadsId: iothreadId, cpumap: packCpuMap(cpumap), flags };
    return this.run("domainPinIothread", args, options);
  }

  /**
   * Adds an I/O thread (`virDomainAddIOThread`, since 1.2.15).
   * @param flags `DomainModificationImpact`.
   */
  addIOThread(iothreadId: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainAddIothread", { dom: this.wire, iothreadId, flags }, options);
  }

  /**
   * Removes an I/O thread (`virDomainDelIOThread`, since 1.2.15).
   * @param flags `DomainModificationImpact`.
   */
  delIOThread(iothreadId: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainDelIothread", { dom: this.wire, iothreadId, flags }, options);
  }

  /**
   * Sets how an I/O thread works, by the names in `DomainIOThread` (`virDomainSetIOThreadParams`, since 4.10.0).
   * @param flags `DomainModificationImpact`.
   */
  setIOThreadParams(iothreadId: number, params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, iothreadId, params, flags };
    return this.run("domainSetIothreadParams", args, options);
  }

  /** How many processors the host's map has; as many as a map can hold where the driver cannot tell. */
  async #hostCpus(options?: CallOptions): Promise<number> {
    try {
      const args = { needMap: 0, needOnline: 0, flags: 0 };
      return (await this.link.router.call("nodeGetCpuMap", args, options)).ret;
    } catch (error) {
      if (error instanceof LibvirtError && error.is("NO_SUPPORT")) return CPUMAP_MAX * 8;
      throw this.link.report(error);
    }
  }
}

/** Statistics of several processors, which come as one list: where a name comes again, the next processor begins. */
function perCpu<T extends { readonly field: string }>(params: readonly T[]): T[][] {
  const cpus: T[][] = [];
  let seen = new Set<string>();
  for (const param of params) {
    if (cpus.length === 0 || seen.has(param.field)) {
      cpus.push([]);
      seen = new Set();
    }
    seen.add(param.field);
    cpus.at(-1)?.push(param);
  }
  return cpus;
}
