/** The host's devices, secrets and network filters of a connection. */
import type { CallOptions } from "../core/link.ts";
import { NodeDevice } from "../host/node-device.ts";
import { NWFilterBinding } from "../nwfilter/binding.ts";
import { NWFilter } from "../nwfilter/filter.ts";
import { Secret } from "../secret/secret.ts";
import type { Uuid } from "../values/uuid.ts";
import { ConnectionStorage } from "./storage.ts";

/** The part of {@link Connection} about the host's devices, secrets and network filters. */
export abstract class ConnectionDevices extends ConnectionStorage {
  /**
   * The host's devices (`virConnectListAllNodeDevices`, since 0.10.2).
   * @param flags which: `ConnectListAllNodeDeviceFlags`.
   */
  async listAllDevices(flags = 0, options?: CallOptions): Promise<NodeDevice[]> {
    const { devices } = await this.call("connectListAllNodeDevices", { needResults: 1, flags }, options);
    return devices.map((dev) => new NodeDevice(this.link, dev));
  }

  /**
   * The names of the host's devices (`virNodeListDevices`, since 0.5.0).
   * @param cap only those with this capability; null for all.
   */
  async listDevices(cap: string | null = null, flags = 0, options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfDevices(cap, flags, options);
    return [...(await this.call("nodeListDevices", { cap, maxnames, flags }, options)).names];
  }

  /**
   * How many devices the host has (`virNodeNumOfDevices`, since 0.5.0).
   * @param cap only those with this capability; null for all.
   */
  async numOfDevices(cap: string | null = null, flags = 0, options?: CallOptions): Promise<number> {
    return (await this.call("nodeNumOfDevices", { cap, flags }, options)).num;
  }

  /**
   * The device with a name (`virNodeDeviceLookupByName`, since 0.5.0).
   * @throws {LibvirtError} NO_NODE_DEVICE
   */
  async nodeDeviceLookupByName(name: string, options?: CallOptions): Promise<NodeDevice> {
    return new NodeDevice(this.link, (await this.call("nodeDeviceLookupByName", { name }, options)).dev);
  }

