/**
 * The third road to Xen: a tool stack, which is what changes domains. It builds them, plugs devices, saves and restores.
 *
 * A tool stack never acts on its own when a guest ends: the driver hears of the end from the Xen Store and conducts what
 * `on_poweroff`, `on_reboot` and `on_crash` say, so that renaming, preserving, events and the domain's new number are its
 * own. A domain that has shut down therefore stays, shut down, until {@link Toolstack.destroy}. A host whose domains are
 * watched by xl's own daemon (made by `xl create` without `-e`) is not disturbed: that daemon is the one who destroys them.
 */
import type { Disk, Domain, Hostdev, Interface } from "../../../model/domain/index.ts";
import type { HostInfo, HypervisorVcpu, Version } from "../hypervisor/index.ts";

/** What every call takes. */
export interface ToolCall {
  /** Gives up when it fires: OPERATION_ABORTED. What the tool stack had begun may be half done. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; each call has a generous limit of its own otherwise. OPERATION_TIMEOUT. */
  readonly timeout?: number | undefined;
}

/** A domain as the tool stack lists it. */
export interface ToolDomain {
  readonly id: number;
  readonly name: string;
  readonly uuid: string;
  /** KiB it may use at the moment. */
  readonly memory: bigint;
  readonly vcpus: number;
  readonly isPaused: boolean;
  readonly isBlocked: boolean;
  readonly isRunning: boolean;
  readonly isDying: boolean;
  /** It has shut down and waits to be destroyed. */
  readonly isShutdown: boolean;
  readonly isCrashed: boolean;
  /** Why it has shut down, by the hypervisor's number (0 poweroff, 1 reboot, 3 crash); null while it has not. */
  readonly shutdownCode: number | null;
  /** ns. */
  readonly cpuTime: bigint;
}

export interface CreateOptions extends ToolCall {
  /** Leave it paused: it has its number and its devices, and has not run yet. */
  readonly paused?: boolean;
}

export interface RestoreOptions extends CreateOptions {
  /** The definition to restore with; what was saved with the memory when missing. */
  readonly definition?: Domain;
}

export interface SaveOptions extends ToolCall {
  /** What becomes of the domain: gone (the default), goes on, or stays paused. */
  readonly afterwards?: "end" | "run" | "pause";
}

/** A domain's share of the processors, as far as the host's scheduler knows these words. */
export interface SchedulerParameters {
  readonly weight?: number;
  /** Percent of one processor; 0 for no limit. */
  readonly cap?: number;
}

export interface Scheduler {
  /** `credit`, `credit2`, ... */
  readonly name: string;
  readonly parameters: SchedulerParameters;
}

/** The host as the tool stack tells of it; memory in whole MiB. */
export interface ToolHost {
  readonly version: Version;
  /** What guests it can run: `xen-3.0-x86_64 hvm-3.0-x86_32 ...`. */
  readonly capabilities: string;
  readonly info: HostInfo;
}

/** A virtual processor and the host's processors that it may run on. */
export interface ToolVcpu extends HypervisorVcpu {
  readonly affinity: readonly number[] | "all";
}

export interface MigrateOptions extends ToolCall {
  readonly host: string;
  /** Leave it paused on the other host. */
  readonly paused?: boolean;
}

/** What an HVM guest's machine can be made to feel. */
export type Trigger = "nmi" | "reset" | "init" | "power" | "sleep" | "s3resume";

/**
 * One tool stack. Domains are named by their numbers. What an implementation cannot do is missing (NO_SUPPORT).
 * Every method fails with a LibvirtError of the domain LIBXL or XEND: NO_DOMAIN for a number nobody has, OPERATION_FAILED
 * with what the tool stack complained of otherwise.
 */
export interface Toolstack {
  readonly name: "xl" | "xend";

