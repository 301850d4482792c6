/** Ports of virtual networks. */
import type * as protocol from "../../protocol/index.ts";
import type { CallOptions, Link } from "../core/link.ts";
import { UuidObject } from "../core/named.ts";
import type { Parameters, ParametersInput } from "../values/parameters.ts";
import type { Network } from "./network.ts";

/** What a domain's interface is plugged into (`virNetworkPort`). */
export class NetworkPort extends UuidObject<protocol.NetworkPort> {
  readonly #network: Network;

  /** @internal */
  constructor(link: Link, wire: protocol.NetworkPort, network: Network) {
    super(link, wire);
    this.#network = network;
  }

  /** The network (`virNetworkPortGetNetwork`, since 5.5.0). */
  network(): Network {
    return this.#network;
  }

  /** The port's description, as XML (`virNetworkPortGetXMLDesc`, since 5.5.0). */
  async xmlDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.call("networkPortGetXmlDesc", { port: this.wire, flags }, options)).xml;
  }

  /**
   * The port's limits, by the names in `NetworkPortBandwidth`: KiB a second, bursts in KiB
   * (`virNetworkPortGetParameters`, since 5.5.0).
   */
  parameters(flags = 0, options?: CallOptions): Promise<Parameters> {
    return this.counted("networkPortGetParameters", { port: this.wire, flags }, options);
  }

  /** Sets limits of the port, by the names in `NetworkPortBandwidth` (`virNetworkPortSetParameters`, since 5.5.0). */
  setParameters(params: ParametersInput, flags = 0, options?: CallOptions): Promise<void> {
    return this.run("networkPortSetParameters", { port: this.wire, params, flags }, options);
  }

  /** Removes the port (`virNetworkPortDelete`, since 5.5.0). */
  delete(flags = 0, options?: CallOptions): Promise<void> {
    return this.run("networkPortDelete", { port: this.wire, flags }, options);
  }

  protected override identity(): Readonly<Record<string, unknown>> {
    return { uuid: this.uuidString(), network: this.#network.name() };
  }
}
