/** Domains in files: saved states and memory dumps. */
import type { CallOptions } from "../core/link.ts";
import type { ParametersInput } from "../values/parameters.ts";
import { DomainDefinition } from "./definition.ts";

/** The part of {@link Domain} that puts it into files. */
export abstract class DomainSaving extends DomainDefinition {
  /**
   * Stops the running domain and writes its state into a file of the host (`virDomainSave`, since 0.0.3).
   * `conn.restore` lets it go on from there.
   * @param to an absolute path.
   */
  async save(to: string, options?: CallOptions): Promise<void> {
    await this.run("domainSave", { dom: this.wire, to }, options);
    this.stopped();
  }

  /**
   * Stops the running domain and writes its state into a file (`virDomainSaveFlags`, since 0.9.4).
   * @param dxml the description that it shall have afterwards, with changes the guest cannot see; null for its own.
   * @param flags `DomainSaveRestoreFlags`.
   */
  async saveFlags(to: string, dxml: string | null = null, flags = 0, options?: CallOptions): Promise<void> {
    await this.run("domainSaveFlags", { dom: this.wire, to, dxml, flags }, options);
    this.stopped();
  }

  /**
   * Stops the running domain and writes its state into a file (`virDomainSaveParams`, since 8.4.0).
   * @param params by the names in `DomainSaveParam`.
   * @param flags `DomainSaveRestoreFlags`.
   */
  async saveParams(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    await this.run("domainSaveParams", { dom: this.wire, params, flags }, options);
    this.stopped();
  }

  /**
   * Stops the running domain and keeps its state where libvirt keeps such: its next start goes on from there
   * (`virDomainManagedSave`, since 0.8.0).
   * @param flags `DomainSaveRestoreFlags`.
   */
  async managedSave(flags = 0, options?: CallOptions): Promise<void> {
    await this.run("domainManagedSave", { dom: this.wire, flags }, options);
    this.stopped();
  }

  /** Whether there is a managed save image (`virDomainHasManagedSaveImage`, since 0.8.0). */
  async hasManagedSaveImage(flags = 0, options?: CallOptions): Promise<boolean> {
    return (await this.call("domainHasManagedSaveImage", { dom: this.wire, flags }, options)).result !== 0;
  }

  /** Removes the managed save image: the next start boots afresh (`virDomainManagedSaveRemove`, since 0.8.0). */
  managedSaveRemove(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainManagedSaveRemove", { dom: this.wire, flags }, options);
  }

  /**
   * The description in the managed save image (`virDomainManagedSaveGetXMLDesc`, since 3.7.0).
   * @param flags `DomainSaveImageXMLFlags`.
   */
  async managedSaveGetXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("domainManagedSaveGetXmlDesc", { dom: this.wire, flags }, options)).xml;
  }

  /**
   * Changes the description in the managed save image (`virDomainManagedSaveDefineXML`, since 3.7.0).
   * @param flags `DomainSaveRestoreFlags`.
   */
  managedSaveDefineXML(dxml: string | null, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainManagedSaveDefineXml", { dom: this.wire, dxml, flags }, options);
  }

  /**
   * Writes the guest's memory into a file, to be analysed (`virDomainCoreDump`, since 0.1.9).
   * @param flags `DomainCoreDumpFlags`.
   */
  coreDump(to: string, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainCoreDump", { dom: this.wire, to, flags }, options);
  }

  /**
   * Writes the guest's memory into a file, to be analysed (`virDomainCoreDumpWithFormat`, since 1.2.3).
   * @param dumpformat `DomainCoreDumpFormat`.
   * @param flags `DomainCoreDumpFlags`.
   */
  coreDumpWithFormat(to: string, dumpformat: number, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainCoreDumpWithFormat", { dom: this.wire, to, dumpformat, flags }, options);
  }
}
