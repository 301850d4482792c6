/** Flags of `virConnectGetAllDomainStats` and `virDomainListGetStats`. */
export const ConnectGetAllDomainStatsFlags = {
  ACTIVE: 1,
  INACTIVE: 2,
  PERSISTENT: 4,
  TRANSIENT: 8,
  RUNNING: 16,
  PAUSED: 32,
  SHUTOFF: 64,
  OTHER: 128,
  NOWAIT: 536870912,
  BACKING: 1073741824,
  ENFORCE_STATS: 2147483648,
} as const;
export type ConnectGetAllDomainStatsFlags =
  (typeof ConnectGetAllDomainStatsFlags)[keyof typeof ConnectGetAllDomainStatsFlags];

/** Kinds of value of the block I/O parameters: the old name of `TypedParameterType`. */
export const BlkioParameterType = {
  INT: 1,
  UINT: 2,
  LLONG: 3,
  ULLONG: 4,
  DOUBLE: 5,
  BOOLEAN: 6,
} as const;
export type BlkioParameterType = (typeof BlkioParameterType)[keyof typeof BlkioParameterType];

/** How a measurement of the dirty rate stands (statistic `dirtyrate.calc_status`). */
export const DomainDirtyRateStatus = {
  UNSTARTED: 0,
  MEASURING: 1,
  MEASURED: 2,
} as const;
export type DomainDirtyRateStatus = (typeof DomainDirtyRateStatus)[keyof typeof DomainDirtyRateStatus];

/** Flags of `virDomainStartDirtyRateCalc`. */
export const DomainDirtyRateCalcFlags = {
  PAGE_SAMPLING: 0,
  DIRTY_BITMAP: 1,
  DIRTY_RING: 2,
} as const;
export type DomainDirtyRateCalcFlags = (typeof DomainDirtyRateCalcFlags)[keyof typeof DomainDirtyRateCalcFlags];

/** Kinds of value of the memory parameters: the old name of `TypedParameterType`. */
export const MemoryParameterType = {
  INT: 1,
  UINT: 2,
  LLONG: 3,
  ULLONG: 4,
  DOUBLE: 5,
  BOOLEAN: 6,
} as const;
export type MemoryParameterType = (typeof MemoryParameterType)[keyof typeof MemoryParameterType];

/** What a memory statistic counts: `virDomainMemoryStats`. Sizes in KiB. */
export const DomainMemoryStatTags = {
  SWAP_IN: 0,
  SWAP_OUT: 1,
  MAJOR_FAULT: 2,
  MINOR_FAULT: 3,
  UNUSED: 4,
  AVAILABLE: 5,
  ACTUAL_BALLOON: 6,
  RSS: 7,
  USABLE: 8,
  LAST_UPDATE: 9,
  DISK_CACHES: 10,
  HUGETLB_PGALLOC: 11,
  HUGETLB_PGFAIL: 12,
} as const;
export type DomainMemoryStatTags = (typeof DomainMemoryStatTags)[keyof typeof DomainMemoryStatTags];

/** Flags of `virDomainSetIOThreadParams`, `virDomainSetMemoryFlags` and `virDomainSetMemoryStatsPeriod`. */
export const DomainMemoryModFlags = {
  CURRENT: 0,
  LIVE: 1,
  CONFIG: 2,
  MAXIMUM: 4,
} as const;
export type DomainMemoryModFlags = (typeof DomainMemoryModFlags)[keyof typeof DomainMemoryModFlags];

/** How a guest's memory is spread over the host's nodes: parameter `numa_mode` of `virDomainSetNumaParameters`. */
export const DomainNumatuneMemMode = {
  STRICT: 0,
  PREFERRED: 1,
  INTERLEAVE: 2,
  RESTRICTIVE: 3,
} as const;
export type DomainNumatuneMemMode = (typeof DomainNumatuneMemMode)[keyof typeof DomainNumatuneMemMode];

