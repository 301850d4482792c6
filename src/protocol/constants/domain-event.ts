/** Why the state of the guest agent changed (domain event AGENT_LIFECYCLE). */
export const ConnectDomainEventAgentLifecycleReason = {
  UNKNOWN: 0,
  DOMAIN_STARTED: 1,
  CHANNEL: 2,
} as const;
export type ConnectDomainEventAgentLifecycleReason =
  (typeof ConnectDomainEventAgentLifecycleReason)[keyof typeof ConnectDomainEventAgentLifecycleReason];

/** State of the guest agent (domain event AGENT_LIFECYCLE). */
export const ConnectDomainEventAgentLifecycleState = {
  CONNECTED: 1,
  DISCONNECTED: 2,
} as const;
export type ConnectDomainEventAgentLifecycleState =
  (typeof ConnectDomainEventAgentLifecycleState)[keyof typeof ConnectDomainEventAgentLifecycleState];

/** How a block job stands (domain events BLOCK_JOB and BLOCK_JOB_2). */
export const ConnectDomainEventBlockJobStatus = {
  COMPLETED: 0,
  FAILED: 1,
  CANCELED: 2,
  READY: 3,
} as const;
export type ConnectDomainEventBlockJobStatus =
  (typeof ConnectDomainEventBlockJobStatus)[keyof typeof ConnectDomainEventBlockJobStatus];

/** What happened to a domain (domain event LIFECYCLE). Each has a detail type of its own. */
export const DomainEventType = {
  DEFINED: 0,
  UNDEFINED: 1,
  STARTED: 2,
  SUSPENDED: 3,
  RESUMED: 4,
  STOPPED: 5,
  SHUTDOWN: 6,
  PMSUSPENDED: 7,
  CRASHED: 8,
} as const;
export type DomainEventType = (typeof DomainEventType)[keyof typeof DomainEventType];

/** Detail of the lifecycle event CRASHED. */
export const DomainEventCrashedDetailType = {
  PANICKED: 0,
  CRASHLOADED: 1,
} as const;
export type DomainEventCrashedDetailType =
  (typeof DomainEventCrashedDetailType)[keyof typeof DomainEventCrashedDetailType];

/** Detail of the lifecycle event DEFINED. */
export const DomainEventDefinedDetailType = {
  ADDED: 0,
  UPDATED: 1,
  RENAMED: 2,
  FROM_SNAPSHOT: 3,
} as const;
export type DomainEventDefinedDetailType =
  (typeof DomainEventDefinedDetailType)[keyof typeof DomainEventDefinedDetailType];

/** Why a disk's source was changed or dropped at start (domain event DISK_CHANGE). */
export const ConnectDomainEventDiskChangeReason = {
  CHANGE_MISSING_ON_START: 0,
  DROP_MISSING_ON_START: 1,
} as const;
export type ConnectDomainEventDiskChangeReason =
  (typeof ConnectDomainEventDiskChangeReason)[keyof typeof ConnectDomainEventDiskChangeReason];

/** Kind of a graphics client's address (domain event GRAPHICS). */
export const DomainEventGraphicsAddressType = {
  IPV4: 0,
  IPV6: 1,
  UNIX: 2,
} as const;
export type DomainEventGraphicsAddressType =
  (typeof DomainEventGraphicsAddressType)[keyof typeof DomainEventGraphicsAddressType];

/** How far a graphics client got (domain event GRAPHICS). */
export const DomainEventGraphicsPhase = {
  CONNECT: 0,
  INITIALIZE: 1,
  DISCONNECT: 2,
} as const;
export type DomainEventGraphicsPhase = (typeof DomainEventGraphicsPhase)[keyof typeof DomainEventGraphicsPhase];

/** Kinds of domain event: `virConnectDomainEventRegisterAny`. */
export const DomainEventID = {
  LIFECYCLE: 0,
  REBOOT: 1,
  RTC_CHANGE: 2,
  WATCHDOG: 3,
  IO_ERROR: 4,
  GRAPHICS: 5,
  IO_ERROR_REASON: 6,
  CONTROL_ERROR: 7,
  BLOCK_JOB: 8,
  DISK_CHANGE: 9,
  TRAY_CHANGE: 10,
  PMWAKEUP: 11,
  PMSUSPEND: 12,
  BALLOON_CHANGE: 13,
  PMSUSPEND_DISK: 14,
  DEVICE_REMOVED: 15,
  BLOCK_JOB_2: 16,
  TUNABLE: 17,
  AGENT_LIFECYCLE: 18,
  DEVICE_ADDED: 19,
  MIGRATION_ITERATION: 20,
  JOB_COMPLETED: 21,
  DEVICE_REMOVAL_FAILED: 22,
  METADATA_CHANGE: 23,
  BLOCK_THRESHOLD: 24,
  MEMORY_FAILURE: 25,
  MEMORY_DEVICE_SIZE_CHANGE: 26,
} as const;
export type DomainEventID = (typeof DomainEventID)[keyof typeof DomainEventID];

