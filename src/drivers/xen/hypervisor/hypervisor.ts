/** The hypervisor asked directly. Nothing here waits: each question is one call into the hypervisor. */

import { mapOfCpus } from "../../../driver/cpu-map.ts";
import { NativeError } from "../../../host/native/index.ts";
import { HypervisorInterface, UnknownInterface, type VersionChoice } from "./interface.ts";
import { type Structure, structure, type ValuesOf } from "./layout.ts";
import { Privcmd } from "./privcmd.ts";
import {
  AffinityFlag,
  affinity,
  DomainFlag,
  Domctl,
  domainInfo,
  domainList,
  maxMemory,
  maxVcpus,
  physinfo,
  SchedulerCommand,
  Sysctl,
  schedulerId,
  schedulerOperation,
  shutdownShift,
  VersionQuestion,
  vcpuInfo,
} from "./structures.ts";

/** The hypervisor's version: `{ major: 4, minor: 17, extra: ".7" }`. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly extra: string;
}

/** The host as the hypervisor sees it; memory in KiB. */
export interface HostInfo {
  readonly cpus: number;
  readonly threadsPerCore: number;
  readonly coresPerSocket: number;
  readonly nodes: number;
  readonly cpuKhz: number;
  /** Values of {@link HostCapability}. */
  readonly capabilities: number;
  readonly totalMemory: bigint;
  readonly freeMemory: bigint;
}

/** Why a domain has shut down (SHUTDOWN_*). */
export const shutdownReasons = ["poweroff", "reboot", "suspend", "crash", "watchdog", "soft-reset"] as const;
export type ShutdownReason = (typeof shutdownReasons)[number];

/** A domain as the hypervisor sees it; memory in KiB, time in ns. */
export interface HypervisorDomain {
  readonly id: number;
  readonly uuid: Uint8Array;
  /** Whether it uses the processors' own virtualization (HVM and PVH). */
  readonly isHvm: boolean;
  readonly isDying: boolean;
  readonly isPaused: boolean;
  readonly isBlocked: boolean;
  readonly isRunning: boolean;
  /** Why it has shut down; null when it has not. */
  readonly shutdown: ShutdownReason | null;
  readonly memory: bigint;
  readonly maxMemory: bigint;
  readonly cpuTime: bigint;
  readonly vcpus: number;
  /** How many virtual processors it may have. */
  readonly maxVcpus: number;
}

export interface HypervisorVcpu {
  readonly isOnline: boolean;
  readonly isBlocked: boolean;
  readonly isRunning: boolean;
  readonly cpuTime: bigint;
  /** The host's processor that it runs on, or ran on last. */
  readonly cpu: number;
}

/** A domain's share of the processors. */
export interface SchedulerShare {
  readonly weight: number;
  /** Percent of one processor; 0 for no limit. */
  readonly cap: number;
}

/** Schedulers by their numbers. */
const schedulers: Readonly<Record<number, string>> = {
  4: "sedf",
  5: "credit",
  6: "credit2",
  7: "arinc653",
  8: "rtds",
  9: "null",
};
/** Those whose shares are weight and cap. */
const shareSchedulers: ReadonlySet<number> = new Set([5, 6]);

const kibPerPage = 4n;
/** The largest domain number there can be, and one more. */
const endOfDomains = 0x7ff0;
/** How many domains are described in one call. */
const domainsPerCall = 256;
/** More than a description of one takes in any version. */
const longestDomainInfo = 512;
/** What stands for the number of the last virtual processor where there is none. */
const noVcpus = 0xffff_ffff;
/** Operations that say nothing but what they are. */
const nothing = structure({});

export class Hypervisor {
  readonly #interface: HypervisorInterface;
  /** How long the hypervisor's description of a domain is. */
  readonly #domainSize: number;

  /**
   * Opens the way to the hypervisor.
   * @returns why there is none, as a text: what is missing, or which right
   */
  static async open(choice?: VersionChoice): Promise<Hypervisor | string> {
    const privcmd = await Privcmd.open();
    if (typeof privcmd === "string") return privcmd;
    try {
      return new Hypervisor(new HypervisorInterface(privcmd, choice));
    } catch (error) {
      privcmd.close();
      if (error instanceof NativeError || error instanceof UnknownInterface) return error.message;
      throw error;
    }
  }

