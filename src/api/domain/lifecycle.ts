/** Starting and stopping domains. */
import type { CallOptions } from "../core/link.ts";
import type { Integer } from "../values/integer.ts";
import { DomainCore } from "./core.ts";

/** The part of {@link Domain} that starts and stops it. */
export abstract class DomainLifecycle extends DomainCore {
  /**
   * Starts a defined domain (`virDomainCreate`, since 0.1.1). From a managed save image if there is one: the guest then
   * goes on where it was. Rejects with OPERATION_INVALID when it runs already.
   */
  async create(options?: CallOptions): Promise<void> {
    await this.run("domainCreate", { dom: this.wire }, options);
    await this.refreshId(options);
  }

  /**
   * Starts a defined domain (`virDomainCreateWithFlags`, since 0.8.2).
   * @param flags `DomainCreateFlags`.
   */
  async createWithFlags(flags = 0, options?: CallOptions): Promise<void> {
    const { dom } = await this.call("domainCreateWithFlags", { dom: this.wire, flags }, options);
    this.heard(dom);
  }

  /**
   * Starts a defined domain whose first process inherits open files of this one, by descriptor
   * (`virDomainCreateWithFiles`, since 1.1.1).
   * @param flags `DomainCreateFlags`.
   */
  async createWithFiles(files: readonly number[], flags = 0, options?: CallOptions): Promise<void> {
    const { result } = await this.passing("domainCreateWithFiles", { dom: this.wire, flags }, files, options);
    this.heard(result.dom);
  }

  /** Pauses the guest: its processors stop, its memory stays (`virDomainSuspend`, since 0.0.3). */
  suspend(options?: CallOptions): Promise<void> {
    return this.run("domainSuspend", { dom: this.wire }, options);
  }

  /** Lets a paused guest go on (`virDomainResume`, since 0.0.3). */
  resume(options?: CallOptions): Promise<void> {
    return this.run("domainResume", { dom: this.wire }, options);
  }

  /**
   * Asks the guest to shut itself down; the promise does not wait until it has (`virDomainShutdown`, since 0.0.3). The
   * event `lifecycle` tells when.
   */
  shutdown(options?: CallOptions): Promise<void> {
    return this.run("domainShutdown", { dom: this.wire }, options);
  }

  /**
   * Asks the guest to shut itself down (`virDomainShutdownFlags`, since 0.9.10).
   * @param flags by which way: `DomainShutdownFlags`; 0 leaves it to the hypervisor.
   */
  shutdownFlags(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainShutdownFlags", { dom: this.wire, flags }, options);
  }

  /**
   * Asks the guest to restart itself (`virDomainReboot`, since 0.1.0).
   * @param flags by which way: `DomainRebootFlags`.
   */
  reboot(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainReboot", { dom: this.wire, flags }, options);
  }

  /**
   * Restarts the machine at once, as its reset button would: what the guest has not written is lost (`virDomainReset`,
   * since 0.9.7).
   */
  reset(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainReset", { dom: this.wire, flags }, options);
  }

  /**
   * Ends the domain at once, as pulling the plug would (`virDomainDestroy`, since 0.0.3). A transient domain is gone
   * afterwards, a persistent one is off.
   */
  async destroy(options?: CallOptions): Promise<void> {
    await this.run("domainDestroy", { dom: this.wire }, options);
    this.stopped();
  }

  /**
   * Ends the domain at once (`virDomainDestroyFlags`, since 0.9.4).
   * @param flags `DomainDestroyFlags`.
   */
  async destroyFlags(flags = 0, options?: CallOptions): Promise<void> {
    await this.run("domainDestroyFlags", { dom: this.wire, flags }, options);
    this.stopped();
  }

  /**
   * Lets the guest fall asleep, by its agent (`virDomainPMSuspendForDuration`, since 0.9.10).
   * @param target how deep: `NodeSuspendTarget`.
   * @param duration in seconds; 0 until it is woken, and the only value that the QEMU driver takes.
   */
  pmSuspendForDuration(target: number, duration: Integer = 0, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, target, duration, flags };
    return this.run("domainPmSuspendForDuration", args, options);
  }

  /** Wakes a sleeping guest (`virDomainPMWakeup`, since 0.9.11). */
  pmWakeup(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainPmWakeup", { dom: this.wire, flags }, options);
  }

  /**
   * Changes what happens when the guest powers off, restarts or crashes (`virDomainSetLifecycleAction`, since 3.9.0).
   * @param type `DomainLifecycle`.
   * @param action `DomainLifecycleAction`.
   * @param flags `DomainModificationImpact`.
   */
  setLifecycleAction(type: number, action: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetLifecycleAction", { dom: this.wire, type, action, flags }, options);
  }
}
