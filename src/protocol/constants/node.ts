/** Flags of `virNodeAllocPages`. */
export const NodeAllocPagesFlags = {
  ADD: 0,
  SET: 1,
} as const;
export type NodeAllocPagesFlags = (typeof NodeAllocPagesFlags)[keyof typeof NodeAllocPagesFlags];

/** In place of a processor's number for `virNodeGetCPUStats`: the sum of all. */
export const NodeGetCPUStatsAllCPUs = {
  ALL_CPUS: -1,
} as const;
export type NodeGetCPUStatsAllCPUs = (typeof NodeGetCPUStatsAllCPUs)[keyof typeof NodeGetCPUStatsAllCPUs];

/** In place of a NUMA cell's number for `virNodeGetMemoryStats`: the sum of all. */
export const NodeGetMemoryStatsAllCells = {
  ALL_CELLS: -1,
} as const;
export type NodeGetMemoryStatsAllCells = (typeof NodeGetMemoryStatsAllCells)[keyof typeof NodeGetMemoryStatsAllCells];

/** What to suspend to: `virNodeSuspendForDuration`, `virDomainPMSuspendForDuration`. */
export const NodeSuspendTarget = {
  MEM: 0,
  DISK: 1,
  HYBRID: 2,
} as const;
export type NodeSuspendTarget = (typeof NodeSuspendTarget)[keyof typeof NodeSuspendTarget];

/** Page sharing of the host: `virNodeSetMemoryParameters`. */
export const NodeMemoryShared = {
  FULL_SCANS: "shm_full_scans",
  MERGE_ACROSS_NODES: "shm_merge_across_nodes",
  PAGES_SHARED: "shm_pages_shared",
  PAGES_SHARING: "shm_pages_sharing",
  PAGES_TO_SCAN: "shm_pages_to_scan",
  PAGES_UNSHARED: "shm_pages_unshared",
  PAGES_VOLATILE: "shm_pages_volatile",
  SLEEP_MILLISECS: "shm_sleep_millisecs",
} as const;
export type NodeMemoryShared = (typeof NodeMemoryShared)[keyof typeof NodeMemoryShared];

/** Memory of the host: `virNodeGetMemoryStats`. In KiB. */
export const NodeMemoryStats = {
  BUFFERS: "buffers",
  CACHED: "cached",
  FREE: "free",
  TOTAL: "total",
} as const;
export type NodeMemoryStats = (typeof NodeMemoryStats)[keyof typeof NodeMemoryStats];

/** Processor time of the host: `virNodeGetCPUStats`. In ns; utilization in percent. */
export const NodeCpuStats = {
  IDLE: "idle",
  INTR: "intr",
  IOWAIT: "iowait",
  KERNEL: "kernel",
  USER: "user",
  UTILIZATION: "utilization",
} as const;
export type NodeCpuStats = (typeof NodeCpuStats)[keyof typeof NodeCpuStats];

/** What `virNodeGetSEVInfo` reports. */
export const NodeSEV = {
  CBITPOS: "cbitpos",
  CERT_CHAIN: "cert-chain",
  CPU0_ID: "cpu0-id",
  MAX_ES_GUESTS: "max-es-guests",
  MAX_GUESTS: "max-guests",
  PDH: "pdh",
  REDUCED_PHYS_BITS: "reduced-phys-bits",
} as const;
export type NodeSEV = (typeof NodeSEV)[keyof typeof NodeSEV];
