/** What a connection tells of the host and the hypervisor. */
import type { CallOptions } from "../core/link.ts";
import { unpackCpuMap } from "../values/cpu-map.ts";
import type { Integer } from "../values/integer.ts";
import type { Parameters, ParametersInput } from "../values/parameters.ts";
import { ConnectionCore } from "./core.ts";

/** The host's processors and memory ({@link Connection.getInfo}). */
export interface NodeInfo {
  /** The model of its processors. */
  readonly model: string;
  /** In KiB. */
  readonly memory: bigint;
  /** How many processors are on line. */
  readonly cpus: number;
  /** Their frequency in MHz; 0 when it is not known. */
  readonly mhz: number;
  /** How many NUMA nodes it has; 1 when that is not known. */
  readonly nodes: number;
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

/** The host's security driver ({@link Connection.getSecurityModel}). */
export interface SecurityModel {
  readonly model: string;
  /** The domain of interpretation of its labels. */
  readonly doi: string;
}

/** Which of the host's processors are on line ({@link Connection.getCPUMap}). */
export interface HostCpuMap {
  /** For each processor, whether it is on line. */
  readonly cpus: readonly boolean[];
  /** How many are on line. */
  readonly online: number;
}

/** The part of {@link Connection} about the host. */
export abstract class ConnectionHost extends ConnectionCore {
  /** The driver's name: `QEMU`, `TEST`, ... (`virConnectGetType`, since 0.0.3). */
  async getType(options?: CallOptions): Promise<string> {
    return (await this.call("connectGetType", {}, options)).type;
  }

  /** The hypervisor's version: major * 1,000,000 + minor * 1,000 + release (`virConnectGetVersion`, since 0.0.3). */
  async getVersion(options?: CallOptions): Promise<bigint> {
    return (await this.call("connectGetVersion", {}, options)).hvVer;
  }

  /** The version of libvirt on the other side, as of {@link getVersion} (`virConnectGetLibVersion`, since 0.7.3). */
  async getLibVersion(options?: CallOptions): Promise<bigint> {
    return (await this.call("connectGetLibVersion", {}, options)).libVer;
  }

  /** The connection's URI, as the driver sees it (`virConnectGetURI`, since 0.3.0). */
  async getURI(options?: CallOptions): Promise<string> {
    return (await this.call("connectGetUri", {}, options)).uri;
  }

  /** The host's name (`virConnectGetHostname`, since 0.3.0). */
  async getHostname(options?: CallOptions): Promise<string> {
    return (await this.call("connectGetHostname", {}, options)).hostname;
  }

  /** The host's firmware tables, as XML (`virConnectGetSysinfo`, since 0.8.8). */
  async getSysinfo(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("connectGetSysinfo", { flags }, options)).sysinfo;
  }

  /** What the host and the hypervisor can do, as XML (`virConnectGetCapabilities`, since 0.2.1). */
  async getCapabilities(options?: CallOptions): Promise<string> {
    return (await this.call("connectGetCapabilities", {}, options)).capabilities;
  }

  /**
   * What domains of a kind can have, as XML (`virConnectGetDomainCapabilities`, since 1.2.7). Null leaves a choice to
   * the driver.
   * @param virttype `kvm`, `qemu`, ...
   */
  async getDomainCapabilities(
    emulatorbin: string | null = null,
    arch: string | null = null,
    machine: string | null = null,
    virttype: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { emulatorbin, arch, machine, virttype, flags };
    return (await this.call("connectGetDomainCapabilities", args, options)).capabilities;
  }

  /**
   * The most virtual processors that a domain may have (`virConnectGetMaxVcpus`, since 0.2.1).
   * @param type `kvm`, `qemu`, ...; null for the driver's own.
   */
  async getMaxVcpus(type: string | null = null, options?: CallOptions): Promise<number> {
    return (await this.call("connectGetMaxVcpus", { type }, options)).maxVcpus;
  }

