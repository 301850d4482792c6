/** The firewall of a network, as rules of iptables: what its guests may reach, and who may reach them. */
import type { IpFamily } from "../common/ip.ts";
import { familyOf, subnetOf } from "./addresses.ts";
import type { Network, NetworkIp } from "./description.ts";

type Table = "filter" | "nat" | "mangle";

/** A chain of rules of ours, and the kernel's own that leads to it. */
export interface FirewallChain {
  readonly table: Table;
  readonly chain: string;
  readonly from: string;
}

/** The chains that all networks share: libvirt's, so that one look at the rules tells whose they are. */
export const firewallChains: readonly FirewallChain[] = [
  { table: "filter", chain: "LIBVIRT_INP", from: "INPUT" },
  { table: "filter", chain: "LIBVIRT_OUT", from: "OUTPUT" },
  { table: "filter", chain: "LIBVIRT_FWO", from: "FORWARD" },
  { table: "filter", chain: "LIBVIRT_FWI", from: "FORWARD" },
  { table: "filter", chain: "LIBVIRT_FWX", from: "FORWARD" },
  { table: "nat", chain: "LIBVIRT_PRT", from: "POSTROUTING" },
  { table: "mangle", chain: "LIBVIRT_PRT", from: "POSTROUTING" },
];

/** One rule. Each is put in front of those that its chain has already. */
export interface FirewallRule {
  readonly family: IpFamily;
  readonly table: Table;
  readonly chain: string;
  /** What it is about and what becomes of that, in the words of iptables. */
  readonly words: readonly string[];
  /** Whether the network does without it where the kernel does not have what it takes. */
  readonly optional?: boolean;
}

/** What is to become of a rule. */
export type RuleAct = "--insert" | "--delete" | "--check";

/** The command line that makes a rule, takes it away, or asks whether it is there. */
export function firewallCommand({ family, table, chain, words }: FirewallRule, act: RuleAct): string[] {
  return [family === "ipv4" ? "iptables" : "ip6tables", "-w", "--table", table, act, chain, ...words];
}

/** The rules of a network on its bridge, in the order in which they are made. */
export function firewallRules(network: Network, bridge: string): FirewallRule[] {
  const mode = network.forward?.mode;
  if (mode === "open") return [];
  return [
    ...hostRules4(network, bridge),
    ...hostRules6(network, bridge),
    ...(mode === undefined ? [] : network.ips.flatMap((ip) => forwardRules(network, ip, bridge))),
    ...checksumRules(network, bridge),
  ];
}

type Maker = (table: Table, chain: string, ...words: string[]) => FirewallRule;

function rulesOf(family: IpFamily): Maker {
  return (table, chain, ...words) => ({ family, table, chain, words });
}

/** What guests and the host's own services say to each other. */
function service(rule: Maker, bridge: string, protocols: readonly string[], from: string, to = from): FirewallRule[] {
  const accept = (port: string) => ["--destination-port", port, "--jump", "ACCEPT"];
  return [
    ...protocols.map((name) =>
      rule("filter", "LIBVIRT_INP", "--in-interface", bridge, "--protocol", name, ...accept(from)),
    ),
    ...protocols.map((name) =>
      rule("filter", "LIBVIRT_OUT", "--out-interface", bridge, "--protocol", name, ...accept(to)),
    ),
  ];
}

/** Nothing passes the host but between guests of the network, unless later rules say so: those are looked at first. */
function closedRules(rule: Maker, bridge: string): FirewallRule[] {
  return [
    rule("filter", "LIBVIRT_FWO", "--in-interface", bridge, "--jump", "REJECT"),
    rule("filter", "LIBVIRT_FWI", "--out-interface", bridge, "--jump", "REJECT"),
    rule("filter", "LIBVIRT_FWX", "--in-interface", bridge, "--out-interface", bridge, "--jump", "ACCEPT"),
  ];
}

const both = ["tcp", "udp"];

