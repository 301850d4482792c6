/**
 * The three roads to Xen: the hypervisor for fast questions and simple commands, the Xen Store for what domains share,
 * a tool stack for what takes many steps. Each may be missing; whoever needs one that is says so, or takes another.
 */
import { parseUuid } from "../../driver/object-list.ts";
import { LibvirtError } from "../../errors.ts";
import { formatCpuset } from "../../xml/index.ts";
import {
  type HostInfo,
  type Hypervisor,
  type HypervisorVcpu,
  type SchedulerShare,
  type ShutdownReason,
  shutdownReasons,
  type Version,
} from "./hypervisor/index.ts";
import type { StoreClient } from "./store/index.ts";
import type { ToolDomain, ToolHost, Toolstack } from "./toolstack/toolstack.ts";

/** A domain as any road shows it; what only the hypervisor knows is missing from the others. */
export interface Seen {
  readonly id: number;
  readonly uuid: Uint8Array;
  readonly isDying: boolean;
  readonly isPaused: boolean | undefined;
  readonly shutdown: ShutdownReason | null;
}

/** What a domain uses at the moment. */
export interface Usage {
  /** KiB. */
  readonly memory: bigint;
  /** ns. */
  readonly cpuTime: bigint;
}

/** A virtual processor with the host's processors that it may run on. */
export interface PlacedVcpu extends HypervisorVcpu {
  readonly affinity: readonly number[];
}

export class Roads {
  readonly store: StoreClient;
  readonly tools: Toolstack;
  readonly #hypervisor: Hypervisor | string;

  constructor(hypervisor: Hypervisor | string, store: StoreClient, tools: Toolstack) {
    this.#hypervisor = hypervisor;
    this.store = store;
    this.tools = tools;
  }

  /** The hypervisor; null when it cannot be asked. */
  get hypervisor(): Hypervisor | null {
    return typeof this.#hypervisor === "string" ? null : this.#hypervisor;
  }

  async version(): Promise<Version> {
    return this.hypervisor?.version() ?? (await this.#toolHost("the hypervisor's version")).version;
  }

  /** What guests the hypervisor can run: `xen-3.0-x86_64 hvm-3.0-x86_32 ...`. */
  async capabilities(): Promise<string> {
    return this.hypervisor?.capabilities() ?? (await this.#toolHost("what guests can run")).capabilities;
  }

  async hostInfo(): Promise<HostInfo> {
    return this.hypervisor?.host() ?? (await this.#toolHost("the host's description")).info;
  }

  /** What a domain uses; null when it is not there. */
  async usage(id: number): Promise<Usage | null> {
    if (this.hypervisor) return this.hypervisor.domain(id);
    return (await this.tools.list()).find((one) => one.id === id) ?? null;
  }

  /** A domain's virtual processors by their numbers. */
  async vcpus(id: number): Promise<PlacedVcpu[]> {
    const { cpus } = await this.hostInfo();
    const { hypervisor } = this;
    if (hypervisor) {
      return Array.from({ length: hypervisor.domain(id)?.maxVcpus ?? 0 }, (_, number) => number).flatMap((number) => {
        const vcpu = hypervisor.vcpu(id, number);
        return vcpu ? [{ ...vcpu, affinity: hypervisor.affinity(id, number, cpus) }] : [];
      });
    }
    const all = Array.from({ length: cpus }, (_, cpu) => cpu);
    const told = await this.tools.vcpus?.(id);
    if (!told) throw this.#noRoad("what a guest's processors do");
    return told.map((vcpu) => ({ ...vcpu, affinity: vcpu.affinity === "all" ? all : vcpu.affinity }));
  }

  /** Says on which of the host's processors a virtual one may run. */
  async pinVcpu(id: number, vcpu: number, cpus: readonly number[]): Promise<void> {
    const { hypervisor } = this;
    if (hypervisor) hypervisor.setAffinity(id, vcpu, cpus, hypervisor.host().cpus);
    else await this.tools.pinVcpu(id, vcpu, formatCpuset(cpus));
  }

  /** The most memory that a domain may have, in KiB. */
  async setMaxMemory(id: number, kib: bigint): Promise<void> {
    if (this.hypervisor) this.hypervisor.setMaxMemory(id, kib);
    else await this.tools.setMaxMemory(id, kib);
  }

  /** The name of the scheduler: `credit2`. */
  async scheduler(id: number): Promise<string> {
    return this.hypervisor?.scheduler() ?? (await this.#toolScheduler(id)).name;
  }

  /** A domain's share; null where the scheduler has none. */
  async share(id: number): Promise<SchedulerShare | null> {
    if (this.hypervisor) return this.hypervisor.share(id);
    const { weight, cap } = (await this.#toolScheduler(id)).parameters;
    return weight === undefined ? null : { weight, cap: cap ?? 0 };
  }

  async setShare(id: number, share: SchedulerShare): Promise<void> {
    if (this.hypervisor) this.hypervisor.setShare(id, share);
    else if (this.tools.setScheduler) await this.tools.setScheduler(id, share);
    else throw this.#noRoad("a guest's share");
  }

  /** All domains there are. */
  async domains(): Promise<readonly Seen[]> {
    if (typeof this.#hypervisor !== "string") return this.#hypervisor.domains();
    return (await this.tools.list()).map(seenByTools);
  }

  /** The name of a domain; null when it has none (yet). */
  nameOf(id: number): Promise<string | null> {
    return this.store.read(`/local/domain/${id}/name`);
  }

  async #toolHost(what: string): Promise<ToolHost> {
    if (this.tools.host) return this.tools.host();
    throw this.#noRoad(what);
  }

  async #toolScheduler(id: number) {
    if (this.tools.scheduler) return this.tools.scheduler(id);
    throw this.#noRoad("the scheduler");
  }

  /** Neither road leads there. */
  #noRoad(what: string): LibvirtError {
    const detail = `${this.tools.name} does not tell ${what}, and the hypervisor cannot be asked: ${this.#hypervisor}`;
    return new LibvirtError("OPERATION_UNSUPPORTED", "XEN", detail);
  }

  async close(): Promise<void> {
    if (typeof this.#hypervisor !== "string") this.#hypervisor.close();
    await this.store.close();
  }
}

function seenByTools({ id, uuid, isDying, isPaused, shutdownCode }: ToolDomain): Seen {
  const shutdown = shutdownCode === null ? null : (shutdownReasons[shutdownCode] ?? "crash");
  return { id, uuid: parseUuid(uuid) ?? new Uint8Array(16), isDying, isPaused, shutdown };
}
