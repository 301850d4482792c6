/** What a domain is defined as, and what it is doing. */
import type { CallOptions } from "../core/link.ts";
import { DomainLifecycle } from "./lifecycle.ts";

/** What a domain uses and does ({@link Domain.info}). */
export interface DomainInfo {
  /** `DomainState`. */
  readonly state: number;
  /** The most memory that it may have, in KiB. */
  readonly maxMem: bigint;
  /** The memory that it has, in KiB. */
  readonly memory: bigint;
  /** How many virtual processors it has. */
  readonly nrVirtCpu: number;
  /** Processor time that it has used, in ns. */
  readonly cpuTime: bigint;
}

/** What a domain is doing, and why ({@link Domain.state}). */
export interface DomainStateReason {
  /** `DomainState`. */
  readonly state: number;
  /** A value of the state's own list of reasons: `DomainRunningReason`, `DomainPausedReason`, ... */
  readonly reason: number;
}

/** What the way to a domain's hypervisor is doing ({@link Domain.controlInfo}). */
export interface DomainControlInfo {
  /** `DomainControlState`. */
  readonly state: number;
  /** `DomainControlErrorReason`, if the state is ERROR. */
  readonly details: number;
  /** For how long, in ms. */
  readonly stateTime: bigint;
}

/** The part of {@link Domain} about its definition and state. */
export abstract class DomainDefinition extends DomainLifecycle {
  /**
   * The domain's description, as XML (`virDomainGetXMLDesc`, since 0.0.3).
   * @param flags `DomainXMLFlags`.
   */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("domainGetXmlDesc", { dom: this.wire, flags }, options)).xml;
  }

  /**
   * How the guest's operating system is virtualized: `hvm`, `xen`, `linux`, `exe`, ... (`virDomainGetOSType`, since
   * 0.0.3).
   */
  async osType(options?: CallOptions): Promise<string> {
    return (await this.call("domainGetOsType", { dom: this.wire }, options)).type;
  }

  /**
   * Removes the definition (`virDomainUndefine`, since 0.1.1). A running domain goes on, as a transient one. Rejects
   * with OPERATION_INVALID when it has snapshots, checkpoints, a managed save image or NVRAM: {@link undefineFlags}
   * says what becomes of them.
   */
  undefine(options?: CallOptions): Promise<void> {
    return this.run("domainUndefine", { dom: this.wire }, options);
  }

  /**
   * Removes the definition (`virDomainUndefineFlags`, since 0.9.4).
   * @param flags what goes with it: `DomainUndefineFlags`.
   */
  undefineFlags(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainUndefineFlags", { dom: this.wire, flags }, options);
  }

  /** Whether the domain is started with the host (`virDomainGetAutostart`, since 0.2.1). */
  async autostart(options?: CallOptions): Promise<boolean> {
    return (await this.call("domainGetAutostart", { dom: this.wire }, options)).autostart !== 0;
  }

  /** Says whether the domain is started with the host (`virDomainSetAutostart`, since 0.2.1). */
  setAutostart(autostart: boolean, options?: CallOptions): Promise<void> {
    return this.run("domainSetAutostart", { dom: this.wire, autostart: autostart ? 1 : 0 }, options);
  }

  /** Whether the domain is started with the host, once, the next time (`virDomainGetAutostartOnce`, since 11.2.0). */
  async autostartOnce(options?: CallOptions): Promise<boolean> {
    return (await this.call("domainGetAutostartOnce", { dom: this.wire }, options)).autostart !== 0;
  }

  /**
   * Says whether the domain is started with the host, once, the next time (`virDomainSetAutostartOnce`, since 11.2.0).
   */
  setAutostartOnce(autostart: boolean, options?: CallOptions): Promise<void> {
    return this.run("domainSetAutostartOnce", { dom: this.wire, autostart: autostart ? 1 : 0 }, options);
  }

  /** Whether the domain is running or paused (`virDomainIsActive`, since 0.7.3). */
  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.call("domainIsActive", { dom: this.wire }, options)).active !== 0;
  }

  /** Whether the domain has a definition that stays when it is off (`virDomainIsPersistent`, since 0.7.3). */
  async isPersistent(options?: CallOptions): Promise<boolean> {
    return (await this.call("domainIsPersistent", { dom: this.wire }, options)).persistent !== 0;
  }

  /** Whether the running domain was changed since it was started (`virDomainIsUpdated`, since 0.8.6). */
  async isUpdated(options?: CallOptions): Promise<boolean> {
    return (await this.call("domainIsUpdated", { dom: this.wire }, options)).updated !== 0;
  }

  /** What the domain uses and does (`virDomainGetInfo`, since 0.0.3). */
  async info(options?: CallOptions): Promise<DomainInfo> {
    return { ...(await this.call("domainGetInfo", { dom: this.wire }, options)) };
  }

  /** What the domain is doing, and why (`virDomainGetState`, since 0.9.2). */
  async state(flags = 0, options?: CallOptions): Promise<DomainStateReason> {
    return { ...(await this.call("domainGetState", { dom: this.wire, flags }, options)) };
  }

  /** What the way to the domain's hypervisor is doing (`virDomainGetControlInfo`, since 0.9.3). */
  async controlInfo(flags = 0, options?: CallOptions): Promise<DomainControlInfo> {
    return { ...(await this.call("domainGetControlInfo", { dom: this.wire, flags }, options)) };
  }

  /** Gives the domain, which must be off, another name (`virDomainRename`, since 1.2.19). */
  async rename(newName: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.run("domainRename", { dom: this.wire, newName, flags }, options);
    this.heard({ ...this.wire, name: newName });
  }

  /**
   * The title, the description or an application's own element (`virDomainGetMetadata`, since 0.9.10). Rejects with
   * NO_DOMAIN_METADATA when there is none.
   * @param type `DomainMetadataType`.
   * @param uri the element's namespace, for ELEMENT; else null.
   * @param flags `DomainModificationImpact`.
   */
  async metadata(type: number, uri: string | null = null, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("domainGetMetadata", { dom: this.wire, type, uri, flags }, options)).metadata;
  }

  /**
   * Sets the title, the description or an application's own element (`virDomainSetMetadata`, since 0.9.10).
   * @param type `DomainMetadataType`.
   * @param metadata the text or XML; null removes it.
   * @param key the namespace's prefix, for ELEMENT; else null.
   * @param uri the namespace, for ELEMENT; else null.
   * @param flags `DomainModificationImpact`.
   */
  setMetadata(
    type: number,
    metadata: string | null,
    key: string | null = null,
    uri: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    return this.run("domainSetMetadata", { dom: this.wire, type, metadata, key, uri, flags }, options);
  }

  /**
   * What there is to know about the domain: whether it is tainted, what is deprecated (`virDomainGetMessages`, since
   * 7.1.0).
   * @param flags `DomainMessageType`.
   */
  async messages(flags = 0, options?: CallOptions): Promise<string[]> {
    return [...(await this.call("domainGetMessages", { dom: this.wire, flags }, options)).msgs];
  }
}
