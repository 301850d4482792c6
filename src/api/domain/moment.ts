/** What checkpoints and snapshots of domains have in common. */
import type * as protocol from "../../protocol/index.ts";
import type { Link } from "../core/link.ts";
import { ApiObject } from "../core/object.ts";
import type { Domain } from "./domain.ts";

/** A moment in a domain's life that it keeps under a name. */
export abstract class DomainMoment<
  Wire extends protocol.DomainCheckpoint | protocol.DomainSnapshot,
> extends ApiObject<Wire> {
  readonly #domain: Domain;

  /** @internal */
  constructor(link: Link, wire: Wire, domain: Domain) {
    super(link, wire);
    this.#domain = domain;
  }

  /**
   * The name, unique among the domain's checkpoints or snapshots (`virDomainCheckpointGetName`, since 5.6.0;
   * `virDomainSnapshotGetName`, since 0.9.5).
   */
  name(): string {
    return this.wire.name;
  }

  /** The domain (`virDomainCheckpointGetDomain`, since 5.6.0; `virDomainSnapshotGetDomain`, since 0.9.5). */
  domain(): Domain {
    return this.#domain;
  }

  protected override identity(): Readonly<Record<string, unknown>> {
    return { name: this.name(), domain: this.wire.dom.name };
  }
}
