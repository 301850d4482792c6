/** Domains of a connection. */
import { LibvirtError } from "../../errors.ts";
import type { CallOptions } from "../core/link.ts";
import { wireOf } from "../core/object.ts";
import { Domain } from "../domain/domain.ts";
import { fromParameters, type Parameters, type ParametersInput } from "../values/parameters.ts";
import type { Uuid } from "../values/uuid.ts";
import { ConnectionHost } from "./host.ts";

/** Statistics of a domain ({@link Connection.getAllDomainStats}). */
export interface DomainStats {
  readonly domain: Domain;
  /** By name: `cpu.time`, `block.0.rd.bytes`, ... */
  readonly stats: Parameters;
}

/** The part of {@link Connection} about domains. */
export abstract class ConnectionDomains extends ConnectionHost {
  /**
   * The domains, running or not (`virConnectListAllDomains`, since 0.9.13).
   * @param flags which: `ConnectListAllDomainsFlags`.
   */
  async listAllDomains(flags = 0, options?: CallOptions): Promise<Domain[]> {
    const { domains } = await this.call("connectListAllDomains", { needResults: 1, flags }, options);
    return domains.map((dom) => new Domain(this.link, dom));
  }

  /** The ids of the running domains (`virConnectListDomains`, since 0.0.3). */
  async listDomainsId(options?: CallOptions): Promise<number[]> {
    const maxids = await this.numOfDomains(options);
    return [...(await this.call("connectListDomains", { maxids }, options)).ids];
  }

  /** How many domains are running (`virConnectNumOfDomains`, since 0.0.3). */
  async numOfDomains(options?: CallOptions): Promise<number> {
    return (await this.call("connectNumOfDomains", {}, options)).num;
  }

  /** The names of the domains that are defined and off (`virConnectListDefinedDomains`, since 0.1.1). */
  async listDefinedDomains(options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numOfDefinedDomains(options);
    return [...(await this.call("connectListDefinedDomains", { maxnames }, options)).names];
  }

  /** How many domains are defined and off (`virConnectNumOfDefinedDomains`, since 0.1.5). */
  async numOfDefinedDomains(options?: CallOptions): Promise<number> {
    return (await this.call("connectNumOfDefinedDomains", {}, options)).num;
  }

  /**
   * The running domain with an id (`virDomainLookupByID`, since 0.0.3).
   * @throws {LibvirtError} NO_DOMAIN
   */
  async lookupById(id: number, options?: CallOptions): Promise<Domain> {
    const { dom } = await this.call("domainLookupById", { id }, options);
    return new Domain(this.link, dom);
  }

  /**
   * The domain with a name (`virDomainLookupByName`, since 0.0.3).
   * @throws {LibvirtError} NO_DOMAIN
   */
  async lookupByName(name: string, options?: CallOptions): Promise<Domain> {
    const { dom } = await this.call("domainLookupByName", { name }, options);
    return new Domain(this.link, dom);
  }

  /**
   * The domain with a UUID: its text or its 16 bytes (`virDomainLookupByUUID`, since 0.0.5).
   * @throws {LibvirtError} NO_DOMAIN
   */
  async lookupByUuid(uuid: Uuid, options?: CallOptions): Promise<Domain> {
    const bytes = this.bytesOf(uuid, "DOMAIN", "virDomainLookupByUUID");
    const { dom } = await this.call("domainLookupByUuid", { uuid: bytes }, options);
    return new Domain(this.link, dom);
  }

  /**
   * The domain with a UUID (`virDomainLookupByUUIDString`, since 0.1.1).
   * @throws {LibvirtError} NO_DOMAIN
   */
  lookupByUuidString(uuid: string, options?: CallOptions): Promise<Domain> {
    return this.lookupByUuid(uuid, options);
  }

  /** Defines a domain, or changes its definition (`virDomainDefineXML`, since 0.1.1). */
  async defineXML(xml: string, options?: CallOptions): Promise<Domain> {
    const { dom } = await this.call("domainDefineXml", { xml }, options);
    return new Domain(this.link, dom);
  }

  /**
   * Defines a domain, or changes its definition (`virDomainDefineXMLFlags`, since 1.2.12).
   * @param flags `DomainDefineFlags`.
   */
  async defineXMLFlags(xml: string, flags = 0, options?: CallOptions): Promise<Domain> {
    const { dom } = await this.call("domainDefineXmlFlags", { xml, flags }, options);
    return new Domain(this.link, dom);
  }

  /**
   * Starts a transient domain: one that is gone when it ends (`virDomainCreateXML`, since 0.5.0).
   * @param flags `DomainCreateFlags`.
   */
  async createXML(xmlDesc: string, flags = 0, options?: CallOptions): Promise<Domain> {
    const { dom } = await this.call("domainCreateXml", { xmlDesc, flags }, options);
    return new Domain(this.link, dom);
  }

