/** What a driver that runs networks adds to them and refuses, beyond what the document itself must say. */
import { LibvirtError } from "../../errors.ts";
import { familyOf } from "./addresses.ts";
import { ownsBridge } from "./complete.ts";
import type { Network } from "./description.ts";

/** The ports that masqueraded connections come from where nothing else is said: those that need no rights. */
const natPorts = { start: 1024, end: 65535 } as const;

/**
 * Refuses what no network can be run with.
 * @throws {LibvirtError} CONFIG_UNSUPPORTED
 */
export function validateNetwork(network: Network): void {
  checkDhcp(network);
  checkPortGroups(network);
  checkVlans(network);
  checkBandwidths(network);
}

/** A network as it runs: what it does where its definition says nothing. */
export function runningNetwork(network: Network): Network {
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
    if (serving.length < 2) continue;
    throw unsupported(
      `Multiple ${title} dhcp sections found -- dhcp is supported only for a single ${title} address on each network`,
    );
  }
}

function checkPortGroups({ name, portgroups }: Network): void {
  const names = portgroups.map((group) => group.name);
  const twice = names.find((one, at) => names.indexOf(one) !== at);
  if (twice !== undefined) {
    throw unsupported(`multiple <portgroup> elements with the same name (${twice}) in network '${name}'`);
  }
  const [one, other] = portgroups.filter((group) => group.default === true).map((group) => group.name);
  if (other === undefined) return;
  throw unsupported(
    `network '${name}' has multiple default <portgroup> elements (${one} and ${other}), but only one default is allowed`,
  );
}

function unsupported(detail: string): LibvirtError {
  return new LibvirtError("CONFIG_UNSUPPORTED", "NETWORK", detail);
}

/** Only a switch of its own, or a device that guests have for themselves, tells VLANs apart. */
function checkVlans({ name, forward, virtualport, vlan, portgroups }: Network): void {
  if (forward?.mode === "hostdev" || forward?.mode === "passthrough") return;
  const tellsApart = (type: string | undefined): boolean => forward?.mode === "bridge" && type === "openvswitch";
  const withTags = [{ vlan, virtualport }, ...portgroups].filter((each) => each.vlan !== undefined);
  if (withTags.every((each) => tellsApart((each.virtualport ?? virtualport)?.type))) return;
  throw unsupported(`<vlan> element specified for network ${name}, whose type doesn't support vlan configuration`);
}

/** What shapes traffic is a bridge's: guests that use a device of the host directly go past it. */
function checkBandwidths(network: Network): void {
  const { name, forward, bridge, bandwidth, portgroups } = network;
  if (ownsBridge(network) || (forward?.mode === "bridge" && bridge?.name !== undefined)) return;
  const mode = `with forward mode='${forward?.mode}'`;
  if (bandwidth !== undefined)
    throw unsupported(`Unsupported network-wide <bandwidth> element in network ${name} ${mode}`);
  const group = portgroups.find((one) => one.bandwidth !== undefined);
  if (!group) return;
  throw unsupported(`Unsupported <bandwidth> element in network '${name}' in portgroup '${group.name}' ${mode}`);
}
