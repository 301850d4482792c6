/** What follows from the addresses of a network: prefixes, ranges, names for reverse look-ups. */
import { LibvirtError } from "../../errors.ts";
import { formatIp, type IpFamily, ipBits, maskOf } from "../common/ip.ts";
import { ipOf, prefixOf } from "./check-ip.ts";
import type { NetworkIp, Route } from "./description.ts";

/** The family of an address that the description has accepted. */
export function familyOf({ address }: Pick<NetworkIp, "address">): IpFamily {
  return ipOf(address).family;
}

/** How many leading bits of an address name the network. */
export function prefixLength(ip: Pick<NetworkIp | Route, "address" | "prefix" | "netmask">): number {
  const prefix = prefixOf(ip);
  if (prefix !== undefined) return prefix;
  throw new LibvirtError("INTERNAL_ERROR", "NETWORK", `netmask '${ip.netmask}' is not contiguous`);
}

/** The netmask of an address, as text. */
export function netmaskOf(ip: NetworkIp): string {
  const family = familyOf(ip);
  return formatIp({ family, value: maskOf(family, prefixLength(ip)) });
}

/** The address of the network that an address is in, with its prefix: `192.168.122.0/24`. */
export function subnetOf(ip: Pick<NetworkIp | Route, "address" | "prefix" | "netmask">): string {
  const { family, value } = ipOf(ip.address);
  const prefix = prefixLength(ip);
  return `${formatIp({ family, value: value & maskOf(family, prefix) })}/${prefix}`;
}

/** Whether an address, as text, is in the network of another. */
export function isWithin(address: string, ip: NetworkIp): boolean {
  const [own, other] = [ipOf(ip.address), ipOf(address)];
  const mask = maskOf(own.family, prefixLength(ip));
  return own.family === other.family && (own.value & mask) === (other.value & mask);
}

/** How many bits one label of a name for reverse look-ups stands for. */
const labelBits = { ipv4: 8, ipv6: 4 } as const;
const reverseZone = { ipv4: "in-addr.arpa", ipv6: "ip6.arpa" } as const;

/**
 * The DNS zone in which the addresses of a network are looked up.
 * @throws {LibvirtError} CONFIG_UNSUPPORTED when the prefix ends in the middle of a label
 */
export function reverseDomain(ip: NetworkIp): string {
  const { family, value } = ipOf(ip.address);
  const prefix = prefixLength(ip);
  const bits = labelBits[family];
  if (prefix % bits !== 0) {
    const which = family === "ipv4" ? "IPv4" : "IPv6";
    const detail = `PTR domain for ${which} network with prefix ${prefix} cannot be automatically created`;
    throw new LibvirtError("CONFIG_UNSUPPORTED", "NETWORK", detail);
  }
  const labels: string[] = [];
  for (let at = 0; at < prefix; at += bits) {
    const part = (value >> BigInt(ipBits[family] - at - bits)) & ((1n << BigInt(bits)) - 1n);
    labels.unshift(part.toString(family === "ipv4" ? 10 : 16));
  }
  return [...labels, reverseZone[family]].join(".");
}
