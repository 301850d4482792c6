/** What is asked of the guest itself, mostly by its agent. */
import type { CallOptions } from "../core/link.ts";
import type { Integer } from "../values/integer.ts";
import { fromParameters, type Parameters } from "../values/parameters.ts";
import { DomainJobs } from "./job.ts";

/** A guest's file system ({@link Domain.fsInfo}). */
export interface FSInfo {
  readonly mountpoint: string;
  /** Its device as the guest calls it. */
  readonly name: string;
  readonly fstype: string;
  /** The disks that it is on. */
  readonly devAlias: readonly string[];
}

/** A guest's network interface ({@link Domain.interfaceAddresses}). */
export interface GuestInterface {
  readonly name: string;
  readonly hwaddr: string | null;
  readonly addrs: readonly {
    /** `IPAddrType`. */
    readonly type: number;
    readonly addr: string;
    readonly prefix: number;
  }[];
}

/** A time since 1970 ({@link Domain.getTime}). */
export interface GuestTime {
  readonly seconds: bigint;
  readonly nseconds: number;
}

/** The part of {@link Domain} that asks the guest. */
export abstract class DomainGuest extends DomainJobs {
  /**
   * The guest's host name (`virDomainGetHostname`, since 0.10.0).
   * @param flags who is asked: `DomainGetHostnameFlags`.
   */
  async hostname(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("domainGetHostname", { dom: this.wire, flags }, options)).hostname;
  }

  /** The guest's clock (`virDomainGetTime`, since 1.2.5). */
  async getTime(flags = 0, options?: CallOptions): Promise<GuestTime> {
    return { ...(await this.call("domainGetTime", { dom: this.wire, flags }, options)) };
  }

  /**
   * Sets the guest's clock (`virDomainSetTime`, since 1.2.5).
   * @param flags `DomainSetTimeFlags`: SYNC sets it from the host's hardware clock.
   */
  setTime(
    { seconds, nseconds = 0 }: { readonly seconds: Integer; readonly nseconds?: number },
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    return this.run("domainSetTime", { dom: this.wire, seconds, nseconds, flags }, options);
  }

  /**
   * The guest's network interfaces and addresses (`virDomainInterfaceAddresses`, since 1.2.14).
   * @param source who is asked: `DomainInterfaceAddressesSource`.
   */
  async interfaceAddresses(source = 0, flags = 0, options?: CallOptions): Promise<GuestInterface[]> {
    const { ifaces } = await this.call("domainInterfaceAddresses", { dom: this.wire, source, flags }, options);
    return ifaces.map((iface) => ({ ...iface, addrs: iface.addrs.map((addr) => ({ ...addr })) }));
  }

  /**
   * What the guest's agent tells (`virDomainGetGuestInfo`, since 5.7.0).
   * @param types what of it: `DomainGuestInfoTypes`; 0 for all.
   */
  async guestInfo(types = 0, flags = 0, options?: CallOptions): Promise<Parameters> {
    return fromParameters((await this.call("domainGetGuestInfo", { dom: this.wire, types, flags }, options)).params);
  }

  /** The guest's view of its processors (`virDomainGetGuestVcpus`, since 2.0.0). */
  async guestVcpus(flags = 0, options?: CallOptions): Promise<Parameters> {
    return fromParameters((await this.call("domainGetGuestVcpus", { dom: this.wire, flags }, options)).params);
  }

  /**
   * Lets the guest use processors or not (`virDomainSetGuestVcpus`, since 2.0.0).
   * @param cpumap their numbers: `0-3,^2`.
   */
  setGuestVcpus(cpumap: string, state: boolean, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetGuestVcpus", { dom: this.wire, cpumap, state: state ? 1 : 0, flags }, options);
  }

  /** The guest's mounted file systems (`virDomainGetFSInfo`, since 1.2.11). */
  async fsInfo(flags = 0, options?: CallOptions): Promise<FSInfo[]> {
    const { info } = await this.call("domainGetFsinfo", { dom: this.wire, flags }, options);
    return info.map(({ mountpoint, name, fstype, devAliases }) => ({
      mountpoint,
      name,
      fstype,
      devAlias: [...devAliases],
    }));
  }

  /**
   * Holds the guest's file systems still, all for an empty list; gives how many they were (`virDomainFSFreeze`, since
   * 1.2.5).
   */
  async fsFreeze(mountpoints: readonly string[] | null = null, flags = 0, options?: CallOptions): Promise<number> {
    const args = { dom: this.wire, mountpoints: [...(mountpoints ?? [])], flags };
    return (await this.call("domainFsfreeze", args, options)).filesystems;
  }

  /**
   * Lets the guest's file systems go on, all for an empty list; gives how many they were (`virDomainFSThaw`, since
   * 1.2.5).
   */
  async fsThaw(mountpoints: readonly string[] | null = null, flags = 0, options?: CallOptions): Promise<number> {
    const args = { dom: this.wire, mountpoints: [...(mountpoints ?? [])], flags };
    return (await this.call("domainFsthaw", args, options)).filesystems;
  }

  /**
   * Has the guest give free blocks back to the host (`virDomainFSTrim`, since 1.0.1).
   * @param mountPoint null for all file systems.
   * @param minimum ranges shorter than this, in bytes, are left alone.
   */
  fsTrim(mountPoint: string | null = null, minimum: Integer = 0, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainFstrim", { dom: this.wire, mountPoint, minimum, flags }, options);
  }

  /**
   * Sets a user's password in the guest (`virDomainSetUserPassword`, since 1.2.16).
   * @param flags `DomainSetUserPasswordFlags`.
   */
  setUserPassword(user: string, password: string, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSetUserPassword", { dom: this.wire, user, password, flags }, options);
  }

  /** The SSH keys with which one may log in as a guest's user (`virDomainAuthorizedSSHKeysGet`, since 6.10.0). */
  async authorizedSSHKeysGet(user: string, flags = 0, options?: CallOptions): Promise<string[]> {
    return [...(await this.call("domainAuthorizedSshKeysGet", { dom: this.wire, user, flags }, options)).keys];
  }

  /**
   * Changes the SSH keys with which one may log in as a guest's user (`virDomainAuthorizedSSHKeysSet`, since 6.10.0).
   * @param flags `DomainAuthorizedSSHKeysSetFlags`.
   */
  authorizedSSHKeysSet(user: string, keys: readonly string[], flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainAuthorizedSshKeysSet", { dom: this.wire, user, keys: [...keys], flags }, options);
  }

  /**
   * How long the agent may take (`virDomainAgentSetResponseTimeout`, since 5.10.0).
   * @param timeout in seconds, or a value of `DomainAgentResponseTimeout`.
   */
  agentSetResponseTimeout(timeout: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainAgentSetResponseTimeout", { dom: this.wire, timeout, flags }, options);
  }
}
