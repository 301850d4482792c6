/** Flags of `virConnectDomainQemuMonitorEventRegister`. */
export const ConnectDomainQemuMonitorEventRegisterFlags = {
  REGEX: 1,
  NOCASE: 2,
} as const;
export type ConnectDomainQemuMonitorEventRegisterFlags =
  (typeof ConnectDomainQemuMonitorEventRegisterFlags)[keyof typeof ConnectDomainQemuMonitorEventRegisterFlags];

/** How long to wait for the guest agent, in seconds, or one of these: `virDomainQemuAgentCommand`. */
export const DomainQemuAgentCommandTimeout = {
  NOWAIT: 0,
  DEFAULT: -1,
  BLOCK: -2,
  MIN: -2,
  SHUTDOWN: 60,
} as const;
export type DomainQemuAgentCommandTimeout =
  (typeof DomainQemuAgentCommandTimeout)[keyof typeof DomainQemuAgentCommandTimeout];

/** Flags of `virDomainQemuMonitorCommand` and `virDomainQemuMonitorCommandWithFiles`. */
export const DomainQemuMonitorCommandFlags = {
  DEFAULT: 0,
  HMP: 1,
} as const;
export type DomainQemuMonitorCommandFlags =
  (typeof DomainQemuMonitorCommandFlags)[keyof typeof DomainQemuMonitorCommandFlags];
