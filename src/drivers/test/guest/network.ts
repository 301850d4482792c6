/** The addresses that guests get on the virtual networks of the made-up node. */
import type { Interface } from "../../../model/domain/interface.ts";
import type { TestNode } from "../state.ts";

interface GuestAddress {
  readonly address: string;
  readonly prefix: number;
}

function toNumber(address: string): number {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** Leading one bits of a netmask. */
function prefixOf(netmask: string): number {
  return toNumber(netmask).toString(2).replaceAll("0", "").length;
}

/**
 * The IPv4 address of a guest's interface: the one after as many as it has before it from the start of the network's
 * DHCP range; undefined on a network without DHCP, or when the range is used up.
 */
export function guestAddress(node: TestNode, nic: Interface, index: number): GuestAddress | undefined {
  if (nic.connection.type !== "network") return undefined;
  const network = node.networks.byName(nic.connection.source?.network ?? "");
  const ip = network?.live?.ips.find(({ family }) => family !== "ipv6");
  const range = ip?.dhcp?.ranges[0];
  if (!ip || !range?.start || !range.end) return undefined;
  const address = toNumber(range.start) + index + 1;
  if (address > toNumber(range.end)) return undefined;
  return { address: toAddress(address), prefix: ip.prefix || (ip.netmask ? prefixOf(ip.netmask) : 24) };
}
