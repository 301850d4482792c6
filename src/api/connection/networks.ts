/** Networks of a connection, and the host's interfaces. */
import type { CallOptions } from "../core/link.ts";
import { Interface } from "../host/interface.ts";
import { Network } from "../network/network.ts";
import type { Uuid } from "../values/uuid.ts";
import { ConnectionDomains } from "./domains.ts";

/** The part of {@link Connection} about networks and interfaces. */
export abstract class ConnectionNetworks extends ConnectionDomains {
  /**
   * The networks (`virConnectListAllNetworks`, since 0.10.2).
   * @param flags which: `ConnectListAllNetworksFlags`.
   */
  async listAllNetworks(flags = 0, options?: CallOptions): Promise<Network[]> {
    const { nets } = await this.call("connectListAllNetworks", { needResults: 1, flags }, options);
    return nets.map((net) => new Network(this.link, net));
  }

  /** The names of the running networks (`virConnectListNetworks`, since 0.2.0). */
  async listNetworks(options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfNetworks(options);
    return [...(await this.call("connectListNetworks", { maxnames }, options)).names];
  }

  /** How many networks run (`virConnectNumOfNetworks`, since 0.2.0). */
  async numOfNetworks(options?: CallOptions): Promise<number> {
    return (await this.call("connectNumOfNetworks", {}, options)).num;
  }

  /** The names of the networks that are defined and off (`virConnectListDefinedNetworks`, since 0.2.0). */
  async listDefinedNetworks(options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfDefinedNetworks(options);
    return [...(await this.call("connectListDefinedNetworks", { maxnames }, options)).names];
  }

  /** How many networks are defined and off (`virConnectNumOfDefinedNetworks`, since 0.2.0). */
  async numOfDefinedNetworks(options?: CallOptions): Promise<number> {
    return (await this.call("connectNumOfDefinedNetworks", {}, options)).num;
  }

  /**
   * The network with a name (`virNetworkLookupByName`, since 0.2.0).
   * @throws {LibvirtError} NO_NETWORK
   */
  async networkLookupByName(name: string, options?: CallOptions): Promise<Network> {
    return new Network(this.link, (await this.call("networkLookupByName", { name }, options)).net);
  }

  /**
   * The network with a UUID: its text or its 16 bytes (`virNetworkLookupByUUID`, since 0.2.0).
   * @throws {LibvirtError} NO_NETWORK
   */
  async networkLookupByUuid(uuid: Uuid, options?: CallOptions): Promise<Network> {
    const bytes = this.bytesOf(uuid, "NETWORK", "virNetworkLookupByUUID");
    return new Network(this.link, (await this.call("networkLookupByUuid", { uuid: bytes }, options)).net);
  }

  /**
   * The network with a UUID (`virNetworkLookupByUUIDString`, since 0.2.0).
   * @throws {LibvirtError} NO_NETWORK
   */
  networkLookupByUuidString(uuid: string, options?: CallOptions): Promise<Network> {
    return this.networkLookupByUuid(uuid, options);
  }

  /** Starts a transient network (`virNetworkCreateXML`, since 0.2.0). */
  async networkCreateXML(xml: string, options?: CallOptions): Promise<Network> {
    return new Network(this.link, (await this.call("networkCreateXml", { xml }, options)).net);
  }

  /**
   * Starts a transient network (`virNetworkCreateXMLFlags`, since 7.8.0).
   * @param flags `NetworkCreateFlags`.
   */
  async networkCreateXMLFlags(xml: string, flags = 0, options?: CallOptions): Promise<Network> {
    return new Network(this.link, (await this.call("networkCreateXmlFlags", { xml, flags }, options)).net);
  }

  /** Defines a network, or changes its definition (`virNetworkDefineXML`, since 0.2.0). */
  async networkDefineXML(xml: string, options?: CallOptions): Promise<Network> {
    return new Network(this.link, (await this.call("networkDefineXml", { xml }, options)).net);
  }

  /**
   * Defines a network, or changes its definition (`virNetworkDefineXMLFlags`, since 7.7.0).
   * @param flags `NetworkDefineFlags`.
   */
  async networkDefineXMLFlags(xml: string, flags = 0, options?: CallOptions): Promise<Network> {
    return new Network(this.link, (await this.call("networkDefineXmlFlags", { xml, flags }, options)).net);
  }

  /**
   * The host's interfaces (`virConnectListAllInterfaces`, since 0.10.2).
   * @param flags which: `ConnectListAllInterfacesFlags`.
   */
  async listAllInterfaces(flags = 0, options?: CallOptions): Promise<Interface[]> {
    const { ifaces } = await this.call("connectListAllInterfaces", { needResults: 1, flags }, options);
    return ifaces.map((iface) => new Interface(this.link, iface));
  }

  /** The names of the interfaces that are up (`virConnectListInterfaces`, since 0.6.4). */
  async listInterfaces(options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfInterfaces(options);
    return [...(await this.call("connectListInterfaces", { maxnames }, options)).names];
  }

  /** How many interfaces are up (`virConnectNumOfInterfaces`, since 0.6.4). */
  async numOfInterfaces(options?: CallOptions): Promise<number> {
    return (await this.call("connectNumOfInterfaces", {}, options)).num;
  }

  /** The names of the interfaces that are defined and down (`virConnectListDefinedInterfaces`, since 0.7.0). */
  async listDefinedInterfaces(options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfDefinedInterfaces(options);
    return [...(await this.call("connectListDefinedInterfaces", { maxnames }, options)).names];
  }

  /** How many interfaces are defined and down (`virConnectNumOfDefinedInterfaces`, since 0.7.0). */
  async numOfDefinedInterfaces(options?: CallOptions): Promise<number> {
    return (await this.call("connectNumOfDefinedInterfaces", {}, options)).num;
  }

  /**
   * The interface with a name (`virInterfaceLookupByName`, since 0.6.4).
   * @throws {LibvirtError} NO_INTERFACE
   */
  async interfaceLookupByName(name: string, options?: CallOptions): Promise<Interface> {
    return new Interface(this.link, (await this.call("interfaceLookupByName", { name }, options)).iface);
  }

  /**
   * The interface with a MAC address (`virInterfaceLookupByMACString`, since 0.6.4).
   * @throws {LibvirtError} NO_INTERFACE, or MULTIPLE_INTERFACES
   */
  async interfaceLookupByMACString(mac: string, options?: CallOptions): Promise<Interface> {
    return new Interface(this.link, (await this.call("interfaceLookupByMacString", { mac }, options)).iface);
  }

  /**
   * Defines an interface, or changes its definition (`virInterfaceDefineXML`, since 0.6.4).
   * @param flags `InterfaceDefineFlags`.
   */
  async interfaceDefineXML(xml: string, flags = 0, options?: CallOptions): Promise<Interface> {
    return new Interface(this.link, (await this.call("interfaceDefineXml", { xml, flags }, options)).iface);
  }

  /** Begins changes of the host's interfaces that can be taken back (`virInterfaceChangeBegin`, since 0.9.2). */
  changeBegin(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("interfaceChangeBegin", { flags }, options);
  }

  /** Keeps the changes of the host's interfaces (`virInterfaceChangeCommit`, since 0.9.2). */
  changeCommit(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("interfaceChangeCommit", { flags }, options);
  }

  /** Takes the changes of the host's interfaces back (`virInterfaceChangeRollback`, since 0.9.2). */
  changeRollback(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("interfaceChangeRollback", { flags }, options);
  }
}