  /**
   * The processor models that the driver knows for an architecture; none when it takes any
   * (`virConnectGetCPUModelNames`, since 1.1.3).
   */
  async getCPUModelNames(arch: string, flags = 0, options?: CallOptions): Promise<string[]> {
    return [...(await this.call("connectGetCpuModelNames", { arch, needResults: 1, flags }, options)).models];
  }

  /**
   * Compares a processor's description with the host's: a value of `CPUCompareResult` (`virConnectCompareCPU`, since
   * 0.7.5).
   * @param flags `ConnectCompareCPUFlags`.
   */
  async compareCPU(xmlDesc: string, flags = 0, options?: CallOptions): Promise<number> {
    return (await this.call("connectCompareCpu", { xml: xmlDesc, flags }, options)).result;
  }

  /**
   * Compares a processor's description with what the hypervisor can give: a value of `CPUCompareResult`
   * (`virConnectCompareHypervisorCPU`, since 4.4.0). Null leaves a choice to the driver.
   * @param flags `ConnectCompareCPUFlags`.
   */
  async compareHypervisorCPU(
    emulator: string | null,
    arch: string | null,
    machine: string | null,
    virttype: string | null,
    xmlCPU: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<number> {
    const args = { emulator, arch, machine, virttype, xmlCPU, flags };
    return (await this.call("connectCompareHypervisorCpu", args, options)).result;
  }

  /**
   * The best processor that all the described ones can be, as XML (`virConnectBaselineCPU`, since 0.7.7).
   * @param flags `ConnectBaselineCPUFlags`.
   */
  async baselineCPU(xmlCPUs: readonly string[], flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("connectBaselineCpu", { xmlCPUs: [...xmlCPUs], flags }, options)).cpu;
  }

  /**
   * The best processor that all the described ones and the hypervisor can be, as XML
   * (`virConnectBaselineHypervisorCPU`, since 4.4.0). Null leaves a choice to the driver.
   * @param flags `ConnectBaselineCPUFlags`.
   */
  async baselineHypervisorCPU(
    emulator: string | null,
    arch: string | null,
    machine: string | null,
    virttype: string | null,
    xmlCPUs: readonly string[] = [],
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { emulator, arch, machine, virttype, xmlCPUs: [...xmlCPUs], flags };
    return (await this.call("connectBaselineHypervisorCpu", args, options)).cpu;
  }

  /** The host's processors and memory (`virNodeGetInfo`, since 0.1.0). */
  async getInfo(options?: CallOptions): Promise<NodeInfo> {
    return { ...(await this.call("nodeGetInfo", {}, options)) };
  }

  /** Which of the host's processors are on line (`virNodeGetCPUMap`, since 1.0.0). */
  async getCPUMap(flags = 0, options?: CallOptions): Promise<HostCpuMap> {
    const { cpumap, online, ret } = await this.call("nodeGetCpuMap", { needMap: 1, needOnline: 1, flags }, options);
    return { cpus: unpackCpuMap(cpumap, ret), online };
  }

  /**
   * What the host's processors spent, in ns, by the names in `NodeCpuStats` (`virNodeGetCPUStats`, since 0.9.3).
   * @param cpuNum which one; -1 for all together.
   */
  async getCPUStats(cpuNum = -1, flags = 0, options?: CallOptions): Promise<Readonly<Record<string, bigint>>> {
    const ask = (nparams: number) => this.call("nodeGetCpuStats", { cpuNum, nparams, flags }, options);
    const { params } = await ask((await ask(0)).nparams);
    return Object.fromEntries(params.map(({ field, value }) => [field, value]));
  }

  /**
   * The host's memory, in KiB, by the names in `NodeMemoryStats` (`virNodeGetMemoryStats`, since 0.9.3).
   * @param cellNum of which NUMA node; -1 for all together.
   */
  async getMemoryStats(cellNum = -1, flags = 0, options?: CallOptions): Promise<Readonly<Record<string, bigint>>> {
    const ask = (nparams: number) => this.call("nodeGetMemoryStats", { nparams, cellNum, flags }, options);
    const { params } = await ask((await ask(0)).nparams);
    return Object.fromEntries(params.map(({ field, value }) => [field, value]));
  }