/** What the hypervisor did about an I/O error (domain events IO_ERROR and IO_ERROR_REASON). */
export const DomainEventIOErrorAction = {
  NONE: 0,
  PAUSE: 1,
  REPORT: 2,
} as const;
export type DomainEventIOErrorAction = (typeof DomainEventIOErrorAction)[keyof typeof DomainEventIOErrorAction];

/** What was done about a memory failure (domain event MEMORY_FAILURE). */
export const DomainMemoryFailureActionType = {
  IGNORE: 0,
  INJECT: 1,
  FATAL: 2,
  RESET: 3,
} as const;
export type DomainMemoryFailureActionType =
  (typeof DomainMemoryFailureActionType)[keyof typeof DomainMemoryFailureActionType];

/** Whose memory failed (domain event MEMORY_FAILURE). */
export const DomainMemoryFailureRecipientType = {
  HYPERVISOR: 0,
  GUEST: 1,
} as const;
export type DomainMemoryFailureRecipientType =
  (typeof DomainMemoryFailureRecipientType)[keyof typeof DomainMemoryFailureRecipientType];

/** Detail of the lifecycle event PMSUSPENDED. */
export const DomainEventPMSuspendedDetailType = {
  MEMORY: 0,
  DISK: 1,
} as const;
export type DomainEventPMSuspendedDetailType =
  (typeof DomainEventPMSuspendedDetailType)[keyof typeof DomainEventPMSuspendedDetailType];

/** Detail of the lifecycle event RESUMED. */
export const DomainEventResumedDetailType = {
  UNPAUSED: 0,
  MIGRATED: 1,
  FROM_SNAPSHOT: 2,
  POSTCOPY: 3,
  POSTCOPY_FAILED: 4,
} as const;
export type DomainEventResumedDetailType =
  (typeof DomainEventResumedDetailType)[keyof typeof DomainEventResumedDetailType];

/** Detail of the lifecycle event SHUTDOWN. */
export const DomainEventShutdownDetailType = {
  FINISHED: 0,
  GUEST: 1,
  HOST: 2,
} as const;
export type DomainEventShutdownDetailType =
  (typeof DomainEventShutdownDetailType)[keyof typeof DomainEventShutdownDetailType];

/** Detail of the lifecycle event STARTED. */
export const DomainEventStartedDetailType = {
  BOOTED: 0,
  MIGRATED: 1,
  RESTORED: 2,
  FROM_SNAPSHOT: 3,
  WAKEUP: 4,
} as const;
export type DomainEventStartedDetailType =
  (typeof DomainEventStartedDetailType)[keyof typeof DomainEventStartedDetailType];

/** Detail of the lifecycle event STOPPED. */
export const DomainEventStoppedDetailType = {
  SHUTDOWN: 0,
  DESTROYED: 1,
  CRASHED: 2,
  MIGRATED: 3,
  SAVED: 4,
  FAILED: 5,
  FROM_SNAPSHOT: 6,
} as const;
export type DomainEventStoppedDetailType =
  (typeof DomainEventStoppedDetailType)[keyof typeof DomainEventStoppedDetailType];

/** Detail of the lifecycle event SUSPENDED. */
export const DomainEventSuspendedDetailType = {
  PAUSED: 0,
  MIGRATED: 1,
  IOERROR: 2,
  WATCHDOG: 3,
  RESTORED: 4,
  FROM_SNAPSHOT: 5,
  API_ERROR: 6,
  POSTCOPY: 7,
  POSTCOPY_FAILED: 8,
} as const;
export type DomainEventSuspendedDetailType =
  (typeof DomainEventSuspendedDetailType)[keyof typeof DomainEventSuspendedDetailType];

/** What a removable drive's tray did (domain event TRAY_CHANGE). */
export const DomainEventTrayChangeReason = {
  OPEN: 0,
  CLOSE: 1,
} as const;
export type DomainEventTrayChangeReason =
  (typeof DomainEventTrayChangeReason)[keyof typeof DomainEventTrayChangeReason];

