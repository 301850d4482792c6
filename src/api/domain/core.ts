/** What a domain is, before anything is done with it. */
import { isLibvirtError } from "../../errors.ts";
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { NamedObject } from "../core/named.ts";

/** The innermost part of {@link Domain}: its name, UUID and id. */
export abstract class DomainCore extends NamedObject<protocol.Domain> {
  /**
   * The number of the running domain on its hypervisor; -1 when it was not running the last time that this object heard
   * of it: when it was looked up, started or stopped through this object (`virDomainGetID`, since 0.0.3).
   */
  id(): number {
    return this.wire.id;
  }

  protected override identity(): Readonly<Record<string, unknown>> {
    return { ...super.identity(), id: this.id() };
  }

  /** Takes over what a call told of the domain. */
  protected heard(dom: protocol.Domain): void {
    this.wire = dom;
  }

  /** The domain is off now. */
  protected stopped(): void {
    this.wire = { ...this.wire, id: -1 };
  }

  /** Asks for the id that the domain has now. A domain that is gone again has none. */
  protected async refreshId(options?: CallOptions): Promise<void> {
    try {
      const { dom } = await this.link.router.call("domainLookupByUuid", { uuid: this.wire.uuid }, options);
      this.heard(dom);
    } catch (error) {
      // What the caller asked for is done; without an answer, the id stays what it was.
      if (isLibvirtError(error, "NO_DOMAIN")) this.stopped();
    }
  }
}
