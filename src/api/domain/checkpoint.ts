/** Checkpoints of domains. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { DomainMoment } from "./moment.ts";

/** A moment of a domain since which changes of its disks are known, for backups (`virDomainCheckpoint`). */
export class DomainCheckpoint extends DomainMoment<protocol.DomainCheckpoint> {
  /**
   * The checkpoint's description, as XML (`virDomainCheckpointGetXMLDesc`, since 5.6.0).
   * @param flags `DomainCheckpointXMLFlags`.
   */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("domainCheckpointGetXmlDesc", { checkpoint: this.wire, flags }, options)).xml;
  }

  /**
   * The checkpoint before this one (`virDomainCheckpointGetParent`, since 5.6.0). Rejects with NO_DOMAIN_CHECKPOINT
   * when it is the first.
   */
  async parent(flags = 0, options?: CallOptions): Promise<DomainCheckpoint> {
    const { parent } = await this.call("domainCheckpointGetParent", { checkpoint: this.wire, flags }, options);
    return new DomainCheckpoint(this.link, parent, this.domain());
  }

  /**
   * The checkpoints after this one (`virDomainCheckpointListAllChildren`, since 5.6.0).
   * @param flags `DomainCheckpointListFlags`.
   */
  async listAllChildren(flags = 0, options?: CallOptions): Promise<DomainCheckpoint[]> {
    const args = { checkpoint: this.wire, needResults: 1, flags };
    const { checkpoints } = await this.call("domainCheckpointListAllChildren", args, options);
    return checkpoints.map((checkpoint) => new DomainCheckpoint(this.link, checkpoint, this.domain()));
  }

  /**
   * Deletes the checkpoint (`virDomainCheckpointDelete`, since 5.6.0).
   * @param flags what goes with it: `DomainCheckpointDeleteFlags`.
   */
  delete(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("domainCheckpointDelete", { checkpoint: this.wire, flags }, options);
  }
}
