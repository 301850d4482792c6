/** Network filters in use. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions } from "../core/link.ts";
import { ApiObject } from "../core/object.ts";

/** A network filter at work on a port (`virNWFilterBinding`). */
export class NWFilterBinding extends ApiObject<protocol.NWFilterBinding> {
  /** The port: the host's device (`virNWFilterBindingGetPortDev`, since 4.5.0). */
  portDev(): string {
    return this.wire.portdev;
  }

  /** The filter's name (`virNWFilterBindingGetFilterName`, since 4.5.0). */
  filterName(): string {
    return this.wire.filtername;
  }

  /** The binding's description, as XML (`virNWFilterBindingGetXMLDesc`, since 4.5.0). */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("nwfilterBindingGetXmlDesc", { nwfilter: this.wire, flags }, options)).xml;
  }

  /** Ends the filtering (`virNWFilterBindingDelete`, since 4.5.0). */
  delete(options?: CallOptions): Promise<void> {
    return this.run("nwfilterBindingDelete", { nwfilter: this.wire }, options);
  }

  protected override identity(): Readonly<Record<string, unknown>> {
    return { portDev: this.portDev(), filterName: this.filterName() };
  }
}
