/** Addresses of a guest's interfaces: from the leases of its networks, from its agent, from the host's table. */
import { readFile } from "node:fs/promises";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import type { Session } from "../../../../driver/session.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition, Interface } from "../../../../model/domain/index.ts";
import { type DomainInterface, DomainInterfaceAddressesSource, IPAddrType } from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";
import { array, fields, int, optional, string } from "../../monitor/shape.ts";
import { networkOf } from "../../run/network/ports.ts";
import { agentFor } from "./agent.ts";

const agentInterface = fields({
  name: string,
  "hardware-address": optional(string),
  "ip-addresses": optional(array(fields({ "ip-address": string, "ip-address-type": string, prefix: int }))),
});

/** The guest's interfaces as its agent tells them; several of one name are one with all their addresses. */
export async function agentInterfaces(ask: ReturnType<typeof agentFor>): Promise<DomainInterface[]> {
  const told = await ask("guest-network-get-interfaces", array(agentInterface));
  const interfaces = new Map<string, DomainInterface>();
  for (const { name: alias, "hardware-address": hwaddr, "ip-addresses": addresses = [] } of told) {
    // `eth0:1` is another address of `eth0`.
    const [name = alias] = alias.split(":");
    const addrs = addresses.map((address) => ({
      type: address["ip-address-type"] === "ipv6" ? IPAddrType.IPV6 : IPAddrType.IPV4,
      addr: address["ip-address"],
      prefix: address.prefix,
    }));
    const known = interfaces.get(name);
    interfaces.set(name, { name, hwaddr: known?.hwaddr ?? hwaddr ?? null, addrs: [...(known?.addrs ?? []), ...addrs] });
  }
  return [...interfaces.values()];
}

/** The leases that a card's network has given it; none for a card on no network. */
async function leasesOf(card: Interface, session: Session) {
  const { mac } = card;
  const membership = networkOf(card);
  if (membership === undefined || mac === undefined) return [];
  const { net } = await session.call("networkLookupByName", { name: membership.network });
  const { leases } = await session.call("networkGetDhcpLeases", { net, mac: mac.address, needResults: 1, flags: 0 });
  return leases;
}

async function leasedAddresses({ devices }: Definition, session: Session): Promise<DomainInterface[]> {
  const all: DomainInterface[] = [];
  for (const card of devices.interfaces) {
    const leases = await leasesOf(card, session);
    if (leases.length === 0) continue;
    all.push({
      name: card.target?.dev ?? "",
      hwaddr: card.mac?.address ?? null,
      addrs: leases.map(({ type, ipaddr, prefix }) => ({ type, addr: ipaddr, prefix })),
    });
  }
  return all;
}

/** The name that a guest has given when it got a lease. */
export async function leasedHostname({ devices }: Definition, session: Session): Promise<string | undefined> {
  for (const card of devices.interfaces) {
    for (const { hostname } of await leasesOf(card, session)) if (hostname !== null) return hostname;
  }
  return undefined;
}

/** Addresses in the host's table of neighbours, by MAC address. */
async function neighbours(): Promise<ReadonlyMap<string, readonly string[]>> {
  const known = new Map<string, string[]>();
  const text = await readFile("/proc/net/arp", "utf8").catch(() => "");
  for (const line of text.split("\n").slice(1)) {
    const [address, , flags, mac] = line.trim().split(/\s+/);
    if (address === undefined || mac === undefined || flags === "0x0") continue;
    known.set(mac.toLowerCase(), [...(known.get(mac.toLowerCase()) ?? []), address]);
  }
  return known;
}

async function seenAddresses({ devices }: Definition): Promise<DomainInterface[]> {
  const known = await neighbours();
  return devices.interfaces.flatMap(({ mac, target }) => {
    const addresses = known.get(mac?.address.toLowerCase() ?? "");
    if (!addresses) return [];
    const addrs = addresses.map((addr) => ({ type: IPAddrType.IPV4, addr, prefix: 0 }));
    return [{ name: target?.dev ?? "", hwaddr: mac?.address ?? null, addrs }];
  });
}

export function addressHandlers(host: QemuHost): Handlers<"domainInterfaceAddresses"> {
  return {
    async domainInterfaceAddresses({ dom, source, flags }, { session }) {
      checkFlags(flags, 0, "domainInterfaceAddresses", "QEMU");
      const { definition } = host.finder.find(dom).running();
      const { AGENT, ARP, LEASE } = DomainInterfaceAddressesSource;
      if (source === LEASE) return { ifaces: await leasedAddresses(definition, session) };
      if (source === AGENT) return { ifaces: await agentInterfaces(agentFor(host, dom)) };
      if (source === ARP) return { ifaces: await seenAddresses(definition) };
      throw new LibvirtError("ARGUMENT_UNSUPPORTED", "QEMU", `Unknown IP address data source ${source}`);
    },
  };
}
