/** What a driver that runs networks adds to them and refuses, beyond what the document itself must say. */
import { LibvirtError } from "../../errors.ts";
import { familyOf } from "./addresses.ts";
import type { Network } from "./description.ts";

/** The ports that masqueraded connections come from where nothing else is said: those that need no rights. */
const natPorts = { start: 1024, end: 65535 } as const;

/**
 * A network as it is kept once it is defined.
 * @throws {LibvirtError} CONFIG_UNSUPPORTED for what no network can be run with
 */
export function prepareNetwork(network: Network): Network {
  checkDhcp(network);
  checkPortGroups(network);
  const { forward } = network;
  if (forward?.mode !== "nat" || forward.nat?.port !== undefined) return network;
  return { ...network, forward: { ...forward, nat: { ...forward.nat, port: { ...natPorts } } } };
}

function checkDhcp({ ips }: Network): void {
  for (const [family, title] of [
    ["ipv4", "IPv4"],
    ["ipv6", "IPv6"],
  ] as const) {
    const serving = ips.filter((ip) => familyOf(ip) === family && ip.dhcp !== undefined);
    if (serving.length > 1) {
      throw new LibvirtError(
        "CONFIG_UNSUPPORTED",
        "NETWORK",
        `Multiple ${title} dhcp sections found -- dhcp is supported only for a single ${title} address on each network`,
      );
    }
  }
}

function checkPortGroups({ name, portgroups }: Network): void {
  const standard = portgroups.filter((group) => group.default === true);
  if (standard.length < 2) return;
  const [one, other] = standard.map((group) => group.name);
  throw new LibvirtError(
    "CONFIG_UNSUPPORTED",
    "NETWORK",
    `network '${name}' has multiple default <portgroup> elements (${one} and ${other}), but only one default is allowed`,
  );
}
