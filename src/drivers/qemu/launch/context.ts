/**
 * What a launch needs to know besides the definition. The driver finds all of it out before, so that the plan is a
 * function of values: settings are named after qemu.conf, facts are those of the host and of this start.
 */
import type { Domain, Sysinfo } from "../../../model/domain/index.ts";
import type { DeviceContext, DeviceFacts, DeviceSettings, TlsCredentials } from "./devices/context.ts";
import type { PlannedDescriptor } from "./plan.ts";

export interface GraphicsSettings {
  /** Address to listen at for graphics that name none (vnc_listen, spice_listen). */
  readonly listen: string;
  /** Graphics that name no place to listen at get a socket in the domain's folder (vnc_auto_unix_socket). */
  readonly autoUnixSocket: boolean;
  /** Certificates, where connections are encrypted (vnc_tls, spice_tls). */
  readonly tls?: TlsCredentials;
  readonly sasl: boolean;
  /** Folder of the configuration of SASL (vnc_sasl_dir). */
  readonly saslFolder?: string;
  /** Password of graphics that have none of their own (vnc_password). */
  readonly password?: string;
}

/** A mounted hugetlbfs. */
export interface HugepageMount {
  readonly folder: string;
  /** KiB of one page. */
  readonly size: bigint;
  readonly isDefault: boolean;
}

export interface LaunchSettings extends DeviceSettings {
  /** Whether core dumps of the emulator hold the guest's memory where the definition does not say it (dump_guest_core). */
  readonly dumpGuestCore: boolean;
  /** The emulator's process is called after the guest (set_process_name). */
  readonly setProcessName: boolean;
  /** The emulator runs in its sandbox (seccomp_sandbox). */
  readonly seccompSandbox: boolean;
  /** Lines of the emulator's log have a time (log_timestamp). */
  readonly logTimestamp: boolean;
  /** What QEMU does with deprecated use of it (deprecation_behavior). */
  readonly deprecationBehavior: "none" | "omit" | "reject" | "crash";
  /** Where files lie that back guests' memory (memory_backing_dir). */
  readonly memoryBackingFolder: string;
  readonly hugepageMounts: readonly HugepageMount[];
  readonly vnc: GraphicsSettings;
  readonly spice: GraphicsSettings;
}

/** The process that controls QEMU is at the other end of this. */
export type MonitorSocket =
  | { readonly kind: "listen"; readonly path: string }
  | { readonly kind: "descriptor"; readonly fd: number };

export interface LaunchFacts extends DeviceFacts {
  /** The file through which commands to a TPM of the host are cancelled. */
  readonly tpmCancelPath: (device: string) => string;
  /** Socket of the program that emulates a TPM. */
  readonly tpmSocket: (alias: string) => string;
}

export interface LaunchContext extends Omit<DeviceContext, "domain" | "settings" | "facts"> {
  readonly settings: LaunchSettings;
  readonly facts: LaunchFacts;
  /** `listen`: a socket at the path is planned, which QEMU inherits listening. */
  readonly monitor: MonitorSocket;
  /** The key that the domain's secrets are encrypted with. */
  readonly masterKey: Uint8Array;
  /** Descriptors that the devices' facts speak of; the first is number 3. */
  readonly descriptors: readonly PlannedDescriptor[];
  /** Our own environment, some of which QEMU inherits. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** QEMU gets a home of its own, for it does not run as the user whose home ours is. */
  readonly ownHome: boolean;
  /** Bytes of a page of the host's memory. */
  readonly pageSize: number;
  /** The host's architecture. */
  readonly hostArch: string;
  /** The host's NUMA nodes, where they are known. */
  readonly hostNodes?: readonly number[];
  /** The host's NUMA nodes that numad advises for guests with automatic placement. */
  readonly advisedNodes?: readonly number[];
  /** Where the guest comes from when it is not booted: `defer`, `fd:7`, `exec:...`. */
  readonly incoming?: string;
  /** What the host's SMBIOS says of it, for guests that shall say the same. */
  readonly hostSysinfo?: Extract<Sysinfo, { type: "smbios" }>;
  /** Seconds since 1970. */
  readonly now: number;
  /** Seconds that the host's local time is ahead of UTC. */
  readonly utcOffset: number;
}

/** What a part of the plan is made from. */
export interface Guest extends LaunchContext {
  readonly domain: Domain;
}
