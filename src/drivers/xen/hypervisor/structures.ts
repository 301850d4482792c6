/** What is said to the hypervisor and what it answers: its public interface, as far as it is used. */
import { bytes, structure, u8, u16, u32, u64 } from "./layout.ts";

/** Numbers of hypercalls. */
export const Hypercall = { XEN_VERSION: 17, SYSCTL: 35, DOMCTL: 36 } as const;

/** Questions about the hypervisor itself. */
export const VersionQuestion = {
  VERSION: 0,
  EXTRA_VERSION: 1,
  CAPABILITIES: 3,
  CHANGESET: 4,
  COMMAND_LINE: 9,
} as const;
/** How long their answers may be, in bytes. */
export const versionTextLength = 1024;

/** Operations on the host. */
export const Sysctl = { PHYSINFO: 3, SCHEDULER: 4, DOMAIN_LIST: 6 } as const;

/** Operations on a domain. */
export const Domctl = {
  DESTROY: 2,
  PAUSE: 3,
  UNPAUSE: 4,
  SET_AFFINITY: 9,
  MAX_MEMORY: 11,
  VCPU_INFO: 14,
  MAX_VCPUS: 15,
  SCHEDULER: 16,
  GET_AFFINITY: 25,
} as const;

/** Room for what each operation has of its own. */
const operationSize = 128;

/** A call about the host (struct xen_sysctl). */
export const sysctl = structure({ command: u32, version: u32, operation: bytes(operationSize) });
/** A call about a domain (struct xen_domctl); what the operation has of its own is aligned to 8 bytes. */
export const domctl = structure({
  command: u32,
  version: u32,
  domain: u16,
  pad: bytes(6),
  operation: bytes(operationSize),
});

/** The host's processors and memory, in pages (struct xen_sysctl_physinfo). */
const processors = {
  threadsPerCore: u32,
  coresPerSocket: u32,
  cpus: u32,
  maxCpu: u32,
  nodes: u32,
  maxNode: u32,
  cpuKhz: u32,
  capabilities: u32,
};
const memory = { totalPages: u64, freePages: u64, scrubPages: u64, outstandingPages: u64, maxFrame: u64 };
/** By the version of the interface: from 0x15 on, features of the architecture come in between. */
export const physinfo = (version: number) =>
  version >= 0x15
    ? structure({ ...processors, archCapabilities: u32, pad: u32, ...memory })
    : structure({ ...processors, ...memory });

/** What {@link physinfo} says the host can do. */
export const HostCapability = { HVM: 1, PV: 2, DIRECT_IO: 4, HAP: 8, SHADOW: 16 } as const;

export const schedulerId = structure({ id: u32 });

/** Which domains are asked for, and where their descriptions go (struct xen_sysctl_getdomaininfolist). */
export const domainList = structure({ first: u16, max: u32, buffer: u64, count: u32 });

/**
 * A domain (struct xen_domctl_getdomaininfo): pages, nanoseconds. What follows depends on the version and is not used;
 * how long the whole is, the hypervisor shows.
 */
export const domainInfo = structure({
  domain: u16,
  flags: u32,
  pages: u64,
  maxPages: u64,
  outstandingPages: u64,
  sharedPages: u64,
  pagedPages: u64,
  sharedInfoFrame: u64,
  cpuTime: u64,
  onlineVcpus: u32,
  maxVcpu: u32,
  label: u32,
  handle: bytes(16),
  cpupool: u32,
});

export const DomainFlag = {
  DYING: 1,
  HVM: 2,
  SHUTDOWN: 4,
  PAUSED: 8,
  BLOCKED: 16,
  RUNNING: 32,
  XENSTORE: 128,
  HAP: 256,
} as const;
/** Where in the flags it stands why a domain has shut down. */
export const shutdownShift = 16;

export const vcpuInfo = structure({ vcpu: u32, online: u8, blocked: u8, running: u8, cpuTime: u64, cpu: u32 });

/** Where a virtual processor may run (struct xen_domctl_vcpuaffinity): bits at addresses. */
export const affinity = structure({
  vcpu: u32,
  flags: u32,
  hard: u64,
  hardBits: u32,
  hardPad: u32,
  soft: u64,
  softBits: u32,
  softPad: u32,
});
export const AffinityFlag = { HARD: 1, SOFT: 2 } as const;

export const maxMemory = structure({ kib: u64 });
export const maxVcpus = structure({ count: u32 });

/** A domain's share of the processors, as the credit schedulers have it (struct xen_domctl_scheduler_op). */
export const schedulerOperation = structure({ scheduler: u32, command: u32, weight: u16, cap: u16 });
export const SchedulerCommand = { SET: 0, GET: 1 } as const;