  /**
   * The SCSI host with WWNs (`virNodeDeviceLookupSCSIHostByWWN`, since 1.0.3).
   * @throws {LibvirtError} NO_NODE_DEVICE
   */
  async nodeDeviceLookupSCSIHostByWWN(
    wwnn: string,
    wwpn: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<NodeDevice> {
    const { dev } = await this.call("nodeDeviceLookupScsiHostByWwn", { wwnn, wwpn, flags }, options);
    return new NodeDevice(this.link, dev);
  }

  /**
   * Makes a virtual device (`virNodeDeviceCreateXML`, since 0.6.3).
   * @param flags `NodeDeviceCreateXMLFlags`.
   */
  async nodeDeviceCreateXML(xmlDesc: string, flags = 0, options?: CallOptions): Promise<NodeDevice> {
    return new NodeDevice(this.link, (await this.call("nodeDeviceCreateXml", { xmlDesc, flags }, options)).dev);
  }

  /**
   * Defines a virtual device (`virNodeDeviceDefineXML`, since 7.3.0).
   * @param flags `NodeDeviceDefineXMLFlags`.
   */
  async nodeDeviceDefineXML(xmlDesc: string, flags = 0, options?: CallOptions): Promise<NodeDevice> {
    return new NodeDevice(this.link, (await this.call("nodeDeviceDefineXml", { xmlDesc, flags }, options)).dev);
  }

  /**
   * The secrets (`virConnectListAllSecrets`, since 0.10.2).
   * @param flags which: `ConnectListAllSecretsFlags`.
   */
  async listAllSecrets(flags = 0, options?: CallOptions): Promise<Secret[]> {
    const { secrets } = await this.call("connectListAllSecrets", { needResults: 1, flags }, options);
    return secrets.map((secret) => new Secret(this.link, secret));
  }

  /** The UUIDs of the secrets, as text (`virConnectListSecrets`, since 0.7.1). */
  async listSecrets(options?: CallOptions): Promise<string[]> {
    const maxuuids = await this.numOfSecrets(options);
    return [...(await this.call("connectListSecrets", { maxuuids }, options)).uuids];
  }

  /** How many secrets there are (`virConnectNumOfSecrets`, since 0.7.1). */
  async numOfSecrets(options?: CallOptions): Promise<number> {
    return (await this.call("connectNumOfSecrets", {}, options)).num;
  }

  /**
   * The secret with a UUID: its text or its 16 bytes (`virSecretLookupByUUID`, since 0.7.1).
   * @throws {LibvirtError} NO_SECRET
   */
  async secretLookupByUuid(uuid: Uuid, options?: CallOptions): Promise<Secret> {
    const bytes = this.bytesOf(uuid, "SECRET", "virSecretLookupByUUID");
    return new Secret(this.link, (await this.call("secretLookupByUuid", { uuid: bytes }, options)).secret);
  }

  /**
   * The secret with a UUID (`virSecretLookupByUUIDString`, since 0.7.1).
   * @throws {LibvirtError} NO_SECRET
   */
  secretLookupByUuidString(uuid: string, options?: CallOptions): Promise<Secret> {
    return this.secretLookupByUuid(uuid, options);
  }

  /**
   * The secret for a thing (`virSecretLookupByUsage`, since 0.7.1).
   * @param usageType `SecretUsageType`.
   * @throws {LibvirtError} NO_SECRET
   */
  async secretLookupByUsage(usageType: number, usageId: string, options?: CallOptions): Promise<Secret> {
    const { secret } = await this.call("secretLookupByUsage", { usageType, usageID: usageId }, options);
    return new Secret(this.link, secret);
  }

  /**
   * Defines a secret, or changes its definition (`virSecretDefineXML`, since 0.7.1).
   * @param flags `SecretDefineFlags`.
   */
  async secretDefineXML(xml: string, flags = 0, options?: CallOptions): Promise<Secret> {
    return new Secret(this.link, (await this.call("secretDefineXml", { xml, flags }, options)).secret);
  }

  /** The network filters (`virConnectListAllNWFilters`, since 0.10.2). */
  async listAllNWFilters(flags = 0, options?: CallOptions): Promise<NWFilter[]> {
    const { filters } = await this.call("connectListAllNwfilters", { needResults: 1, flags }, options);
    return filters.map((filter) => new NWFilter(this.link, filter));
  }

  /** The names of the network filters (`virConnectListNWFilters`, since 0.8.0). */
  async listNWFilters(options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfNWFilters(options);
    return [...(await this.call("connectListNwfilters", { maxnames }, options)).names];
  }

  /** How many network filters there are (`virConnectNumOfNWFilters`, since 0.8.0). */
  async numOfNWFilters(options?: CallOptions): Promise<number> {
    return (await this.call("connectNumOfNwfilters", {}, options)).num;
  }

  /**
   * The network filter with a name (`virNWFilterLookupByName`, since 0.8.0).
   * @throws {LibvirtError} NO_NWFILTER
   */
  async nwfilterLookupByName(name: string, options?: CallOptions): Promise<NWFilter> {
    return new NWFilter(this.link, (await this.call("nwfilterLookupByName", { name }, options)).nwfilter);
  }

  /**
   * The network filter with a UUID: its text or its 16 bytes (`virNWFilterLookupByUUID`, since 0.8.0).
   * @throws {LibvirtError} NO_NWFILTER
   */
  async nwfilterLookupByUuid(uuid: Uuid, options?: CallOptions): Promise<NWFilter> {
    const bytes = this.bytesOf(uuid, "NWFILTER", "virNWFilterLookupByUUID");
    return new NWFilter(this.link, (await this.call("nwfilterLookupByUuid", { uuid: bytes }, options)).nwfilter);
  }

  /**
   * The network filter with a UUID (`virNWFilterLookupByUUIDString`, since 0.8.0).
   * @throws {LibvirtError} NO_NWFILTER
   */
  nwfilterLookupByUuidString(uuid: string, options?: CallOptions): Promise<NWFilter> {
    return this.nwfilterLookupByUuid(uuid, options);
  }

  /** Defines a network filter, or changes it (`virNWFilterDefineXML`, since 0.8.0). */
  async nwfilterDefineXML(xml: string, options?: CallOptions): Promise<NWFilter> {
    return new NWFilter(this.link, (await this.call("nwfilterDefineXml", { xml }, options)).nwfilter);
  }

  /**
   * Defines a network filter, or changes it (`virNWFilterDefineXMLFlags`, since 7.7.0).
   * @param flags `NWFilterDefineFlags`.
   */
  async nwfilterDefineXMLFlags(xml: string, flags = 0, options?: CallOptions): Promise<NWFilter> {
    return new NWFilter(this.link, (await this.call("nwfilterDefineXmlFlags", { xml, flags }, options)).nwfilter);
  }

  /** The network filters at work (`virConnectListAllNWFilterBindings`, since 4.5.0). */
  async listAllNWFilterBindings(flags = 0, options?: CallOptions): Promise<NWFilterBinding[]> {
    const { bindings } = await this.call("connectListAllNwfilterBindings", { needResults: 1, flags }, options);
    return bindings.map((binding) => new NWFilterBinding(this.link, binding));
  }

  /**
   * The network filter at work on a port (`virNWFilterBindingLookupByPortDev`, since 4.5.0).
   * @throws {LibvirtError} NO_NWFILTER_BINDING
   */
  async nwfilterBindingLookupByPortDev(portdev: string, options?: CallOptions): Promise<NWFilterBinding> {
    const { nwfilter } = await this.call("nwfilterBindingLookupByPortDev", { name: portdev }, options);
    return new NWFilterBinding(this.link, nwfilter);
  }

  /**
   * Puts a network filter to work on a port (`virNWFilterBindingCreateXML`, since 4.5.0).
   * @param flags `NWFilterBindingCreateFlags`.
   */
  async nwfilterBindingCreateXML(xml: string, flags = 0, options?: CallOptions): Promise<NWFilterBinding> {
    const { nwfilter } = await this.call("nwfilterBindingCreateXml", { xml, flags }, options);
    return new NWFilterBinding(this.link, nwfilter);
  }
}
