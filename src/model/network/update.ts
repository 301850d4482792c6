/**
 * Changing a part of a network (virNetworkUpdate): an entry of one of its lists is added, deleted or replaced.
 * Pure: the network comes back changed, or an error says why it cannot.
 */
import { type ErrorName, LibvirtError } from "../../errors.ts";
import { completeNetwork } from "./complete.ts";
import type { ForwardInterface, Network, NetworkIp } from "./description.ts";
import {
  type HostKey,
  readDhcpHost,
  readDhcpRange,
  readDnsHost,
  readDnsSrv,
  readDnsTxt,
  readForwardInterface,
  readPortGroup,
  type SrvKey,
} from "./update-read.ts";
import type { NetworkUpdate, UpdateSection } from "./update-request.ts";

/**
 * The network with the update made.
 * @throws LibvirtError XML_ERROR or XML_DETAIL for a bad entry, OPERATION_INVALID when the entry is there already or
 * not at all, OPERATION_UNSUPPORTED for what cannot be changed this way.
 */
export function updateNetwork(network: Network, update: NetworkUpdate): Network {
  const section = Object.hasOwn(sections, update.section) ? sections[update.section] : undefined;
  if (section === undefined)
    fail("OPERATION_UNSUPPORTED", `can't update '${update.section}' section of network '${network.name}'`);
  return completeNetwork(section(network, update));
}

function fail(code: ErrorName, detail: string): never {
  throw new LibvirtError(code, "NETWORK", detail);
}

/** How the entries of one list are told apart, and which commands there are. */
interface ListRules<T, K> {
  readonly what: string;
  readonly modifiable?: boolean;
  /** Whether an entry is the one that the key means, for deletion. */
  matches(entry: T, key: K): boolean;
  /** Whether a new entry clashes with one that is there; by default when it matches. */
  clashes?(entry: T, added: K & T): boolean;
  /** Says that it does; `network` is the network's name. */
  clash?(network: string, added: K & T): string;
}

/** Makes one change to a list. `read` gives the entry; for deletions only its key. */
function change<T, K>(
  list: readonly T[],
  { command }: NetworkUpdate,
  name: string,
  { what, modifiable, matches, clashes = matches, clash }: ListRules<T, K>,
  entry: K,
): T[] {
  const whole = entry as K & T;
  switch (command) {
    case "add-first":
    case "add-last":
      if (list.some((other) => clashes(other, whole))) {
        fail("OPERATION_INVALID", clash?.(name, whole) ?? `there is already a matching ${what} in network '${name}'`);
      }
      return command === "add-first" ? [whole, ...list] : [...list, whole];
    case "delete": {
      const found = list.filter((other) => matches(other, entry));
      if (found.length > 1) fail("OPERATION_INVALID", `more than one ${what} in network '${name}' matches`);
      if (found.length === 0) fail("OPERATION_INVALID", `couldn't locate a matching ${what} in network '${name}'`);
      return list.filter((other) => other !== found[0]);
    }
    case "modify": {
      if (modifiable !== true) fail("OPERATION_UNSUPPORTED", `a ${what} cannot be modified, only added or deleted`);
      const at = list.findIndex((other) => clashes(other, whole));
      if (at === -1) fail("OPERATION_INVALID", `couldn't locate a matching ${what} in network '${name}'`);
      return list.map((other, index) => (index === at ? whole : other));
    }
    default:
      return fail("INVALID_ARG", `unknown network update command '${command}'`);
  }
}

const isAddition = ({ command }: NetworkUpdate): boolean => command === "add-first" || command === "add-last";

/** The `<ip>` whose DHCP is meant, as its place in the list. */
function dhcpPlace(network: Network, update: NetworkUpdate): number {
  const { ips, name } = network;
  const at = update.parentIndex === -1 ? defaultDhcpPlace(ips) : update.parentIndex;
  const ip = ips[at];
  if (ip === undefined)
    fail("OPERATION_INVALID", `no <ip> element at index ${update.parentIndex} in network '${name}'`);
  const elsewhere = ips.some((other, index) => index !== at && isIpv4(other) && hasDhcp(other));
  if (isAddition(update) && isIpv4(ip) && elsewhere) {
    fail("OPERATION_INVALID", `dhcp is supported only for a single IPv4 address on each network ('${name}')`);
  }
  return at;
}

const isIpv4 = ({ family }: NetworkIp): boolean => family !== "ipv6";
const hasDhcp = ({ dhcp }: NetworkIp): boolean => (dhcp?.ranges.length ?? 0) + (dhcp?.hosts.length ?? 0) > 0;

function defaultDhcpPlace(ips: readonly NetworkIp[]): number {
  const withDhcp = ips.findIndex(hasDhcp);
  return withDhcp === -1 ? ips.findIndex(isIpv4) : withDhcp;
}

type Dhcp = NonNullable<NetworkIp["dhcp"]>;

