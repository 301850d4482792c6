/** Flags of `virConnectBaselineCPU` and `virConnectBaselineHypervisorCPU`. */
export const ConnectBaselineCPUFlags = {
  EXPAND_FEATURES: 1,
  MIGRATABLE: 2,
} as const;
export type ConnectBaselineCPUFlags = (typeof ConnectBaselineCPUFlags)[keyof typeof ConnectBaselineCPUFlags];

/** Why a connection went away, as its close callback is told. */
export const ConnectCloseReason = {
  ERROR: 0,
  EOF: 1,
  KEEPALIVE: 2,
  CLIENT: 3,
} as const;
export type ConnectCloseReason = (typeof ConnectCloseReason)[keyof typeof ConnectCloseReason];

/** Flags of `virConnectCompareCPU` and `virConnectCompareHypervisorCPU`. */
export const ConnectCompareCPUFlags = {
  FAIL_INCOMPATIBLE: 1,
  VALIDATE_XML: 2,
} as const;
export type ConnectCompareCPUFlags = (typeof ConnectCompareCPUFlags)[keyof typeof ConnectCompareCPUFlags];

/** Flags of `virConnectOpenAuth`. */
export const ConnectFlags = {
  RO: 1,
  NO_ALIASES: 2,
} as const;
export type ConnectFlags = (typeof ConnectFlags)[keyof typeof ConnectFlags];

/** How the host's processor compares with the one described: answer of `virConnectCompareCPU`. */
export const CPUCompareResult = {
  INCOMPATIBLE: 0,
  ERROR: -1,
  IDENTICAL: 1,
  SUPERSET: 2,
} as const;
export type CPUCompareResult = (typeof CPUCompareResult)[keyof typeof CPUCompareResult];

/** What an authentication callback may be asked for. */
export const ConnectCredentialType = {
  USERNAME: 1,
  AUTHNAME: 2,
  LANGUAGE: 3,
  CNONCE: 4,
  PASSPHRASE: 5,
  ECHOPROMPT: 6,
  NOECHOPROMPT: 7,
  REALM: 8,
  EXTERNAL: 9,
} as const;
export type ConnectCredentialType = (typeof ConnectCredentialType)[keyof typeof ConnectCredentialType];

/** Who is connected: parameters of `virConnectSetIdentity`. */
export const ConnectIdentity = {
  GROUP_NAME: "group-name",
  PROCESS_ID: "process-id",
  PROCESS_TIME: "process-time",
  SASL_USER_NAME: "sasl-user-name",
  SELINUX_CONTEXT: "selinux-context",
  UNIX_GROUP_ID: "unix-group-id",
  UNIX_USER_ID: "unix-user-id",
  USER_NAME: "user-name",
  X509_DISTINGUISHED_NAME: "x509-distinguished-name",
} as const;
export type ConnectIdentity = (typeof ConnectIdentity)[keyof typeof ConnectIdentity];

/** The release of libvirt whose public API these constants are: major * 1,000,000 + minor * 1,000 + release. */
export const LIBVIRT_VERSION_NUMBER = 9000000;

/** What the two ends of a connection ask each other about: procedure `connectSupportsFeature`. No public API. */
export const ConnectFeature = {
  MIGRATION_V1: 1,
  REMOTE: 2,
  MIGRATION_V2: 3,
  MIGRATION_P2P: 4,
  MIGRATION_DIRECT: 5,
  MIGRATION_V3: 6,
  MIGRATE_CHANGE_PROTECTION: 7,
  FD_PASSING: 8,
  TYPED_PARAM_STRING: 9,
  PROGRAM_KEEPALIVE: 10,
  XML_MIGRATABLE: 11,
  MIGRATION_OFFLINE: 12,
  MIGRATION_PARAMS: 13,
  REMOTE_EVENT_CALLBACK: 14,
  REMOTE_CLOSE_CALLBACK: 15,
  NETWORK_UPDATE_HAS_CORRECT_ORDER: 16,
} as const;
export type ConnectFeature = (typeof ConnectFeature)[keyof typeof ConnectFeature];
