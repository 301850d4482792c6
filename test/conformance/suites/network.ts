import {
  formatNetwork,
  formatNetworkPort,
  parseNetwork,
  parseNetworkPort,
  type UpdateCommand,
  type UpdateSection,
  updateNetwork,
} from "../../../src/model/network/index.ts";
import { type Handler, input } from "../protocol.ts";

export const networkToNetwork: Handler = async (request) => {
  const network = parseNetwork(await input(request));
  return formatNetwork(network, { inactive: request.mode === "inactive" });
};

export const portToPort: Handler = async (request) => formatNetworkPort(parseNetworkPort(await input(request)));

export const updatedNetwork: Handler = async (request) => {
  const { command, section, parentIndex, formatInactive } = request.params ?? {};
  const network = updateNetwork(parseNetwork(await input(request)), {
    command: command as UpdateCommand,
    section: section as UpdateSection,
    parentIndex: Number(parentIndex),
    xml: await input(request, "update"),
  });
  return formatNetwork(network, { inactive: formatInactive === true });
};
