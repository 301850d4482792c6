/** Devices of the host. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { ApiObject } from "../core/object.ts";
import { type EventListener, listenTo, openEvents } from "../events/open.ts";
import type { EventStream, ObjectEventOptions } from "../events/stream.ts";
import type { EventOf, NodeDeviceEvent } from "../events/types.ts";

/** A device of the host: on its PCI or USB bus, a disk, ... (`virNodeDevice`). */
export class NodeDevice extends ApiObject<protocol.NodeDevice> {
  /** The name, unique on the host: `pci_0000_00_02_0` (`virNodeDeviceGetName`, since 0.5.0). */
  name(): string {
    return this.wire.name;
  }

  /** The device's description, as XML (`virNodeDeviceGetXMLDesc`, since 0.5.0). */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("nodeDeviceGetXmlDesc", { name: this.wire.name, flags }, options)).xml;
  }

  /** The name of the device that it belongs to; null for none (`virNodeDeviceGetParent`, since 0.5.0). */
  async parent(options?: CallOptions): Promise<string | null> {
    return (await this.call("nodeDeviceGetParent", { name: this.wire.name }, options)).parentName;
  }

  /** How many capabilities it has (`virNodeDeviceNumOfCaps`, since 0.5.0). */
  async numOfCaps(options?: CallOptions): Promise<number> {
    return (await this.call("nodeDeviceNumOfCaps", { name: this.wire.name }, options)).num;
  }

  /** The names of its capabilities: `pci`, `net`, ... (`virNodeDeviceListCaps`, since 0.5.0). */
  async listCaps(options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfCaps(options);
    return [...(await this.call("nodeDeviceListCaps", { name: this.wire.name, maxnames }, options)).names];
  }

  /**
   * Takes the device from the host's driver, so that a domain can have it (`virNodeDeviceDettach`, since 0.6.1). (The
   * name is libvirt's spelling.)
   */
  dettach(options?: CallOptions): Promise<void> {
    return this.run("nodeDeviceDettach", { name: this.wire.name }, options);
  }

  /**
   * Takes the device from the host's driver, so that a domain can have it (`virNodeDeviceDetachFlags`, since 1.0.5).
   * @param driverName who gets it: `vfio`; null for the default.
   */
  detachFlags(driverName: string | null = null, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("nodeDeviceDetachFlags", { name: this.wire.name, driverName, flags }, options);
  }

  /** Gives the device back to the host's driver (`virNodeDeviceReAttach`, since 0.6.1). */
  reAttach(options?: CallOptions): Promise<void> {
    return this.run("nodeDeviceReAttach", { name: this.wire.name }, options);
  }

  /** Resets the device (`virNodeDeviceReset`, since 0.6.1). */
  reset(options?: CallOptions): Promise<void> {
    return this.run("nodeDeviceReset", { name: this.wire.name }, options);
  }

  /** Makes a defined device appear (`virNodeDeviceCreate`, since 7.3.0). */
  create(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("nodeDeviceCreate", { name: this.wire.name, flags }, options);
  }

  /** Makes a virtual device go (`virNodeDeviceDestroy`, since 0.6.3). */
  destroy(options?: CallOptions): Promise<void> {
    return this.run("nodeDeviceDestroy", { name: this.wire.name }, options);
  }

  /** Removes the definition (`virNodeDeviceUndefine`, since 7.3.0). */
  undefine(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("nodeDeviceUndefine", { name: this.wire.name, flags }, options);
  }

  /** Changes the device (`virNodeDeviceUpdate`, since 10.1.0). */
  update(xmlDesc: string, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("nodeDeviceUpdate", { name: this.wire.name, xmlDesc, flags }, options);
  }

  /** Whether the device appears with the host (`virNodeDeviceGetAutostart`, since 7.8.0). */
  async autostart(options?: CallOptions): Promise<boolean> {
    return (await this.call("nodeDeviceGetAutostart", { name: this.wire.name }, options)).autostart !== 0;
  }

  /** Says whether the device appears with the host (`virNodeDeviceSetAutostart`, since 7.8.0). */
  setAutostart(autostart: boolean, options?: CallOptions): Promise<void> {
    return this.run("nodeDeviceSetAutostart", { name: this.wire.name, autostart: autostart ? 1 : 0 }, options);
  }

  /** Whether the device is there (`virNodeDeviceIsActive`, since 7.8.0). */
  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.call("nodeDeviceIsActive", { name: this.wire.name }, options)).active !== 0;
  }

  /** Whether the device has a definition that stays (`virNodeDeviceIsPersistent`, since 7.8.0). */
  async isPersistent(options?: CallOptions): Promise<boolean> {
    return (await this.call("nodeDeviceIsPersistent", { name: this.wire.name }, options)).persistent !== 0;
  }

  /** The device's events, as they happen from now on (`virConnectNodeDeviceEventRegisterAny` with a device). */
  events(options: ObjectEventOptions = {}): EventStream<NodeDeviceEvent> {
    return openEvents<NodeDeviceEvent>(this.link, { ...options, kinds: ["nodeDevice"], object: this.wire });
  }

  /** Calls a function at each of its events of a type, until the listener or the connection is closed. */
  on<Type extends NodeDeviceEvent["type"]>(type: Type, listener: (event: EventOf<Type>) => void): EventListener {
    return listenTo(this.link, { types: [type], kinds: ["nodeDevice"], object: this.wire }, listener);
  }

  protected override identity(): Readonly<Record<string, unknown>> {
    return { name: this.name() };
  }
}
