/** Flags of `virDomainAbortJobFlags`. */
export const DomainAbortJobFlags = {
  POSTCOPY: 1,
} as const;
export type DomainAbortJobFlags = (typeof DomainAbortJobFlags)[keyof typeof DomainAbortJobFlags];

/** How a memory dump is written: `virDomainCoreDumpWithFormat`. */
export const DomainCoreDumpFormat = {
  RAW: 0,
  KDUMP_ZLIB: 1,
  KDUMP_LZO: 2,
  KDUMP_SNAPPY: 3,
  WIN_DMP: 4,
} as const;
export type DomainCoreDumpFormat = (typeof DomainCoreDumpFormat)[keyof typeof DomainCoreDumpFormat];

/** State of the job on a domain: `virDomainGetJobInfo`, `virDomainGetJobStats`. */
export const DomainJobType = {
  NONE: 0,
  BOUNDED: 1,
  UNBOUNDED: 2,
  COMPLETED: 3,
  FAILED: 4,
  CANCELLED: 5,
} as const;
export type DomainJobType = (typeof DomainJobType)[keyof typeof DomainJobType];

/** What a job on a domain does: parameter `operation` of `virDomainGetJobStats`. */
export const DomainJobOperation = {
  UNKNOWN: 0,
  START: 1,
  SAVE: 2,
  RESTORE: 3,
  MIGRATION_IN: 4,
  MIGRATION_OUT: 5,
  SNAPSHOT: 6,
  SNAPSHOT_REVERT: 7,
  DUMP: 8,
  BACKUP: 9,
  SNAPSHOT_DELETE: 10,
} as const;
export type DomainJobOperation = (typeof DomainJobOperation)[keyof typeof DomainJobOperation];

/** Flags of `virDomainGetJobStats`. */
export const DomainGetJobStatsFlags = {
  COMPLETED: 1,
  KEEP_COMPLETED: 2,
} as const;
export type DomainGetJobStatsFlags = (typeof DomainGetJobStatsFlags)[keyof typeof DomainGetJobStatsFlags];

/** Flags of `virDomainMigrateGetMaxSpeed` and `virDomainMigrateSetMaxSpeed`. */
export const DomainMigrateMaxSpeedFlags = {
  POSTCOPY: 1,
} as const;
export type DomainMigrateMaxSpeedFlags = (typeof DomainMigrateMaxSpeedFlags)[keyof typeof DomainMigrateMaxSpeedFlags];

/**
 * Flags of `virDomainManagedSave`, `virDomainManagedSaveDefineXML`, `virDomainRestoreFlags` and
 * `virDomainRestoreParams`.
 */
export const DomainSaveRestoreFlags = {
  BYPASS_CACHE: 1,
  RUNNING: 2,
  PAUSED: 4,
  RESET_NVRAM: 8,
} as const;
export type DomainSaveRestoreFlags = (typeof DomainSaveRestoreFlags)[keyof typeof DomainSaveRestoreFlags];

/** Flags of `virDomainManagedSaveGetXMLDesc` and `virDomainSaveImageGetXMLDesc`. */
export const DomainSaveImageXMLFlags = {
  SECURE: 1,
} as const;
export type DomainSaveImageXMLFlags = (typeof DomainSaveImageXMLFlags)[keyof typeof DomainSaveImageXMLFlags];

/** Flags of `virDomainCoreDump` and `virDomainCoreDumpWithFormat`. */
export const DomainCoreDumpFlags = {
  CRASH: 1,
  LIVE: 2,
  BYPASS_CACHE: 4,
  RESET: 8,
  MEMORY_ONLY: 16,
} as const;
export type DomainCoreDumpFlags = (typeof DomainCoreDumpFlags)[keyof typeof DomainCoreDumpFlags];

/** Flags of `virDomainMigrate`, `virDomainMigrate2`, `virDomainMigrate3` and `virDomainMigrateToURI`. */
export const DomainMigrateFlags = {
  LIVE: 1,
  PEER2PEER: 2,
  TUNNELLED: 4,
  PERSIST_DEST: 8,
  UNDEFINE_SOURCE: 16,
  PAUSED: 32,
  NON_SHARED_DISK: 64,
  NON_SHARED_INC: 128,
  CHANGE_PROTECTION: 256,
  UNSAFE: 512,
  OFFLINE: 1024,
  COMPRESSED: 2048,
  ABORT_ON_ERROR: 4096,
  AUTO_CONVERGE: 8192,
  RDMA_PIN_ALL: 16384,
  POSTCOPY: 32768,
  TLS: 65536,
  PARALLEL: 131072,
  NON_SHARED_SYNCHRONOUS_WRITES: 262144,
  POSTCOPY_RESUME: 524288,
  ZEROCOPY: 1048576,
} as const;
export type DomainMigrateFlags = (typeof DomainMigrateFlags)[keyof typeof DomainMigrateFlags];