  list(call?: ToolCall): Promise<ToolDomain[]>;
  host?(call?: ToolCall): Promise<ToolHost>;
  /** A domain's virtual processors by their numbers. */
  vcpus?(id: number, call?: ToolCall): Promise<ToolVcpu[]>;
  /** What the tool stack knows of a domain, whoever made it, as a definition; null when there is no such domain. */
  describe?(id: number, call?: ToolCall): Promise<Domain | null>;
  /**
   * Builds a domain from a completed definition and gives its number. When it fails nothing is left of the domain.
   * @throws OPERATION_FAILED with what the tool stack complained of: no such kernel, no memory, a name that is taken
   */
  create(definition: Domain, options?: CreateOptions): Promise<number>;
  /** Ends a domain at once, and takes away what is left of one that has shut down. */
  destroy(id: number, call?: ToolCall): Promise<void>;
  pause(id: number, call?: ToolCall): Promise<void>;
  unpause(id: number, call?: ToolCall): Promise<void>;
  /** Asks the guest; returns when it was asked. `acpi`: press the power button of a guest without Xen's drivers. */
  shutdown(id: number, options?: ToolCall & { readonly acpi?: boolean }): Promise<void>;
  /** The same; a guest without Xen's drivers cannot be asked. */
  reboot(id: number, call?: ToolCall): Promise<void>;
  rename(id: number, name: string, call?: ToolCall): Promise<void>;
  trigger?(id: number, trigger: Trigger, call?: ToolCall): Promise<void>;

  /** Writes memory and state into a file of the tool stack's own form. */
  save(id: number, path: string, options?: SaveOptions): Promise<void>;
  /** Builds a domain from such a file, and gives its number. When it fails nothing is left of the domain. */
  restore(path: string, options?: RestoreOptions): Promise<number>;
  /** Writes the guest's memory as an ELF core; the domain goes on as it was. */
  dumpCore(id: number, path: string, call?: ToolCall): Promise<void>;
  migrate?(id: number, options: MigrateOptions): Promise<void>;

  /** Asks the guest to use so many processors, at most those that it was built with. */
  setVcpus(id: number, count: number, call?: ToolCall): Promise<void>;
  /** Host's processors that a virtual one may run on, as a list such as `0-3,^2`. */
  pinVcpu(id: number, vcpu: number, cpus: string, call?: ToolCall): Promise<void>;
  /** The balloon's target, in KiB. */
  setMemory(id: number, kib: bigint, call?: ToolCall): Promise<void>;
  /** The most that the domain may have, in KiB. */
  setMaxMemory(id: number, kib: bigint, call?: ToolCall): Promise<void>;

  scheduler?(id: number, call?: ToolCall): Promise<Scheduler>;
  setScheduler?(id: number, parameters: SchedulerParameters, call?: ToolCall): Promise<void>;

  attachDisk(id: number, disk: Disk, call?: ToolCall): Promise<void>;
  /** `dev`: the disk's target name, such as `xvdb`. */
  detachDisk(id: number, dev: string, call?: ToolCall): Promise<void>;
  /** Puts another medium into a CD-ROM drive; one without a source takes it out. */
  changeMedium?(id: number, disk: Disk, call?: ToolCall): Promise<void>;
  attachInterface(id: number, card: Interface, call?: ToolCall): Promise<void>;
  /** By its MAC address. */
  detachInterface(id: number, mac: string, call?: ToolCall): Promise<void>;
  attachHostdev?(id: number, device: Hostdev, call?: ToolCall): Promise<void>;
  detachHostdev?(id: number, device: Hostdev, call?: ToolCall): Promise<void>;

  /** The host's PCI devices that guests can be given: `0000:00:1f.3`. */
  assignable?(call?: ToolCall): Promise<string[]>;
  /** Takes a PCI device from the host's driver, so that a guest can be given it. */
  makeAssignable?(address: string, call?: ToolCall): Promise<void>;
  /** Gives it back to the host, and to the driver that had it. */
  giveBack?(address: string, call?: ToolCall): Promise<void>;
}