  private constructor(through: HypervisorInterface) {
    this.#interface = through;
    this.#domainSize = domainInfoSize(through);
  }

  /** The versions of the interface that it speaks. */
  get interfaceVersions(): { readonly sysctl: number; readonly domctl: number } {
    return { sysctl: this.#interface.sysctlVersion, domctl: this.#interface.domctlVersion };
  }

  version(): Version {
    const both = this.#interface.number(VersionQuestion.VERSION);
    const extra = this.#interface.text(VersionQuestion.EXTRA_VERSION);
    return { major: both >>> 16, minor: both & 0xffff, extra };
  }

  /** What guests it can run: `xen-3.0-x86_64 hvm-3.0-x86_32 ...`. */
  capabilities(): string {
    return this.#interface.text(VersionQuestion.CAPABILITIES);
  }

  /** What it was started with. */
  commandLine(): string {
    return this.#interface.text(VersionQuestion.COMMAND_LINE);
  }

  host(): HostInfo {
    const info = this.#interface.askHost(Sysctl.PHYSINFO, physinfo(this.#interface.sysctlVersion));
    const { cpus, threadsPerCore, coresPerSocket, nodes, cpuKhz, capabilities } = info;
    return {
      ...{ cpus, threadsPerCore, coresPerSocket, nodes, cpuKhz, capabilities },
      totalMemory: info.totalPages * kibPerPage,
      freeMemory: (info.freePages + info.scrubPages) * kibPerPage,
    };
  }

  /** The name of its scheduler: `credit2`. */
  scheduler(): string {
    return schedulers[this.#schedulerId()] ?? "unknown";
  }

  /** All domains, by their numbers. */
  domains(): HypervisorDomain[] {
    const found: HypervisorDomain[] = [];
    for (let first = 0; first < endOfDomains; ) {
      const part = this.#domainsFrom(first, domainsPerCall);
      found.push(...part);
      const last = part.at(-1);
      if (last === undefined || part.length < domainsPerCall) break;
      first = last.id + 1;
    }
    return found;
  }

  /** One domain; null when there is none with the number. */
  domain(id: number): HypervisorDomain | null {
    const [found] = id < 0 || id >= endOfDomains ? [] : this.#domainsFrom(id, 1);
    return found?.id === id ? found : null;
  }

  pause(id: number): void {
    this.#interface.askDomain(Domctl.PAUSE, id, nothing);
  }

  unpause(id: number): void {
    this.#interface.askDomain(Domctl.UNPAUSE, id, nothing);
  }

  /** Ends a domain; while parts of it are still in use, it stays as a dying one. */
  destroy(id: number): void {
    this.#interface.askDomain(Domctl.DESTROY, id, nothing);
  }

  setMaxMemory(id: number, kib: bigint): void {
    this.#interface.askDomain(Domctl.MAX_MEMORY, id, maxMemory, { kib });
  }

  /** How many virtual processors a domain may have: only as many as it was made with, in the Xen of today. */
  setMaxVcpus(id: number, count: number): void {
    this.#interface.askDomain(Domctl.MAX_VCPUS, id, maxVcpus, { count });
  }

  /** A virtual processor; null when the domain has none with the number. */
  vcpu(id: number, vcpu: number): HypervisorVcpu | null {
    try {
      const info = this.#interface.askDomain(Domctl.VCPU_INFO, id, vcpuInfo, { vcpu });
      const { cpuTime, cpu } = info;
      const states = { isOnline: info.online !== 0, isBlocked: info.blocked !== 0, isRunning: info.running !== 0 };
      return { ...states, cpuTime, cpu };
    } catch (error) {
      if (error instanceof NativeError && (error.code === "ESRCH" || error.code === "EINVAL")) return null;
      throw error;
    }
  }

  /** The host's processors, of the first `cpus`, on which a virtual one may run. */
  affinity(id: number, vcpu: number, cpus: number): number[] {
    return this.#affinity(Domctl.GET_AFFINITY, id, vcpu, mapOfCpus([], Math.ceil(cpus / 8))).filter(
      (cpu) => cpu < cpus,
    );
  }

  /** Says on which of the host's processors a virtual one may run. */
  setAffinity(id: number, vcpu: number, allowed: readonly number[], cpus: number): void {
    this.#affinity(Domctl.SET_AFFINITY, id, vcpu, mapOfCpus(allowed, Math.ceil(cpus / 8)));
  }

  /** A domain's share; null where the scheduler has none. */
  share(id: number): SchedulerShare | null {
    const scheduler = this.#schedulerId();
    if (!shareSchedulers.has(scheduler)) return null;
    const question = { scheduler, command: SchedulerCommand.GET };
    const { weight, cap } = this.#interface.askDomain(Domctl.SCHEDULER, id, schedulerOperation, question);
    return { weight, cap };
  }

  setShare(id: number, { weight, cap }: SchedulerShare): void {
    const operation = { scheduler: this.#schedulerId(), command: SchedulerCommand.SET, weight, cap };
    this.#interface.askDomain(Domctl.SCHEDULER, id, schedulerOperation, operation);
  }

  close(): void {
    this.#interface.close();
  }

  #schedulerId(): number {
    return this.#interface.askHost(Sysctl.SCHEDULER, schedulerId).id;
  }

  #domainsFrom(first: number, max: number): HypervisorDomain[] {
    const size = this.#domainSize;
    let list: Buffer = Buffer.alloc(0);
    return this.#interface.sysctl(
      Sysctl.DOMAIN_LIST,
      (operation, allocate) => {
        const { bytes, address } = allocate(max * size);
        list = bytes;
        domainList.write(operation, { first, max, buffer: address });
      },
      (operation) => {
        const { count } = domainList.read(operation);
        return Array.from({ length: count }, (_, at) => domainOf(domainInfo.read(list, at * size)));
      },
    );
  }

  #affinity(command: number, id: number, vcpu: number, map: Uint8Array): number[] {
    let hard: Buffer = Buffer.alloc(0);
    return this.#interface.domctl(
      command,
      id,
      (operation, allocate) => {
        const { bytes, address } = allocate(map.length);
        hard = bytes;
        hard.set(map);
        const bits = map.length * 8;
        affinity.write(operation, { vcpu, flags: AffinityFlag.HARD, hard: address, hardBits: bits });
      },
      () => cpusIn(hard),
    );
  }
}