/** Parameters of `virDomainSaveParams` and `virDomainRestoreParams`. */
export const DomainSaveParam = {
  DXML: "dxml",
  FILE: "file",
} as const;
export type DomainSaveParam = (typeof DomainSaveParam)[keyof typeof DomainSaveParam];

/** Parameters of `virDomainMigrate3` and `virDomainMigrateToURI3`. */
export const MigrateParam = {
  AUTO_CONVERGE_INCREMENT: "auto_converge.increment",
  AUTO_CONVERGE_INITIAL: "auto_converge.initial",
  BANDWIDTH: "bandwidth",
  BANDWIDTH_POSTCOPY: "bandwidth.postcopy",
  COMPRESSION: "compression",
  COMPRESSION_MT_DTHREADS: "compression.mt.dthreads",
  COMPRESSION_MT_LEVEL: "compression.mt.level",
  COMPRESSION_MT_THREADS: "compression.mt.threads",
  COMPRESSION_XBZRLE_CACHE: "compression.xbzrle.cache",
  DEST_NAME: "destination_name",
  DEST_XML: "destination_xml",
  DISKS_PORT: "disks_port",
  DISKS_URI: "disks_uri",
  GRAPHICS_URI: "graphics_uri",
  LISTEN_ADDRESS: "listen_address",
  MIGRATE_DISKS: "migrate_disks",
  PARALLEL_CONNECTIONS: "parallel.connections",
  PERSIST_XML: "persistent_xml",
  TLS_DESTINATION: "tls.destination",
  URI: "migrate_uri",
} as const;
export type MigrateParam = (typeof MigrateParam)[keyof typeof MigrateParam];

/** Statistics of a job: `virDomainGetJobStats`. Times in ms, amounts in bytes, unless their names say otherwise. */
export const DomainJob = {
  AUTO_CONVERGE_THROTTLE: "auto_converge_throttle",
  COMPRESSION_BYTES: "compression_bytes",
  COMPRESSION_CACHE: "compression_cache",
  COMPRESSION_CACHE_MISSES: "compression_cache_misses",
  COMPRESSION_OVERFLOW: "compression_overflow",
  COMPRESSION_PAGES: "compression_pages",
  DATA_PROCESSED: "data_processed",
  DATA_REMAINING: "data_remaining",
  DATA_TOTAL: "data_total",
  DISK_BPS: "disk_bps",
  DISK_PROCESSED: "disk_processed",
  DISK_REMAINING: "disk_remaining",
  DISK_TEMP_TOTAL: "disk_temp_total",
  DISK_TEMP_USED: "disk_temp_used",
  DISK_TOTAL: "disk_total",
  DOWNTIME: "downtime",
  DOWNTIME_NET: "downtime_net",
  ERRMSG: "errmsg",
  MEMORY_BPS: "memory_bps",
  MEMORY_CONSTANT: "memory_constant",
  MEMORY_DIRTY_RATE: "memory_dirty_rate",
  MEMORY_ITERATION: "memory_iteration",
  MEMORY_NORMAL: "memory_normal",
  MEMORY_NORMAL_BYTES: "memory_normal_bytes",
  MEMORY_PAGE_SIZE: "memory_page_size",
  MEMORY_POSTCOPY_REQS: "memory_postcopy_requests",
  MEMORY_PROCESSED: "memory_processed",
  MEMORY_REMAINING: "memory_remaining",
  MEMORY_TOTAL: "memory_total",
  OPERATION: "operation",
  SETUP_TIME: "setup_time",
  SUCCESS: "success",
  TIME_ELAPSED: "time_elapsed",
  TIME_ELAPSED_NET: "time_elapsed_net",
  TIME_REMAINING: "time_remaining",
} as const;
export type DomainJob = (typeof DomainJob)[keyof typeof DomainJob];
