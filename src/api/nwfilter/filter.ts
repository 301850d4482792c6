/** Network filters. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { NamedObject } from "../core/named.ts";

/** Rules for the traffic of domains' interfaces (`virNWFilter`). */
export class NWFilter extends NamedObject<protocol.NWFilter> {
  /** The filter's description, as XML (`virNWFilterGetXMLDesc`, since 0.8.0). */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("nwfilterGetXmlDesc", { nwfilter: this.wire, flags }, options)).xml;
  }

  /** Removes the filter, which must not be in use (`virNWFilterUndefine`, since 0.8.0). */
  undefine(options?: CallOptions): Promise<void> {
    return this.run("nwfilterUndefine", { nwfilter: this.wire }, options);
  }
}