/** Kinds of value of the scheduler parameters: the old name of `TypedParameterType`. */
export const SchedParameterType = {
  INT: 1,
  UINT: 2,
  LLONG: 3,
  ULLONG: 4,
  DOUBLE: 5,
  BOOLEAN: 6,
} as const;
export type SchedParameterType = (typeof SchedParameterType)[keyof typeof SchedParameterType];

/** Groups of statistics, as bits: `virConnectGetAllDomainStats`, `virDomainListGetStats`. */
export const DomainStatsTypes = {
  STATE: 1,
  CPU_TOTAL: 2,
  BALLOON: 4,
  VCPU: 8,
  INTERFACE: 16,
  BLOCK: 32,
  PERF: 64,
  IOTHREAD: 128,
  MEMORY: 256,
  DIRTYRATE: 512,
  VM: 1024,
} as const;
export type DomainStatsTypes = (typeof DomainStatsTypes)[keyof typeof DomainStatsTypes];

/** Flags of `virDomainGetVcpusFlags` and `virDomainSetVcpusFlags`. */
export const DomainVcpuFlags = {
  CURRENT: 0,
  LIVE: 1,
  CONFIG: 2,
  MAXIMUM: 4,
  GUEST: 8,
  HOTPLUGGABLE: 16,
} as const;
export type DomainVcpuFlags = (typeof DomainVcpuFlags)[keyof typeof DomainVcpuFlags];

/** Flags of `virDomainMemoryPeek`. */
export const DomainMemoryFlags = {
  VIRTUAL: 1,
  PHYSICAL: 2,
} as const;
export type DomainMemoryFlags = (typeof DomainMemoryFlags)[keyof typeof DomainMemoryFlags];

/** State of a virtual processor: `virDomainGetVcpus`. */
export const VcpuState = {
  OFFLINE: 0,
  RUNNING: 1,
  BLOCKED: 2,
} as const;
export type VcpuState = (typeof VcpuState)[keyof typeof VcpuState];

/** In place of the host processor that a virtual one runs on, when there is none: `virDomainGetVcpus`. */
export const VcpuHostCpuState = {
  OFFLINE: -1,
  UNAVAILABLE: -2,
} as const;
export type VcpuHostCpuState = (typeof VcpuHostCpuState)[keyof typeof VcpuHostCpuState];

/** Parameters of `virDomainGetLaunchSecurityInfo` and `virDomainSetLaunchSecurityState`. */
export const DomainLaunchSecurity = {
  SEV_API_MAJOR: "sev-api-major",
  SEV_API_MINOR: "sev-api-minor",
  SEV_BUILD_ID: "sev-build-id",
  SEV_MEASUREMENT: "sev-measurement",
  SEV_POLICY: "sev-policy",
  SEV_SECRET: "sev-secret",
  SEV_SECRET_HEADER: "sev-secret-header",
  SEV_SECRET_SET_ADDRESS: "sev-secret-set-address",
} as const;
export type DomainLaunchSecurity = (typeof DomainLaunchSecurity)[keyof typeof DomainLaunchSecurity];

/** Bandwidth of an interface: `virDomainSetInterfaceParameters`. KiB/s; bursts in KiB. */
export const DomainBandwidth = {
  IN_AVERAGE: "inbound.average",
  IN_BURST: "inbound.burst",
  IN_FLOOR: "inbound.floor",
  IN_PEAK: "inbound.peak",
  OUT_AVERAGE: "outbound.average",
  OUT_BURST: "outbound.burst",
  OUT_PEAK: "outbound.peak",
} as const;
export type DomainBandwidth = (typeof DomainBandwidth)[keyof typeof DomainBandwidth];

/** Processor time: `virDomainGetCPUStats`. In ns. */
export const DomainCpuStats = {
  CPUTIME: "cpu_time",
  SYSTEMTIME: "system_time",
  USERTIME: "user_time",
  VCPUTIME: "vcpu_time",
} as const;
export type DomainCpuStats = (typeof DomainCpuStats)[keyof typeof DomainCpuStats];

