/** A domain's shares and limits of the host, and its security. */
import type { CallOptions } from "../core/link.ts";
import { fromParameters, type Parameters, type ParametersInput } from "../values/parameters.ts";
import { DomainCpu } from "./cpu.ts";

/** Who shares the host's processors out, and by how many parameters ({@link Domain.schedulerType}). */
export interface SchedulerType {
  readonly type: string;
  readonly nparams: number;
}

/** A security label ({@link Domain.securityLabel}). */
export interface DomainSecurityLabel {
  readonly label: string;
  readonly enforcing: boolean;
}

/** The part of {@link Domain} about its shares, limits and security. */
export abstract class DomainTuning extends DomainCpu {
  /** Who shares the host's processors out, and by how many parameters (`virDomainGetSchedulerType`, since 0.2.3). */
  async schedulerType(options?: CallOptions): Promise<SchedulerType> {
    return { ...(await this.call("domainGetSchedulerType", { dom: this.wire }, options)) };
  }

  /**
   * The domain's share of the host's processors, by the names in `DomainScheduler` (`virDomainGetSchedulerParameters`,
   * since 0.2.3).
   */
  async schedulerParameters(options?: CallOptions): Promise<Parameters> {
    const { nparams } = await this.schedulerType(options);
    const { params } = await this.call("domainGetSchedulerParameters", { dom: this.wire, nparams }, options);
    return fromParameters(params);
  }

  /**
   * The domain's share of the host's processors, by the names in `DomainScheduler`
   * (`virDomainGetSchedulerParametersFlags`, since 0.9.2).
   * @param flags `DomainModificationImpact`.
   */
  async schedulerParametersFlags(flags = 0, options?: CallOptions): Promise<Parameters> {
    const { nparams } = await this.schedulerType(options);
    const args = { dom: this.wire, nparams, flags };
    return fromParameters((await this.call("domainGetSchedulerParametersFlags", args, options)).params);
  }

  /** Sets the domain's share of the host's processors (`virDomainSetSchedulerParameters`, since 0.2.3). */
  setSchedulerParameters(params: ParametersInput, options?: CallOptions): Promise<void> {
    return this.run("domainSetSchedulerParameters", { dom: this.wire, params }, options);
  }

  /**
   * Sets the domain's share of the host's processors (`virDomainSetSchedulerParametersFlags`, since 0.9.2).
   * @param flags `DomainModificationImpact`.
   */
  setSchedulerParametersFlags(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, params, flags };
    return this.run("domainSetSchedulerParametersFlags", args, options);
  }

  /**
   * The domain's share of the host's disks, by the names in `DomainBlkio` (`virDomainGetBlkioParameters`, since 0.9.0).
   * @param flags `DomainModificationImpact`.
   */
  blkioParameters(flags = 0, options?: CallOptions): Promise<Parameters> {
    return this.counted("domainGetBlkioParameters", { dom: this.wire, flags }, options);
  }

  /**
   * Sets the domain's share of the host's disks (`virDomainSetBlkioParameters`, since 0.9.0).
   * @param flags `DomainModificationImpact`.
   */
  setBlkioParameters(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetBlkioParameters", { dom: this.wire, params, flags }, options);
  }

  /**
   * The limits of a network interface, by the names in `DomainBandwidth`: KiB a second, bursts in KiB
   * (`virDomainGetInterfaceParameters`, since 0.9.9).
   * @param device its host end or MAC address.
   * @param flags `DomainModificationImpact`.
   */
  interfaceParameters(device: string, flags = 0, options?: CallOptions): Promise<Parameters> {
    return this.counted("domainGetInterfaceParameters", { dom: this.wire, device, flags }, options);
  }

  /**
   * Sets limits of a network interface, by the names in `DomainBandwidth` (`virDomainSetInterfaceParameters`, since
   * 0.9.9).
   * @param device its host end or MAC address.
   * @param flags `DomainModificationImpact`.
   */
  setInterfaceParameters(device: string, params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, device, params, flags };
    return this.run("domainSetInterfaceParameters", args, options);
  }

  /**
   * Which performance counters are on, by the names in `PerfParam` (`virDomainGetPerfEvents`, since 1.3.3).
   * @param flags `DomainModificationImpact`.
   */
  async perfEvents(flags = 0, options?: CallOptions): Promise<Parameters> {
    return fromParameters((await this.call("domainGetPerfEvents", { dom: this.wire, flags }, options)).params);
  }

  /**
   * Turns performance counters on and off (`virDomainSetPerfEvents`, since 1.3.3).
   * @param flags `DomainModificationImpact`.
   */
  setPerfEvents(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetPerfEvents", { dom: this.wire, params, flags }, options);
  }

  /** The security label of the running domain's process (`virDomainGetSecurityLabel`, since 0.6.1). */
  async securityLabel(options?: CallOptions): Promise<DomainSecurityLabel> {
    const { label, enforcing } = await this.call("domainGetSecurityLabel", { dom: this.wire }, options);
    return { label, enforcing: enforcing !== 0 };
  }

  /**
   * The security labels of the running domain's process, one for each security driver (`virDomainGetSecurityLabelList`,
   * since 0.10.0).
   */
  async securityLabelList(options?: CallOptions): Promise<DomainSecurityLabel[]> {
    const { labels } = await this.call("domainGetSecurityLabelList", { dom: this.wire }, options);
    return labels.map(({ label, enforcing }) => ({ label, enforcing: enforcing !== 0 }));
  }

  /**
   * What is known of the domain's encrypted memory, by the names in `DomainLaunchSecurity`
   * (`virDomainGetLaunchSecurityInfo`, since 4.5.0).
   */
  async launchSecurityInfo(flags = 0, options?: CallOptions): Promise<Parameters> {
    return fromParameters((await this.call("domainGetLaunchSecurityInfo", { dom: this.wire, flags }, options)).params);
  }

  /**
   * Hands a launch secret to the domain, by the names in `DomainLaunchSecurity` (`virDomainSetLaunchSecurityState`,
   * since 8.0.0).
   */
  setLaunchSecurityState(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetLaunchSecurityState", { dom: this.wire, params, flags }, options);
  }
}
