/** Flags of `virDomainBackupBegin`. */
export const DomainBackupBeginFlags = {
  REUSE_EXTERNAL: 1,
} as const;
export type DomainBackupBeginFlags = (typeof DomainBackupBeginFlags)[keyof typeof DomainBackupBeginFlags];

/** Flags of `virDomainBlockCommit`. */
export const DomainBlockCommitFlags = {
  SHALLOW: 1,
  DELETE: 2,
  ACTIVE: 4,
  RELATIVE: 8,
  BANDWIDTH_BYTES: 16,
} as const;
export type DomainBlockCommitFlags = (typeof DomainBlockCommitFlags)[keyof typeof DomainBlockCommitFlags];

/** Flags of `virDomainBlockCopy`. */
export const DomainBlockCopyFlags = {
  SHALLOW: 1,
  REUSE_EXT: 2,
  TRANSIENT_JOB: 4,
  SYNCHRONOUS_WRITES: 8,
} as const;
export type DomainBlockCopyFlags = (typeof DomainBlockCopyFlags)[keyof typeof DomainBlockCopyFlags];

/** Flags of `virDomainBlockJobAbort`. */
export const DomainBlockJobAbortFlags = {
  ASYNC: 1,
  PIVOT: 2,
} as const;
export type DomainBlockJobAbortFlags = (typeof DomainBlockJobAbortFlags)[keyof typeof DomainBlockJobAbortFlags];

/** Flags of `virDomainGetBlockJobInfo`. */
export const DomainBlockJobInfoFlags = {
  BANDWIDTH_BYTES: 1,
} as const;
export type DomainBlockJobInfoFlags = (typeof DomainBlockJobInfoFlags)[keyof typeof DomainBlockJobInfoFlags];

/** Flags of `virDomainBlockJobSetSpeed`. */
export const DomainBlockJobSetSpeedFlags = {
  BANDWIDTH_BYTES: 1,
} as const;
export type DomainBlockJobSetSpeedFlags =
  (typeof DomainBlockJobSetSpeedFlags)[keyof typeof DomainBlockJobSetSpeedFlags];

/** Kind of a block job: `virDomainGetBlockJobInfo` and the block job events. */
export const DomainBlockJobType = {
  UNKNOWN: 0,
  PULL: 1,
  COPY: 2,
  COMMIT: 3,
  ACTIVE_COMMIT: 4,
  BACKUP: 5,
} as const;
export type DomainBlockJobType = (typeof DomainBlockJobType)[keyof typeof DomainBlockJobType];

/** Flags of `virDomainBlockPull`. */
export const DomainBlockPullFlags = {
  BANDWIDTH_BYTES: 64,
} as const;
export type DomainBlockPullFlags = (typeof DomainBlockPullFlags)[keyof typeof DomainBlockPullFlags];

/** Flags of `virDomainBlockRebase`. */
export const DomainBlockRebaseFlags = {
  SHALLOW: 1,
  REUSE_EXT: 2,
  COPY_RAW: 4,
  COPY: 8,
  RELATIVE: 16,
  COPY_DEV: 32,
  BANDWIDTH_BYTES: 64,
} as const;
export type DomainBlockRebaseFlags = (typeof DomainBlockRebaseFlags)[keyof typeof DomainBlockRebaseFlags];

/** Flags of `virDomainBlockResize`. */
export const DomainBlockResizeFlags = {
  BYTES: 1,
} as const;
export type DomainBlockResizeFlags = (typeof DomainBlockResizeFlags)[keyof typeof DomainBlockResizeFlags];

/** What is wrong with a disk: `virDomainGetDiskErrors`. */
export const DomainDiskErrorCode = {
  NONE: 0,
  UNSPEC: 1,
  NO_SPACE: 2,
} as const;
export type DomainDiskErrorCode = (typeof DomainDiskErrorCode)[keyof typeof DomainDiskErrorCode];

/** Limits of a disk: `virDomainSetBlockIoTune`. */
export const DomainBlockIotune = {
  GROUP_NAME: "group_name",
  READ_BYTES_SEC: "read_bytes_sec",
  READ_BYTES_SEC_MAX: "read_bytes_sec_max",
  READ_BYTES_SEC_MAX_LENGTH: "read_bytes_sec_max_length",
  READ_IOPS_SEC: "read_iops_sec",
  READ_IOPS_SEC_MAX: "read_iops_sec_max",
  READ_IOPS_SEC_MAX_LENGTH: "read_iops_sec_max_length",
  SIZE_IOPS_SEC: "size_iops_sec",
  TOTAL_BYTES_SEC: "total_bytes_sec",
  TOTAL_BYTES_SEC_MAX: "total_bytes_sec_max",
  TOTAL_BYTES_SEC_MAX_LENGTH: "total_bytes_sec_max_length",
  TOTAL_IOPS_SEC: "total_iops_sec",
  TOTAL_IOPS_SEC_MAX: "total_iops_sec_max",
  TOTAL_IOPS_SEC_MAX_LENGTH: "total_iops_sec_max_length",
  WRITE_BYTES_SEC: "write_bytes_sec",
  WRITE_BYTES_SEC_MAX: "write_bytes_sec_max",
  WRITE_BYTES_SEC_MAX_LENGTH: "write_bytes_sec_max_length",
  WRITE_IOPS_SEC: "write_iops_sec",
  WRITE_IOPS_SEC_MAX: "write_iops_sec_max",
  WRITE_IOPS_SEC_MAX_LENGTH: "write_iops_sec_max_length",
} as const;
export type DomainBlockIotune = (typeof DomainBlockIotune)[keyof typeof DomainBlockIotune];

/** Statistics of a disk: `virDomainBlockStatsFlags`. Times in ns. */
export const DomainBlockStats = {
  ERRS: "errs",
  FLUSH_REQ: "flush_operations",
  FLUSH_TOTAL_TIMES: "flush_total_times",
  READ_BYTES: "rd_bytes",
  READ_REQ: "rd_operations",
  READ_TOTAL_TIMES: "rd_total_times",
  WRITE_BYTES: "wr_bytes",
  WRITE_REQ: "wr_operations",
  WRITE_TOTAL_TIMES: "wr_total_times",
} as const;
export type DomainBlockStats = (typeof DomainBlockStats)[keyof typeof DomainBlockStats];

/** Parameters of `virDomainBlockCopy`. */
export const DomainBlockCopy = {
  BANDWIDTH: "bandwidth",
  BUF_SIZE: "buf-size",
  GRANULARITY: "granularity",
} as const;
export type DomainBlockCopy = (typeof DomainBlockCopy)[keyof typeof DomainBlockCopy];
