/** A domain's moments: snapshots, checkpoints, backups. */
import type { CallOptions } from "../core/link.ts";
import { wireOf } from "../core/object.ts";
import { DomainCheckpoint } from "./checkpoint.ts";
import type { Domain } from "./domain.ts";
import { DomainGuest } from "./guest.ts";
import { DomainSnapshot } from "./snapshot.ts";

/** The part of {@link Domain} about its snapshots, checkpoints and backups. */
export abstract class DomainMoments extends DomainGuest {
  /**
   * Takes a snapshot (`virDomainSnapshotCreateXML`, since 0.8.0).
   * @param xmlDesc a `<domainsnapshot>`.
   * @param flags `DomainSnapshotCreateFlags`.
   */
  async snapshotCreateXML(xmlDesc: string, flags = 0, options?: CallOptions): Promise<DomainSnapshot> {
    const { snap } = await this.call("domainSnapshotCreateXml", { dom: this.wire, xmlDesc, flags }, options);
    return new DomainSnapshot(this.link, snap, this.#self());
  }

  /**
   * The snapshot with a name (`virDomainSnapshotLookupByName`, since 0.8.0).
   * @throws {LibvirtError} NO_DOMAIN_SNAPSHOT
   */
  async snapshotLookupByName(name: string, flags = 0, options?: CallOptions): Promise<DomainSnapshot> {
    const { snap } = await this.call("domainSnapshotLookupByName", { dom: this.wire, name, flags }, options);
    return new DomainSnapshot(this.link, snap, this.#self());
  }

  /**
   * All snapshots (`virDomainListAllSnapshots`, since 0.9.13).
   * @param flags `DomainSnapshotListFlags`.
   */
  async listAllSnapshots(flags = 0, options?: CallOptions): Promise<DomainSnapshot[]> {
    const args = { dom: this.wire, needResults: 1, flags };
    const { snapshots } = await this.call("domainListAllSnapshots", args, options);
    return snapshots.map((snap) => new DomainSnapshot(this.link, snap, this.#self()));
  }

  /**
   * How many snapshots there are (`virDomainSnapshotNum`, since 0.8.0).
   * @param flags `DomainSnapshotListFlags`.
   */
  async snapshotNum(flags = 0, options?: CallOptions): Promise<number> {
    return (await this.call("domainSnapshotNum", { dom: this.wire, flags }, options)).num;
  }

  /**
   * The names of the snapshots (`virDomainSnapshotListNames`, since 0.8.0).
   * @param flags `DomainSnapshotListFlags`.
   */
  async snapshotListNames(flags = 0, options?: CallOptions): Promise<string[]> {
    const maxnames = await this.snapshotNum(flags, options);
    return [...(await this.call("domainSnapshotListNames", { dom: this.wire, maxnames, flags }, options)).names];
  }

  /**
   * The snapshot that the domain was last taken from or set back to (`virDomainSnapshotCurrent`, since 0.8.0).
   * @throws {LibvirtError} NO_DOMAIN_SNAPSHOT
   */
  async snapshotCurrent(flags = 0, options?: CallOptions): Promise<DomainSnapshot> {
    const { snap } = await this.call("domainSnapshotCurrent", { dom: this.wire, flags }, options);
    return new DomainSnapshot(this.link, snap, this.#self());
  }

  /** Whether there is a current snapshot (`virDomainHasCurrentSnapshot`, since 0.8.0). */
  async hasCurrentSnapshot(flags = 0, options?: CallOptions): Promise<boolean> {
    return (await this.call("domainHasCurrentSnapshot", { dom: this.wire, flags }, options)).result !== 0;
  }

  /**
   * Sets the domain back to a snapshot (`virDomainRevertToSnapshot`, since 0.8.0).
   * @param flags `DomainSnapshotRevertFlags`.
   */
  async revertToSnapshot(snapshot: DomainSnapshot, flags = 0, options?: CallOptions): Promise<void> {
    await this.run("domainRevertToSnapshot", { snap: wireOf(snapshot), flags }, options);
    await this.refreshId(options);
  }

  /**
   * Makes a checkpoint (`virDomainCheckpointCreateXML`, since 5.6.0).
   * @param xmlDesc a `<domaincheckpoint>`.
   * @param flags `DomainCheckpointCreateFlags`.
   */
  async checkpointCreateXML(xmlDesc: string, flags = 0, options?: CallOptions): Promise<DomainCheckpoint> {
    const { checkpoint } = await this.call("domainCheckpointCreateXml", { dom: this.wire, xmlDesc, flags }, options);
    return new DomainCheckpoint(this.link, checkpoint, this.#self());
  }

  /**
   * The checkpoint with a name (`virDomainCheckpointLookupByName`, since 5.6.0).
   * @throws {LibvirtError} NO_DOMAIN_CHECKPOINT
   */
  async checkpointLookupByName(name: string, flags = 0, options?: CallOptions): Promise<DomainCheckpoint> {
    const { checkpoint } = await this.call("domainCheckpointLookupByName", { dom: this.wire, name, flags }, options);
    return new DomainCheckpoint(this.link, checkpoint, this.#self());
  }

  /**
   * All checkpoints (`virDomainListAllCheckpoints`, since 5.6.0).
   * @param flags `DomainCheckpointListFlags`.
   */
  async listAllCheckpoints(flags = 0, options?: CallOptions): Promise<DomainCheckpoint[]> {
    const args = { dom: this.wire, needResults: 1, flags };
    const { checkpoints } = await this.call("domainListAllCheckpoints", args, options);
    return checkpoints.map((checkpoint) => new DomainCheckpoint(this.link, checkpoint, this.#self()));
  }

  /**
   * Begins a backup of the running domain (`virDomainBackupBegin`, since 6.0.0).
   * @param backupXML a `<domainbackup>`.
   * @param checkpointXML a `<domaincheckpoint>` to make at that moment, or null.
   * @param flags `DomainBackupBeginFlags`.
   */
  backupBegin(backupXML: string, checkpointXML: string | null = null, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.wire, backupXml: backupXML, checkpointXml: checkpointXML, flags };
    return this.run("domainBackupBegin", args, options);
  }

  /** The backup that is under way, as XML (`virDomainBackupGetXMLDesc`, since 6.0.0). */
  async backupGetXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("domainBackupGetXmlDesc", { dom: this.wire, flags }, options)).xml;
  }

  #self(): Domain {
    return this as unknown as Domain;
  }
}