  /**
   * Starts a transient domain whose first process inherits open files of this one, by descriptor
   * (`virDomainCreateXMLWithFiles`, since 1.1.1).
   */
  async createXMLWithFiles(
    xmlDesc: string,
    files: readonly number[],
    flags = 0,
    options?: CallOptions,
  ): Promise<Domain> {
    const { result } = await this.passing("domainCreateXmlWithFiles", { xmlDesc, flags }, files, options);
    return new Domain(this.link, result.dom);
  }

  /** Starts a domain from a file that `save` wrote (`virDomainRestore`, since 0.0.3). */
  restore(from: string, options?: CallOptions): Promise<void> {
    return this.run("domainRestore", { from }, options);
  }

  /**
   * Starts a domain from a file that `save` wrote (`virDomainRestoreFlags`, since 0.9.4).
   * @param dxml the description that it shall have, with changes the guest cannot see; null for the file's own.
   * @param flags `DomainSaveRestoreFlags`.
   */
  restoreFlags(from: string, dxml: string | null = null, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainRestoreFlags", { from, dxml, flags }, options);
  }

  /**
   * Starts a domain from a file that `save` wrote, by the names in `DomainSaveParam` (`virDomainRestoreParams`, since
   * 8.4.0).
   */
  restoreParams(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainRestoreParams", { params, flags }, options);
  }

  /**
   * The description in a file that `save` wrote (`virDomainSaveImageGetXMLDesc`, since 0.9.4).
   * @param flags `DomainSaveImageXMLFlags`.
   */
  async saveImageGetXMLDesc(file: string, flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("domainSaveImageGetXmlDesc", { file, flags }, options)).xml;
  }

  /**
   * Changes the description in a file that `save` wrote (`virDomainSaveImageDefineXML`, since 0.9.4).
   * @param flags `DomainSaveRestoreFlags`.
   */
  saveImageDefineXML(file: string, dxml: string, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSaveImageDefineXml", { file, dxml, flags }, options);
  }

  /**
   * Turns a hypervisor's own configuration into XML (`virConnectDomainXMLFromNative`, since 0.6.4).
   * @param nativeFormat `qemu-argv`, ...
   */
  async domainXMLFromNative(
    nativeFormat: string,
    nativeConfig: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { nativeFormat, nativeConfig, flags };
    return (await this.call("connectDomainXmlFromNative", args, options)).domainXml;
  }

  /**
   * Turns XML into a hypervisor's own configuration (`virConnectDomainXMLToNative`, since 0.6.4).
   * @param nativeFormat `qemu-argv`, ...
   */
  async domainXMLToNative(nativeFormat: string, domainXml: string, flags = 0, options?: CallOptions): Promise<string> {
    const args = { nativeFormat, domainXml, flags };
    return (await this.call("connectDomainXmlToNative", args, options)).nativeConfig;
  }

  /**
   * Statistics of many domains in one call (`virConnectGetAllDomainStats`, since 1.2.8).
   * @param stats which: `DomainStatsTypes`; 0 for all.
   * @param flags which domains: `ConnectGetAllDomainStatsFlags`.
   */
  getAllDomainStats(stats = 0, flags = 0, options?: CallOptions): Promise<DomainStats[]> {
    return this.#stats([], stats, flags, options);
  }

  /**
   * Statistics of these domains, in one call (`virDomainListGetStats`, since 1.2.8).
   * @param stats which: `DomainStatsTypes`; 0 for all.
   * @param flags `ConnectGetAllDomainStatsFlags`.
   */
  async domainListGetStats(
    domains: readonly Domain[],
    stats = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<DomainStats[]> {
    if (domains.length === 0) {
      const detail = "doms array in virDomainListGetStats must contain at least one domain";
      throw this.link.report(new LibvirtError("INVALID_ARG", "DOMAIN", detail));
    }
    return this.#stats(domains, stats, flags, options);
  }

  /** Takes over a QEMU that was started by hand (`virDomainQemuAttach`, since 0.9.4). */
  async qemuAttach(pid: number, flags = 0, options?: CallOptions): Promise<Domain> {
    const { dom } = await this.call("qemuDomainAttach", { pidValue: pid, flags }, options);
    return new Domain(this.link, dom);
  }

  async #stats(
    domains: readonly Domain[],
    stats: number,
    flags: number,
    options?: CallOptions,
  ): Promise<DomainStats[]> {
    const args = { doms: domains.map(wireOf), stats, flags };
    const { retStats } = await this.call("connectGetAllDomainStats", args, options);
    return retStats.map(({ dom, params }) => ({ domain: new Domain(this.link, dom), stats: fromParameters(params) }));
  }
}
