/** A domain's devices: plugging, consoles, screens, keys. */
import { LibvirtError } from "../../errors.ts";
import type { CallOptions } from "../core/link.ts";
import { openStream } from "../stream/open.ts";
import type { Stream } from "../stream/stream.ts";
import type { Integer } from "../values/integer.ts";
import { DomainTuning } from "./tuning.ts";

/** A picture of a screen ({@link Domain.screenshot}). */
export interface Screenshot {
  /** The picture's format: `image/png`, `image/x-portable-pixmap`. */
  readonly mimeType: string;
  readonly stream: Stream;
}

/** The part of {@link Domain} about its devices. */
export abstract class DomainDevice extends DomainTuning {
  /**
   * Plugs a device into the running domain (`virDomainAttachDevice`, since 0.1.9).
   * @param xml the device's element.
   */
  attachDevice(xml: string, options?: CallOptions): Promise<void> {
    return this.run("domainAttachDevice", { dom: this.wire, xml }, options);
  }

  /**
   * Adds a device to the running domain, the definition, or both (`virDomainAttachDeviceFlags`, since 0.7.7).
   * @param flags `DomainDeviceModifyFlags`.
   */
  attachDeviceFlags(xml: string, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainAttachDeviceFlags", { dom: this.wire, xml, flags }, options);
  }

  /**
   * Unplugs a device from the running domain (`virDomainDetachDevice`, since 0.1.9). The guest may take its time, or
   * refuse: the events `deviceRemoved` and `deviceRemovalFailed` tell.
   * @param xml the device's element.
   */
  detachDevice(xml: string, options?: CallOptions): Promise<void> {
    return this.run("domainDetachDevice", { dom: this.wire, xml }, options);
  }

  /**
   * Takes a device from the running domain, the definition, or both (`virDomainDetachDeviceFlags`, since 0.7.7).
   * @param flags `DomainDeviceModifyFlags`.
   */
  detachDeviceFlags(xml: string, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainDetachDeviceFlags", { dom: this.wire, xml, flags }, options);
  }

  /**
   * Takes the device with an alias away (`virDomainDetachDeviceAlias`, since 4.4.0).
   * @param flags `DomainDeviceModifyFlags`.
   */
  detachDeviceAlias(alias: string, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainDetachDeviceAlias", { dom: this.wire, alias, flags }, options);
  }

  /**
   * Changes a device, as far as that kind can be changed (`virDomainUpdateDeviceFlags`, since 0.8.0).
   * @param flags `DomainDeviceModifyFlags`.
   */
  updateDeviceFlags(xml: string, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainUpdateDeviceFlags", { dom: this.wire, xml, flags }, options);
  }

  /**
   * Connects to a console, serial or parallel device: what the guest writes can be read, what is written it reads
   * (`virDomainOpenConsole`, since 0.8.6).
   * @param devName the device's alias; null for the first console.
   * @param flags `DomainConsoleFlags`.
   */
  async openConsole(devName: string | null = null, flags = 0, options?: CallOptions): Promise<Stream> {
    return (await openStream(this.link, "domainOpenConsole", { dom: this.wire, devName, flags }, options)).stream;
  }

  /**
   * Connects to a channel (`virDomainOpenChannel`, since 1.0.2).
   * @param name its alias or target name; null for the first channel.
   * @param flags `DomainChannelFlags`.
   */
  async openChannel(name: string | null = null, flags = 0, options?: CallOptions): Promise<Stream> {
    return (await openStream(this.link, "domainOpenChannel", { dom: this.wire, name, flags }, options)).stream;
  }

  /**
   * Takes a picture of a screen (`virDomainScreenshot`, since 0.9.2).
   * @param screen which one, from 0.
   */
  async screenshot(screen = 0, flags = 0, options?: CallOptions): Promise<Screenshot> {
    const { stream, result } = await openStream(
      this.link,
      "domainScreenshot",
      { dom: this.wire, screen, flags },
      options,
    );
    return { mimeType: result.mime ?? "", stream };
  }

  /**
   * Connects a socket to a graphics device, as a VNC or SPICE client (`virDomainOpenGraphics`, since 0.9.7).
   * @param idx which device, from 0.
   * @param fd the socket's descriptor.
   * @param flags `DomainOpenGraphicsFlags`.
   */
  async openGraphics(idx: number, fd: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.passing("domainOpenGraphics", { dom: this.wire, idx, flags }, [fd], options);
  }

  /**
   * A socket that is connected to a graphics device, for a VNC or SPICE client; the caller closes the descriptor
   * (`virDomainOpenGraphicsFD`, since 1.2.8).
   * @param idx which device, from 0.
   * @param flags `DomainOpenGraphicsFlags`.
   */
  async openGraphicsFD(idx: number, flags = 0, options?: CallOptions): Promise<number> {
    const { descriptors } = await this.passing("domainOpenGraphicsFd", { dom: this.wire, idx, flags }, [], options);
    const [descriptor] = descriptors;
    if (descriptor !== undefined) return descriptor;
    throw this.link.report(new LibvirtError("INTERNAL_ERROR", "DOMAIN", "no file descriptor came back"));
  }

  /**
   * Makes a graphics device read its certificates again (`virDomainGraphicsReload`, since 10.2.0).
   * @param type 0 for all kinds of graphics.
   */
  graphicsReload(type = 0, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainGraphicsReload", { dom: this.wire, type, flags }, options);
  }

  /**
   * Hands open files over, under a name that the domain's XML can refer to (`virDomainFDAssociate`, since 9.0.0).
   * @param files their descriptors.
   * @param flags `DomainFDAssociateFlags`.
   */
  async fdAssociate(name: string, files: readonly number[], flags = 0, options?: CallOptions): Promise<void> {
    await this.passing("domainFdAssociate", { dom: this.wire, name, flags }, files, options);
  }

  /**
   * Presses keys together and lets them go (`virDomainSendKey`, since 0.9.3).
   * @param codeset what the key codes are: `KeycodeSet`.
   * @param holdtime for how long, in ms.
   * @param keycodes at most 16.
   */
  sendKey(
    codeset: number,
    holdtime: number,
    keycodes: readonly number[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    return this.run("domainSendKey", { dom: this.wire, codeset, holdtime, keycodes: [...keycodes], flags }, options);
  }

  /** Sends the guest a non-maskable interrupt (`virDomainInjectNMI`, since 0.9.2). */
  injectNMI(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainInjectNmi", { dom: this.wire, flags }, options);
  }

  /**
   * Sends a signal to a process in a container (`virDomainSendProcessSignal`, since 1.0.1).
   * @param signum `DomainProcessSignal`.
   */
  sendProcessSignal(pid: Integer, signum: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSendProcessSignal", { dom: this.wire, pidValue: pid, signum, flags }, options);
  }
}
