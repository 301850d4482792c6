import { formatNetwork, formatNetworkPort, parseNetwork, parseNetworkPort } from "../../../src/model/network/index.ts";
import { type Handler, input } from "../protocol.ts";

export const networkToNetwork: Handler = async (request) => {
  const network = parseNetwork(await input(request));
  return formatNetwork(network, { inactive: request.mode === "inactive" });
};

export const portToPort: Handler = async (request) => formatNetworkPort(parseNetworkPort(await input(request)));
