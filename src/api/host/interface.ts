/** Network interfaces of the host. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { ApiObject } from "../core/object.ts";

/** A network interface of the host (`virInterface`). */
export class Interface extends ApiObject<protocol.Interface> {
  /** The name: `eth0` (`virInterfaceGetName`, since 0.6.4). */
  name(): string {
    return this.wire.name;
  }

  /** The MAC address; empty when it has none (`virInterfaceGetMACString`, since 0.6.4). */
  macString(): string {
    return this.wire.mac;
  }

  /**
   * The interface's description, as XML (`virInterfaceGetXMLDesc`, since 0.6.4).
   * @param flags `InterfaceXMLFlags`.
   */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("interfaceGetXmlDesc", { iface: this.wire, flags }, options)).xml;
  }

  /** Brings the interface up (`virInterfaceCreate`, since 0.6.4). */
  create(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("interfaceCreate", { iface: this.wire, flags }, options);
  }

  /** Takes the interface down (`virInterfaceDestroy`, since 0.6.4). */
  destroy(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("interfaceDestroy", { iface: this.wire, flags }, options);
  }

  /** Removes the definition (`virInterfaceUndefine`, since 0.6.4). */
  undefine(options?: CallOptions): Promise<void> {
    return this.run("interfaceUndefine", { iface: this.wire }, options);
  }

  /** Whether the interface is up (`virInterfaceIsActive`, since 0.7.3). */
  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.call("interfaceIsActive", { iface: this.wire }, options)).active !== 0;
  }

  protected override identity(): Readonly<Record<string, unknown>> {
    return { name: this.name(), mac: this.macString() };
  }
}
