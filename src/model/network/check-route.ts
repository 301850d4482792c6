/** Static routes that the host gets for a network. */
import { LibvirtError } from "../../errors.ts";
import { ipBits, maskOf } from "../common/ip.ts";
import { ipOf, prefixOf } from "./check-ip.ts";
import type { Network, Route } from "./description.ts";

/** @throws LibvirtError XML_ERROR, CONFIG_UNSUPPORTED when no address of the network reaches the gateway. */
export function checkRoute(route: Route, network: Network): void {
  const fail = (detail: string): never => {
    throw new LibvirtError("XML_ERROR", "NETWORK", `${network.name}: ${detail} in route definition`);
  };
  const address = ipOf(route.address);
  const gateway = ipOf(route.gateway);
  const family = route.family ?? "ipv4";
  if (address.family !== family) fail(`address '${route.address}' is not ${family}`);
  if (gateway.family !== family) fail(`gateway '${route.gateway}' is not ${family}`);
  if (route.metric === 0) fail("a metric of zero is not permitted");
  if (route.netmask !== undefined && route.prefix !== undefined) fail("both a prefix and a netmask");
  if (route.netmask !== undefined && family === "ipv6") fail("a netmask of an IPv6 address");
  if ((route.prefix ?? 0) > ipBits[family]) fail(`prefix ${route.prefix} is too long`);
  const prefix = prefixOf(route);
  // A prefix of zero counts as said here: the default route.
  const mask = prefix === undefined ? undefined : maskOf(family, route.prefix === 0 ? 0 : prefix);
  if (mask === undefined || (address.value & mask) !== address.value) {
    fail(`'${route.address}' is not the address of a network`);
  }
  if (!network.ips.some((ip) => reaches(ip, route.gateway))) {
    throw new LibvirtError(
      "CONFIG_UNSUPPORTED",
      "NETWORK",
      `unreachable static route gateway '${route.gateway}' (network '${network.name}')`,
    );
  }
}

function reaches(ip: Network["ips"][number], gateway: string): boolean {
  const own = ipOf(ip.address);
  const other = ipOf(gateway);
  const prefix = prefixOf(ip);
  if (own.family !== other.family || prefix === undefined) return false;
  const mask = maskOf(own.family, prefix);
  return (own.value & mask) === (other.value & mask);
}
