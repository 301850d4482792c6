import { dnsmasqFiles } from "../../../src/model/network/dnsmasq.ts";
import { firewallCommand, firewallRules } from "../../../src/model/network/firewall.ts";
import {
  formatNetwork,
  formatNetworkPort,
  parseNetwork,
  parseNetworkPort,
  runningNetwork,
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

export const dnsmasqConfiguration: Handler = async (request) => {
  const network = runningNetwork(parseNetwork(await input(request)));
  const folder = String(request.params?.confDir);
  const files = dnsmasqFiles(network, {
    bridge: network.bridge?.name ?? "",
    hostsFile: `${folder}/${network.name}.hostsfile`,
    namesFile: `${folder}/${network.name}.addnhosts`,
  });
  const { configuration = "", hosts } = files ?? {};
  return { output: configuration, ...(hosts && { outputs: { expectedHostsfile: hosts } }) };
};

export const firewall: Handler = async (request) => {
  const network = runningNetwork(parseNetwork(await input(request)));
  const rules = firewallRules(network, network.bridge?.name ?? "");
  return rules.map((rule) => firewallCommand(rule, "--insert").map(quoted).join(" ")).join("\n");
};

const quoted = (word: string): string => (word === "!" ? "'!'" : word);