  /**
   * How the host shares equal pages, by the names in `NodeMemoryShared` (`virNodeGetMemoryParameters`, since 0.10.2).
   */
  getMemoryParameters(flags = 0, options?: CallOptions): Promise<Parameters> {
    return this.counted("nodeGetMemoryParameters", { flags }, options);
  }

  /**
   * Sets how the host shares equal pages, by the names in `NodeMemoryShared` (`virNodeSetMemoryParameters`, since
   * 0.10.2).
   */
  setMemoryParameters(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("nodeSetMemoryParameters", { params, flags }, options);
  }

  /** The free memory of the host, in bytes (`virNodeGetFreeMemory`, since 0.3.3). */
  async getFreeMemory(options?: CallOptions): Promise<bigint> {
    return (await this.call("nodeGetFreeMemory", {}, options)).freeMem;
  }

  /**
   * The free memory of NUMA nodes, in bytes (`virNodeGetCellsFreeMemory`, since 0.3.3).
   * @param startCell the first.
   * @param maxCells at most how many.
   */
  async getCellsFreeMemory(startCell: number, maxCells: number, options?: CallOptions): Promise<bigint[]> {
    return [...(await this.call("nodeGetCellsFreeMemory", { startCell, maxcells: maxCells }, options)).cells];
  }

  /**
   * How many pages of NUMA nodes are free: for each node, by the size of the page (`virNodeGetFreePages`, since 1.2.6).
   * @param pages the sizes to ask for, in KiB.
   * @param startCell the first node.
   * @param cellCount how many.
   */
  async getFreePages(
    pages: readonly number[],
    startCell: number,
    cellCount: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<Readonly<Record<number, bigint>>[]> {
    const args = { pages: [...pages], startCell, cellCount, flags };
    const { counts } = await this.call("nodeGetFreePages", args, options);
    const cells = pages.length === 0 ? 0 : Math.floor(counts.length / pages.length);
    return Array.from({ length: cells }, (_, cell) =>
      Object.fromEntries(pages.map((size, index) => [size, counts[cell * pages.length + index] ?? 0n])),
    );
  }

  /**
   * Sets aside huge pages in NUMA nodes; gives in how many (`virNodeAllocPages`, since 1.2.9).
   * @param pages how many of each size in KiB: `{ 2048: 100 }`.
   * @param startCell the first node; -1 for all.
   * @param flags `NodeAllocPagesFlags`.
   */
  async allocPages(
    pages: Readonly<Record<number, Integer>>,
    startCell = 0,
    cellCount = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<number> {
    const pageSizes = Object.keys(pages).map(Number);
    const pageCounts = Object.values(pages);
    return (await this.call("nodeAllocPages", { pageSizes, pageCounts, startCell, cellCount, flags }, options)).ret;
  }

  /** The host's security driver; both strings are empty when there is none (`virNodeGetSecurityModel`, since 0.6.1). */
  async getSecurityModel(options?: CallOptions): Promise<SecurityModel> {
    return { ...(await this.call("nodeGetSecurityModel", {}, options)) };
  }

  /**
   * What the host's processors can do for encrypted memory, by the names in `NodeSEV` (`virNodeGetSEVInfo`, since
   * 4.5.0).
   */
  getSEVInfo(flags = 0, options?: CallOptions): Promise<Parameters> {
    return this.counted("nodeGetSevInfo", { flags }, options);
  }

  /**
   * Lets the host fall asleep (`virNodeSuspendForDuration`, since 0.9.8).
   * @param target how deep: `NodeSuspendTarget`.
   * @param duration in seconds.
   */
  suspendForDuration(target: number, duration: Integer, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("nodeSuspendForDuration", { target, duration, flags }, options);
  }
}
