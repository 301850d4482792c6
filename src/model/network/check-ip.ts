/** Addresses of a network and what its DHCP server lends. */
import { defaultPrefix, type Ip, ipBits, maskOf, parseIp, prefixOfMask } from "../common/ip.ts";
import type { DhcpHost, DhcpRange, NetworkIp, Route } from "./description.ts";
import { refuse } from "./refuse.ts";

/** Most addresses of one DHCP range. */
const maxRange = 65535n;
/** Shortest lease that dnsmasq grants, in seconds. */
const minLease = 120;
const secondsPer = { seconds: 1, minutes: 60, hours: 3600 } as const;

/** An address that the description has already accepted. */
export function ipOf(text: string): Ip {
  const ip = parseIp(text);
  if (ip === undefined) throw new TypeError(`'${text}' is not an IP address`);
  return ip;
}

/** The prefix length of an address or a route; undefined when its netmask is none. */
export function prefixOf({
  address,
  prefix,
  netmask,
}: Pick<NetworkIp | Route, "address" | "prefix" | "netmask">): number | undefined {
  if (netmask !== undefined) return prefixOfMask(ipOf(netmask));
  return prefix || defaultPrefix(ipOf(address));
}

/** @throws LibvirtError XML_ERROR, CONFIG_UNSUPPORTED */
export function checkIp(ip: NetworkIp, network: string): void {
  const unsupported = (detail: string) => refuse(network, detail, "CONFIG_UNSUPPORTED");
  const { family } = ipOf(ip.address);
  const said = ip.family ?? "ipv4";
  if (family !== said)
    unsupported(`address '${ip.address}' is not ${said}${ip.family === undefined ? ", and no family is given" : ""}`);
  if (ip.netmask !== undefined && ip.prefix > 0) unsupported(`address '${ip.address}' has both a prefix and a netmask`);
  if (ip.prefix > ipBits[family]) unsupported(`${family} prefix ${ip.prefix} is not valid`);
  if (ip.netmask !== undefined && family === "ipv6") unsupported(`IPv6 address '${ip.address}' cannot have a netmask`);
  if (ip.netmask !== undefined && ipOf(ip.netmask).family !== "ipv4")
    refuse(network, `netmask '${ip.netmask}' is not valid`);
  if (ip.tftp !== undefined && family === "ipv6") unsupported("<tftp> is not supported with an IPv6 address");
  for (const range of ip.dhcp?.ranges ?? []) checkDhcpRange(range, ip, network);
}

/** @throws LibvirtError XML_ERROR, CONFIG_UNSUPPORTED */
export function checkDhcpRange(range: DhcpRange, ip: NetworkIp, network: string): void {
  const address = ipOf(ip.address);
  const start = ipOf(range.start);
  const end = ipOf(range.end);
  const what = `DHCP range ${range.start} - ${range.end}`;
  if (start.family !== address.family || end.family !== address.family) {
    refuse(network, `${what} is of another address family than ${ip.address}`);
  }
  if (start.value > end.value) refuse(network, `${what} is reversed`);
  const prefix = prefixOf(ip) ?? refuse(network, `netmask '${ip.netmask}' is not contiguous`);
  const mask = maskOf(address.family, prefix);
  const first = address.value & mask;
  const last = first | (maskOf(address.family, ipBits[address.family]) ^ mask);
  if (start.value < first || end.value > last) refuse(network, `${what} is not within ${ip.address}/${prefix}`);
  if (address.family === "ipv4" && prefix < 31) {
    if (start.value === first) refuse(network, `${what} starts with the network's own address`);
    if (end.value === last) refuse(network, `${what} ends with the broadcast address`);
  }
  if (end.value - start.value > maxRange) refuse(network, `${what} has more than ${maxRange} addresses`);
  checkLease(range, network);
}

function checkLease({ lease }: Pick<DhcpRange, "lease">, network: string): void {
  if (!lease?.expiry) return;
  if (lease.expiry * secondsPer[lease.unit ?? "minutes"] < minLease) {
    refuse(network, "a lease lasts at least 2 minutes", "CONFIG_UNSUPPORTED");
  }
}

type DhcpHostParts = { readonly [K in keyof DhcpHost]?: DhcpHost[K] | undefined };

const macForm = /^[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}$/;

/**
 * Checks a host that gets a fixed address. It is known by its MAC address or, in DHCPv6, its DUID, or by its name.
 * @throws LibvirtError XML_ERROR
 */
export function checkDhcpHost(host: DhcpHostParts, ip: NetworkIp, network: string): void {
  const { family } = ipOf(ip.address);
  if (host.mac !== undefined) {
    if (family === "ipv6") refuse(network, `DHCPv6 host '${host.mac}' has an id, not a MAC address`);
    if (!macForm.test(host.mac)) refuse(network, `'${host.mac}' is not a MAC address`);
    if (Number.parseInt(host.mac, 16) & 1) refuse(network, `MAC address '${host.mac}' is multicast`);
  }
  const strange = host.id === undefined ? undefined : /[^0-9a-fA-F:]/.exec(host.id)?.[0];
  if (strange !== undefined) refuse(network, `invalid character '${strange}' in id '${host.id}'`);
  if (family === "ipv4" && host.mac === undefined && host.name === undefined) {
    refuse(network, "a DHCP host needs a mac or a name");
  }
  if (family === "ipv6" && host.id === undefined && host.name === undefined) {
    refuse(network, "a DHCPv6 host needs an id or a name");
  }
  checkLease(host, network);
}
