/** Snapshots of domains. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { DomainMoment } from "./moment.ts";

/** A moment of a domain that it can be set back to (`virDomainSnapshot`). */
export class DomainSnapshot extends DomainMoment<protocol.DomainSnapshot> {
  /**
   * The snapshot's description, as XML (`virDomainSnapshotGetXMLDesc`, since 0.8.0).
   * @param flags `DomainSnapshotXMLFlags`.
   */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("domainSnapshotGetXmlDesc", { snap: this.wire, flags }, options)).xml;
  }

  /**
   * The snapshot before this one (`virDomainSnapshotGetParent`, since 0.9.7). Rejects with NO_DOMAIN_SNAPSHOT when it
   * is the first.
   */
  async parent(flags = 0, options?: CallOptions): Promise<DomainSnapshot> {
    const { snap } = await this.call("domainSnapshotGetParent", { snap: this.wire, flags }, options);
    return new DomainSnapshot(this.link, snap, this.domain());
  }

  /** Whether it is the domain's current snapshot (`virDomainSnapshotIsCurrent`, since 0.9.13). */
  async isCurrent(flags = 0, options?: CallOptions): Promise<boolean> {
    return (await this.call("domainSnapshotIsCurrent", { snap: this.wire, flags }, options)).current !== 0;
  }

  /** Whether libvirt keeps metadata about it (`virDomainSnapshotHasMetadata`, since 0.9.13). */
  async hasMetadata(flags = 0, options?: CallOptions): Promise<boolean> {
    return (await this.call("domainSnapshotHasMetadata", { snap: this.wire, flags }, options)).metadata !== 0;
  }

  /**
   * The snapshots after this one (`virDomainSnapshotListAllChildren`, since 0.9.13).
   * @param flags `DomainSnapshotListFlags`.
   */
  async listAllChildren(flags = 0, options?: CallOptions): Promise<DomainSnapshot[]> {
    const args = { snapshot: this.wire, needResults: 1, flags };
    const { snapshots } = await this.call("domainSnapshotListAllChildren", args, options);
    return snapshots.map((snap) => new DomainSnapshot(this.link, snap, this.domain()));
  }

  /**
   * How many snapshots there are after this one (`virDomainSnapshotNumChildren`, since 0.9.7).
   * @param flags `DomainSnapshotListFlags`.
   */
  async numChildren(flags = 0, options?: CallOptions): Promise<number> {
    return (await this.call("domainSnapshotNumChildren", { snap: this.wire, flags }, options)).num;
  }

  /**
   * The names of the snapshots after this one (`virDomainSnapshotListChildrenNames`, since 0.9.7).
   * @param flags `DomainSnapshotListFlags`.
   */
  async listChildrenNames(flags = 0, options?: CallOptions): Promise<string[]> {
    const maxnames = await this.numChildren(flags, options);
    const args = { snap: this.wire, maxnames, flags };
    return [...(await this.call("domainSnapshotListChildrenNames", args, options)).names];
  }

  /**
   * Deletes the snapshot (`virDomainSnapshotDelete`, since 0.8.0).
   * @param flags what goes with it: `DomainSnapshotDeleteFlags`.
   */
  delete(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainSnapshotDelete", { snap: this.wire, flags }, options);
  }
}
