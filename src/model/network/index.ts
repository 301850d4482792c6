/** Virtual networks: reading, completing, checking, printing. */

import type { Mode, ReadOptions } from "../../xml/index.ts";
import { checkNetwork } from "./check.ts";
import { completeNetwork } from "./complete.ts";
import { type Network, networkDocument } from "./description.ts";

export * from "./description.ts";
export { checkNetwork, completeNetwork };

/**
 * Reads a network as libvirt does: description, completion, checks (virNetworkDefineXML).
 * @throws LibvirtError
 */
export function parseNetwork(xml: string, options: ReadOptions = {}): Network {
  const network = completeNetwork(networkDocument.parse(xml, options));
  checkNetwork(network);
  return network;
}

/** Prints a network (virNetworkGetXMLDesc). */
export function formatNetwork(network: Network, mode: Mode = {}): string {
  return networkDocument.format(network, mode);
}
export * from "./port.ts";
export { runningNetwork, validateNetwork } from "./prepare.ts";
export * from "./update.ts";
export * from "./update-request.ts";