function hostRules4({ ips }: Network, bridge: string): FirewallRule[] {
  const rule = rulesOf("ipv4");
  return [
    ...service(rule, bridge, both, "67", "68"),
    ...service(rule, bridge, both, "53"),
    ...(ips.some(({ tftp }) => tftp !== undefined) ? service(rule, bridge, ["udp"], "69") : []),
    ...closedRules(rule, bridge),
  ];
}

function hostRules6({ ips, ipv6 }: Network, bridge: string): FirewallRule[] {
  const hasAddress = ips.some((ip) => familyOf(ip) === "ipv6");
  if (!hasAddress && ipv6 !== true) return [];
  const rule = rulesOf("ipv6");
  const services = [...service(rule, bridge, both, "53"), ...service(rule, bridge, ["udp"], "547", "546")];
  return [...closedRules(rule, bridge), ...(hasAddress ? services : [])];
}

function forwardRules(network: Network, ip: NetworkIp, bridge: string): FirewallRule[] {
  const { forward } = network;
  const masquerades = forward?.mode === "nat" && (familyOf(ip) === "ipv4" || forward.nat?.ipv6 === true);
  const rule = rulesOf(familyOf(ip));
  const subnet = subnetOf(ip);
  const device = forward?.interfaces[0]?.dev;
  const [out, back] =
    device === undefined
      ? [[], []]
      : [
          ["--out-interface", device],
          ["--in-interface", device],
        ];
  const known = masquerades ? ["--match", "conntrack", "--ctstate", "ESTABLISHED,RELATED"] : [];
  return [
    rule("filter", "LIBVIRT_FWO", "--source", subnet, "--in-interface", bridge, ...out, "--jump", "ACCEPT"),
    rule(
      ...(["filter", "LIBVIRT_FWI", "--destination", subnet] as const),
      ...[...back, "--out-interface", bridge, ...known, "--jump", "ACCEPT"],
    ),
    ...(masquerades ? masqueradeRules(network, ip, out) : []),
  ];
}

/** What leaves the network seems to come from the host, but for what is meant for everybody on the network. */
function masqueradeRules({ forward }: Network, ip: NetworkIp, out: readonly string[]): FirewallRule[] {
  const family = familyOf(ip);
  const rule = rulesOf(family);
  const subnet = subnetOf(ip);
  const { address, port } = forward?.nat ?? {};
  const ports = port === undefined ? "" : `${port.start}-${port.end}`;
  const target = (withPorts: boolean): string[] => {
    const given = withPorts ? ports : "";
    if (address !== undefined && family === "ipv4") {
      return ["SNAT", "--to-source", `${address.start}-${address.end}${given === "" ? "" : `:${given}`}`];
    }
    return given === "" ? ["MASQUERADE"] : ["MASQUERADE", "--to-ports", given];
  };
  const leaving = ["!", "--destination", subnet, ...out, "--jump"];
  const everybody = family === "ipv4" ? ["255.255.255.255/32", "224.0.0.0/24"] : ["ff02::/16"];
  return [
    rule("nat", "LIBVIRT_PRT", "--source", subnet, ...leaving, ...target(false)),
    ...["udp", "tcp"].map((protocol) =>
      rule("nat", "LIBVIRT_PRT", "--source", subnet, "-p", protocol, ...leaving, ...target(true)),
    ),
    ...everybody.map((destination) =>
      rule("nat", "LIBVIRT_PRT", ...out, "--source", subnet, "--destination", destination, "--jump", "RETURN"),
    ),
  ];
}

/** Old DHCP clients do not take answers whose checksum the network card was meant to fill in. */
function checksumRules({ ips }: Network, bridge: string): FirewallRule[] {
  if (!ips.some((ip) => familyOf(ip) === "ipv4" && ip.dhcp !== undefined)) return [];
  const words = ["--out-interface", bridge, "--protocol", "udp", "--destination-port", "68"];
  const fill = ["--jump", "CHECKSUM", "--checksum-fill"];
  return [{ ...rulesOf("ipv4")("mangle", "LIBVIRT_PRT", ...words, ...fill), optional: true }];
}