/** Parameters of `virDomainSetSchedulerParameters`. Periods and quotas in µs. */
export const DomainScheduler = {
  CAP: "cap",
  CPU_SHARES: "cpu_shares",
  EMULATOR_PERIOD: "emulator_period",
  EMULATOR_QUOTA: "emulator_quota",
  GLOBAL_PERIOD: "global_period",
  GLOBAL_QUOTA: "global_quota",
  IOTHREAD_PERIOD: "iothread_period",
  IOTHREAD_QUOTA: "iothread_quota",
  LIMIT: "limit",
  RESERVATION: "reservation",
  SHARES: "shares",
  VCPU_PERIOD: "vcpu_period",
  VCPU_QUOTA: "vcpu_quota",
  WEIGHT: "weight",
} as const;
export type DomainScheduler = (typeof DomainScheduler)[keyof typeof DomainScheduler];

/** Settings of an I/O thread: `virDomainSetIOThreadParams`. */
export const DomainIOThread = {
  POLL_GROW: "poll_grow",
  POLL_MAX_NS: "poll_max_ns",
  POLL_SHRINK: "poll_shrink",
  THREAD_POOL_MAX: "thread_pool_max",
  THREAD_POOL_MIN: "thread_pool_min",
} as const;
export type DomainIOThread = (typeof DomainIOThread)[keyof typeof DomainIOThread];

/** Limits on memory: `virDomainSetMemoryParameters`. In KiB. */
export const DomainMemory = {
  HARD_LIMIT: "hard_limit",
  MIN_GUARANTEE: "min_guarantee",
  SOFT_LIMIT: "soft_limit",
  SWAP_HARD_LIMIT: "swap_hard_limit",
} as const;
export type DomainMemory = (typeof DomainMemory)[keyof typeof DomainMemory];

/** Block I/O limits: `virDomainSetBlkioParameters`. */
export const DomainBlkio = {
  DEVICE_READ_BPS: "device_read_bytes_sec",
  DEVICE_READ_IOPS: "device_read_iops_sec",
  DEVICE_WEIGHT: "device_weight",
  DEVICE_WRITE_BPS: "device_write_bytes_sec",
  DEVICE_WRITE_IOPS: "device_write_iops_sec",
  WEIGHT: "weight",
} as const;
export type DomainBlkio = (typeof DomainBlkio)[keyof typeof DomainBlkio];

/** Parameters of `virDomainSetNumaParameters`. */
export const DomainNuma = {
  MODE: "numa_mode",
  NODESET: "numa_nodeset",
} as const;
export type DomainNuma = (typeof DomainNuma)[keyof typeof DomainNuma];

/** Performance events: `virDomainSetPerfEvents`. */
export const PerfParam = {
  ALIGNMENT_FAULTS: "alignment_faults",
  BRANCH_INSTRUCTIONS: "branch_instructions",
  BRANCH_MISSES: "branch_misses",
  BUS_CYCLES: "bus_cycles",
  CACHE_MISSES: "cache_misses",
  CACHE_REFERENCES: "cache_references",
  CMT: "cmt",
  CONTEXT_SWITCHES: "context_switches",
  CPU_CLOCK: "cpu_clock",
  CPU_CYCLES: "cpu_cycles",
  CPU_MIGRATIONS: "cpu_migrations",
  EMULATION_FAULTS: "emulation_faults",
  INSTRUCTIONS: "instructions",
  MBML: "mbml",
  MBMT: "mbmt",
  PAGE_FAULTS: "page_faults",
  PAGE_FAULTS_MAJ: "page_faults_maj",
  PAGE_FAULTS_MIN: "page_faults_min",
  REF_CPU_CYCLES: "ref_cpu_cycles",
  STALLED_CYCLES_BACKEND: "stalled_cycles_backend",
  STALLED_CYCLES_FRONTEND: "stalled_cycles_frontend",
  TASK_CLOCK: "task_clock",
} as const;
export type PerfParam = (typeof PerfParam)[keyof typeof PerfParam];

/** A memory limit that is none, in KiB: `virDomainSetMemoryParameters`. */
export const DOMAIN_MEMORY_PARAM_UNLIMITED = 9007199254740991n;