function cpusIn(map: Uint8Array): number[] {
  return Array.from({ length: map.length * 8 }, (_, cpu) => cpu).filter(
    (cpu) => ((map[cpu >> 3] ?? 0) & (1 << (cpu & 7))) !== 0,
  );
}

/**
 * How many bytes the hypervisor writes for each domain, which depends on its version: the first domain is described into
 * memory full of a mark, once of one mark, once of another.
 */
function domainInfoSize(through: HypervisorInterface): number {
  const written = (mark: number): number => {
    let room: Buffer = Buffer.alloc(0);
    return through.sysctl(
      Sysctl.DOMAIN_LIST,
      (operation, allocate) => {
        const { bytes, address } = allocate(longestDomainInfo);
        room = bytes.fill(mark);
        domainList.write(operation, { first: 0, max: 1, buffer: address });
      },
      () => room.findLastIndex((byte) => byte !== mark) + 1,
    );
  };
  return Math.max(written(0xa5), written(0x5a), domainInfo.size);
}

function domainOf(info: ValuesOf<typeof domainInfo extends Structure<infer M> ? M : never>): HypervisorDomain {
  const { flags } = info;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const reason = shutdownReasons[(flags >>> shutdownShift) & 0xff] ?? "crash";
  return {
    id: info.domain,
    uuid: info.handle,
    isHvm: has(DomainFlag.HVM),
    isDying: has(DomainFlag.DYING),
    isPaused: has(DomainFlag.PAUSED),
    isBlocked: has(DomainFlag.BLOCKED),
    isRunning: has(DomainFlag.RUNNING),
    shutdown: has(DomainFlag.SHUTDOWN) ? reason : null,
    memory: info.pages * kibPerPage,
    maxMemory: info.maxPages * kibPerPage,
    cpuTime: info.cpuTime,
    vcpus: info.onlineVcpus,
    maxVcpus: info.maxVcpu === noVcpus ? 0 : info.maxVcpu + 1,
  };
}