/** Detail of the lifecycle event UNDEFINED. */
export const DomainEventUndefinedDetailType = {
  REMOVED: 0,
  RENAMED: 1,
} as const;
export type DomainEventUndefinedDetailType =
  (typeof DomainEventUndefinedDetailType)[keyof typeof DomainEventUndefinedDetailType];

/** What the hypervisor did when the watchdog fired (domain event WATCHDOG). */
export const DomainEventWatchdogAction = {
  NONE: 0,
  PAUSE: 1,
  RESET: 2,
  POWEROFF: 3,
  SHUTDOWN: 4,
  DEBUG: 5,
  INJECTNMI: 6,
} as const;
export type DomainEventWatchdogAction = (typeof DomainEventWatchdogAction)[keyof typeof DomainEventWatchdogAction];

/** More about a memory failure (domain event MEMORY_FAILURE). */
export const DomainMemoryFailureFlags = {
  ACTION_REQUIRED: 1,
  RECURSIVE: 2,
} as const;
export type DomainMemoryFailureFlags = (typeof DomainMemoryFailureFlags)[keyof typeof DomainMemoryFailureFlags];

/** What the domain event TUNABLE reports. `%u` stands for the number of the processor or I/O thread. */
export const DomainTunable = {
  BLKDEV_DISK: "blkdeviotune.disk",
  BLKDEV_GROUP_NAME: "blkdeviotune.group_name",
  BLKDEV_READ_BYTES_SEC: "blkdeviotune.read_bytes_sec",
  BLKDEV_READ_BYTES_SEC_MAX: "blkdeviotune.read_bytes_sec_max",
  BLKDEV_READ_BYTES_SEC_MAX_LENGTH: "blkdeviotune.read_bytes_sec_max_length",
  BLKDEV_READ_IOPS_SEC: "blkdeviotune.read_iops_sec",
  BLKDEV_READ_IOPS_SEC_MAX: "blkdeviotune.read_iops_sec_max",
  BLKDEV_READ_IOPS_SEC_MAX_LENGTH: "blkdeviotune.read_iops_sec_max_length",
  BLKDEV_SIZE_IOPS_SEC: "blkdeviotune.size_iops_sec",
  BLKDEV_TOTAL_BYTES_SEC: "blkdeviotune.total_bytes_sec",
  BLKDEV_TOTAL_BYTES_SEC_MAX: "blkdeviotune.total_bytes_sec_max",
  BLKDEV_TOTAL_BYTES_SEC_MAX_LENGTH: "blkdeviotune.total_bytes_sec_max_length",
  BLKDEV_TOTAL_IOPS_SEC: "blkdeviotune.total_iops_sec",
  BLKDEV_TOTAL_IOPS_SEC_MAX: "blkdeviotune.total_iops_sec_max",
  BLKDEV_TOTAL_IOPS_SEC_MAX_LENGTH: "blkdeviotune.total_iops_sec_max_length",
  BLKDEV_WRITE_BYTES_SEC: "blkdeviotune.write_bytes_sec",
  BLKDEV_WRITE_BYTES_SEC_MAX: "blkdeviotune.write_bytes_sec_max",
  BLKDEV_WRITE_BYTES_SEC_MAX_LENGTH: "blkdeviotune.write_bytes_sec_max_length",
  BLKDEV_WRITE_IOPS_SEC: "blkdeviotune.write_iops_sec",
  BLKDEV_WRITE_IOPS_SEC_MAX: "blkdeviotune.write_iops_sec_max",
  BLKDEV_WRITE_IOPS_SEC_MAX_LENGTH: "blkdeviotune.write_iops_sec_max_length",
  CPU_CPU_SHARES: "cputune.cpu_shares",
  CPU_EMULATORPIN: "cputune.emulatorpin",
  CPU_EMULATOR_PERIOD: "cputune.emulator_period",
  CPU_EMULATOR_QUOTA: "cputune.emulator_quota",
  CPU_GLOBAL_PERIOD: "cputune.global_period",
  CPU_GLOBAL_QUOTA: "cputune.global_quota",
  CPU_IOTHREADSPIN: "cputune.iothreadpin%u",
  CPU_IOTHREAD_PERIOD: "cputune.iothread_period",
  CPU_IOTHREAD_QUOTA: "cputune.iothread_quota",
  CPU_VCPUPIN: "cputune.vcpupin%u",
  CPU_VCPU_PERIOD: "cputune.vcpu_period",
  CPU_VCPU_QUOTA: "cputune.vcpu_quota",
} as const;
export type DomainTunable = (typeof DomainTunable)[keyof typeof DomainTunable];
