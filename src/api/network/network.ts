/** Virtual networks. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { NamedObject } from "../core/named.ts";
import { type EventListener, listenTo, openEvents } from "../events/open.ts";
import type { EventStream, ObjectEventOptions } from "../events/stream.ts";
import type { EventOf, NetworkEvent } from "../events/types.ts";
import type { Uuid } from "../values/uuid.ts";
import { NetworkPort } from "./port.ts";

/** An address that a network's DHCP server has given out ({@link Network.dhcpLeases}). */
export interface DhcpLease {
  /** The network's bridge. */
  readonly iface: string;
  /** Until when, in seconds since 1970. */
  readonly expiryTime: bigint;
  /** `IPAddrType`. */
  readonly type: number;
  readonly mac: string | null;
  readonly iaid: string | null;
  readonly ipaddr: string;
  readonly prefix: number;
  readonly hostname: string | null;
  /** The client's id, or DUID for IPv6. */
  readonly clientid: string | null;
}

/** A virtual network (`virNetwork`). */
export class Network extends NamedObject<protocol.Network> {
  /**
   * The network's description, as XML (`virNetworkGetXMLDesc`, since 0.2.0).
   * @param flags `NetworkXMLFlags`.
   */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("networkGetXmlDesc", { net: this.wire, flags }, options)).xml;
  }

  /** Starts a defined network (`virNetworkCreate`, since 0.2.0). */
  create(options?: CallOptions): Promise<void> {
    return this.run("networkCreate", { net: this.wire }, options);
  }

  /** Stops the network (`virNetworkDestroy`, since 0.2.0). */
  destroy(options?: CallOptions): Promise<void> {
    return this.run("networkDestroy", { net: this.wire }, options);
  }

  /** Removes the definition (`virNetworkUndefine`, since 0.2.0). */
  undefine(options?: CallOptions): Promise<void> {
    return this.run("networkUndefine", { net: this.wire }, options);
  }

  /**
   * Changes a part of the network (`virNetworkUpdate`, since 0.10.2).
   * @param command `NetworkUpdateCommand`.
   * @param section `NetworkUpdateSection`.
   * @param parentIndex which of several parents; -1 for the first that fits.
   * @param flags `NetworkUpdateFlags`.
   */
  update(
    command: number,
    section: number,
    parentIndex: number,
    xml: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { net: this.wire, command, section, parentIndex, xml, flags };
    return this.run("networkUpdate", args, options);
  }

  /** The name of the network's bridge (`virNetworkGetBridgeName`, since 0.2.0). */
  async bridgeName(options?: CallOptions): Promise<string> {
    return (await this.call("networkGetBridgeName", { net: this.wire }, options)).name;
  }

  /** Whether the network is started with the host (`virNetworkGetAutostart`, since 0.2.1). */
  async autostart(options?: CallOptions): Promise<boolean> {
    return (await this.call("networkGetAutostart", { net: this.wire }, options)).autostart !== 0;
  }

  /** Says whether the network is started with the host (`virNetworkSetAutostart`, since 0.2.1). */
  setAutostart(autostart: boolean, options?: CallOptions): Promise<void> {
    return this.run("networkSetAutostart", { net: this.wire, autostart: autostart ? 1 : 0 }, options);
  }

  /** Whether the network runs (`virNetworkIsActive`, since 0.7.3). */
  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.call("networkIsActive", { net: this.wire }, options)).active !== 0;
  }

  /** Whether the network has a definition that stays when it is off (`virNetworkIsPersistent`, since 0.7.3). */
  async isPersistent(options?: CallOptions): Promise<boolean> {
    return (await this.call("networkIsPersistent", { net: this.wire }, options)).persistent !== 0;
  }

  /**
   * The addresses that the network's DHCP server has given out (`virNetworkGetDHCPLeases`, since 1.2.6).
   * @param mac only to this one; null for all.
   */
  async dhcpLeases(mac: string | null = null, flags = 0, options?: CallOptions): Promise<DhcpLease[]> {
    const args = { net: this.wire, mac, needResults: 1, flags };
    const { leases } = await this.call("networkGetDhcpLeases", args, options);
    return leases.map(({ expirytime, ...lease }) => ({ ...lease, expiryTime: expirytime }));
  }

  /**
   * The title, the description or an application's own element; see `Domain.metadata` (`virNetworkGetMetadata`, since
   * 9.7.0).
   */
  async metadata(type: number, uri: string | null = null, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("networkGetMetadata", { network: this.wire, type, uri, flags }, options)).metadata;
  }

  /**
   * Sets the title, the description or an application's own element; see `Domain.setMetadata` (`virNetworkSetMetadata`,
   * since 9.7.0).
   */
  setMetadata(
    type: number,
    metadata: string | null,
    key: string | null = null,
    uri: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    return this.run("networkSetMetadata", { network: this.wire, type, metadata, key, uri, flags }, options);
  }

  /** The network's ports (`virNetworkListAllPorts`, since 5.5.0). */
  async listAllPorts(flags = 0, options?: CallOptions): Promise<NetworkPort[]> {
    const { ports } = await this.call("networkListAllPorts", { network: this.wire, needResults: 1, flags }, options);
    return ports.map((port) => new NetworkPort(this.link, port, this));
  }

  /**
   * The port with a UUID (`virNetworkPortLookupByUUID`, since 5.5.0).
   * @throws {LibvirtError} NO_NETWORK_PORT
   */
  async portLookupByUuid(uuid: Uuid, options?: CallOptions): Promise<NetworkPort> {
    const bytes = this.bytesOf(uuid, "NETWORK", "virNetworkPortLookupByUUID");
    const { port } = await this.call("networkPortLookupByUuid", { network: this.wire, uuid: bytes }, options);
    return new NetworkPort(this.link, port, this);
  }

  /**
   * The port with a UUID (`virNetworkPortLookupByUUIDString`, since 5.5.0).
   * @throws {LibvirtError} NO_NETWORK_PORT
   */
  portLookupByUuidString(uuid: string, options?: CallOptions): Promise<NetworkPort> {
    return this.portLookupByUuid(uuid, options);
  }

  /**
   * Makes a port (`virNetworkPortCreateXML`, since 5.5.0).
   * @param xml a `<networkport>`.
   * @param flags `NetworkPortCreateFlags`.
   */
  async portCreateXML(xml: string, flags = 0, options?: CallOptions): Promise<NetworkPort> {
    const { port } = await this.call("networkPortCreateXml", { network: this.wire, xml, flags }, options);
    return new NetworkPort(this.link, port, this);
  }

  /** The network's events, as they happen from now on (`virConnectNetworkEventRegisterAny` with a network). */
  events(options: ObjectEventOptions = {}): EventStream<NetworkEvent> {
    return openEvents<NetworkEvent>(this.link, { ...options, kinds: ["network"], object: this.wire });
  }

  /** Calls a function at each of its events of a type, until the listener or the connection is closed. */
  on<Type extends NetworkEvent["type"]>(type: Type, listener: (event: EventOf<Type>) => void): EventListener {
    return listenTo(this.link, { types: [type], kinds: ["network"], object: this.wire }, listener);
  }
}