function changeDhcp(
  network: Network,
  update: NetworkUpdate,
  make: (dhcp: Dhcp, ip: NetworkIp) => Partial<Dhcp>,
): Network {
  const at = dhcpPlace(network, update);
  const ips = network.ips.map((ip, index) => {
    if (index !== at) return ip;
    const dhcp: Dhcp = ip.dhcp ?? { ranges: [], hosts: [] };
    return { ...ip, dhcp: { ...dhcp, ...make(dhcp, ip) } };
  });
  return { ...network, ips };
}

const equalIfGiven = <T>(given: T | undefined, has: T | undefined): boolean => given === undefined || given === has;
const sameMac = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();

const dhcpHostRules: ListRules<HostKey, HostKey> = {
  what: "dhcp host entry",
  modifiable: true,
  matches: (host, key) =>
    (key.mac === undefined || sameMac(key.mac, host.mac)) &&
    equalIfGiven(key.name, host.name) &&
    equalIfGiven(key.ip, host.ip),
  clashes: (host, added) =>
    sameMac(host.mac, added.mac) ||
    (added.name !== undefined && host.name === added.name) ||
    (added.id !== undefined && host.id === added.id) ||
    host.ip === added.ip,
  clash: (network, { mac, name, ip }) => {
    const given = [mac && ` mac='${mac}'`, name && ` name='${name}'`, ip && ` ip='${ip}'`].filter(Boolean).join("");
    return `there is an existing dhcp host entry in network '${network}' that matches "<host${given}/>"`;
  },
};

/** The fields that tell DNS services apart; of one service there can be but one record for each target. */
const srvKeys = ["service", "protocol", "domain", "target"] as const;

type Section = (network: Network, update: NetworkUpdate) => Network;

const sections: { readonly [Name in UpdateSection]?: Section } = {
  "ip-dhcp-host": (network, update) =>
    changeDhcp(network, update, ({ hosts }, ip) => ({
      hosts: change(
        hosts,
        update,
        network.name,
        dhcpHostRules,
        readDhcpHost(update, ip, network.name),
      ) as Dhcp["hosts"],
    })),

  "ip-dhcp-range": (network, update) =>
    changeDhcp(network, update, ({ ranges }, ip) => {
      const matches = (range: Dhcp["ranges"][number], other: typeof range): boolean =>
        range.start === other.start && range.end === other.end;
      const entry = readDhcpRange(update, ip, network.name);
      return { ranges: change(ranges, update, network.name, { what: "dhcp range", matches }, entry) };
    }),

  "forward-interface": (network, update) => {
    const { name, forward } = network;
    if (forward === undefined) fail("OPERATION_INVALID", `network '${name}' does not forward`);
    const rules: ListRules<ForwardInterface, ForwardInterface> = {
      what: "interface entry",
      matches: (one, other) => one.dev === other.dev,
    };
    const interfaces = change(forward.interfaces, update, name, rules, readForwardInterface(update));
    const { dev: _first, ...rest } = forward;
    return { ...network, forward: { ...rest, interfaces } };
  },

  portgroup: (network, update) => {
    const { name, portgroups } = network;
    const entry = readPortGroup(update);
    const otherDefault = portgroups.some((group) => group.default === true && group.name !== entry.name);
    if (update.command !== "delete" && entry.default === true && otherDefault) {
      fail("OPERATION_INVALID", `another portgroup of network '${name}' is the default already`);
    }
    const matches = (group: { name: string }, key: { name: string }): boolean => group.name === key.name;
    return {
      ...network,
      portgroups: change(portgroups, update, name, { what: "portgroup", modifiable: true, matches }, entry),
    };
  },

  "dns-host": (network, update) =>
    changeDns(network, "hosts", (hosts) => {
      const matches = (
        host: { ip: string; hostnames: string[] },
        key: { ip?: string | undefined; hostnames: string[] },
      ) =>
        key.ip === undefined ? host.hostnames.some((hostname) => key.hostnames.includes(hostname)) : host.ip === key.ip;
      return change(hosts, update, network.name, { what: "DNS HOST record", matches }, readDnsHost(update));
    }),

  "dns-txt": (network, update) =>
    changeDns(network, "txts", (txts) => {
      const matches = (txt: { name: string }, key: { name: string }): boolean => txt.name === key.name;
      return change(txts, update, network.name, { what: "DNS TXT record", matches }, readDnsTxt(update, network.name));
    }),

  "dns-srv": (network, update) =>
    changeDns(network, "srvs", (srvs) => {
      const matches = (srv: SrvKey, key: SrvKey): boolean =>
        srvKeys.every((part) => equalIfGiven(key[part], srv[part]));
      return change(srvs, update, network.name, { what: "DNS SRV record", matches }, readDnsSrv(update, network.name));
    }),
};

type Dns = NonNullable<Network["dns"]>;

function changeDns<Key extends "hosts" | "txts" | "srvs">(
  network: Network,
  key: Key,
  make: (list: Dns[Key]) => unknown[],
): Network {
  const dns: Dns = network.dns ?? { forwarders: [], txts: [], srvs: [], hosts: [] };
  return { ...network, dns: { ...dns, [key]: make(dns[key]) } };
}
