/** What only some hypervisors' domains have. */
import type { CallOptions } from "../core/link.ts";
import { DomainMigration } from "./migrate.ts";

/** The part of {@link Domain} for QEMU and LXC alone. */
export abstract class DomainHypervisor extends DomainMigration {
  /**
   * Sends a command to QEMU's monitor and gives its answer (`virDomainQemuMonitorCommand`, since 0.8.3). libvirt does
   * not know what it does: use it to look, not to change.
   * @param cmd JSON, or words for humans.
   * @param flags `DomainQemuMonitorCommandFlags`.
   */
  async qemuMonitorCommand(cmd: string, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("qemuDomainMonitorCommand", { dom: this.wire, cmd, flags }, options)).result;
  }

  /**
   * As {@link qemuMonitorCommand}, with open files for QEMU, by descriptor (`virDomainQemuMonitorCommandWithFiles`,
   * since 8.2.0).
   */
  async qemuMonitorCommandWithFiles(
    cmd: string,
    files: readonly number[],
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { dom: this.wire, cmd, flags };
    return (await this.passing("qemuDomainMonitorCommandWithFiles", args, files, options)).result.result;
  }

  /**
   * Sends a command to the guest's agent and gives its answer; null when it does not answer that one
   * (`virDomainQemuAgentCommand`, since 0.10.0).
   * @param timeout in seconds, or a value of `DomainQemuAgentCommandTimeout`.
   */
  async qemuAgentCommand(cmd: string, timeout = -2, flags = 0, options?: CallOptions): Promise<string | null> {
    return (await this.call("qemuDomainAgentCommand", { dom: this.wire, cmd, timeout, flags }, options)).result;
  }

  /**
   * The namespaces of a container, as descriptors; the caller closes them (`virDomainLxcOpenNamespace`, since 1.0.2).
   */
  async lxcOpenNamespace(flags = 0, options?: CallOptions): Promise<number[]> {
    return [...(await this.passing("lxcDomainOpenNamespace", { dom: this.wire, flags }, [], options)).descriptors];
  }
}
