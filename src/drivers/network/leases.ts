/** The addresses that a network's dnsmasq has lent, from its own file of them. */
import { readBounded } from "../../host/files.ts";
import { isWithin, prefixLength } from "../../model/network/addresses.ts";
import type { Network } from "../../model/network/index.ts";
import { type DhcpLease, IPAddrType } from "../../protocol/index.ts";

/** A lease as dnsmasq writes it down. */
export interface Lease {
  /** Seconds since the epoch; 0 for one without end. */
  readonly expiry: bigint;
  readonly address: string;
  readonly hostname: string | null;
  /** IPv4: the client's hardware address. */
  readonly mac: string | null;
  /** IPv6: the number of the client's interface association. */
  readonly iaid: string | null;
  /** IPv4: the client identifier; IPv6: the client's DUID. */
  readonly clientId: string | null;
}

const macForm = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;

/** Reads the file; lines that are none of leases, such as the server's own DUID, are left out. */
export function parseLeases(text: string): Lease[] {
  return text.split("\n").flatMap((line): Lease[] => {
    const [expiry = "", key = "", address = "", hostname = "", clientId = ""] = line.split(" ");
    if (!/^\d{1,18}$/.test(expiry) || address === "") return [];
    const isIpv6 = address.includes(":");
    // Hardware that is no Ethernet has its kind in front: `06-52:54:00:...`; an association of temporary addresses a T.
    const hardware = key.replace(/^[0-9a-f]{2}-/i, "");
    return [
      {
        expiry: BigInt(expiry),
        address,
        hostname: given(hostname),
        mac: isIpv6 ? macOfDuid(clientId) : macForm.test(hardware) ? hardware : null,
        iaid: isIpv6 ? key.replace(/^T/, "") : null,
        clientId: given(clientId),
      },
    ];
  });
}

/** dnsmasq writes an asterisk for what the client has not said. */
const given = (word: string): string | null => (word === "" || word === "*" ? null : word);

/** The hardware address in a DUID that is made from one: of type 1 (with the time) or 3, of an Ethernet card. */
function macOfDuid(duid: string): string | null {
  const match = /^00:(?:01:00:01(?::[0-9a-f]{2}){4}|03:00:01):((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/i.exec(duid);
  return match?.[1] ?? null;
}

const maxBytes = 16 * 1024 * 1024;

/**
 * The leases of a network that have not ended.
 * @param mac only those of this hardware address
 * @param now in seconds since the epoch
 */
export async function readLeases(
  path: string,
  network: Network,
  mac: string | null,
  now: bigint,
): Promise<DhcpLease[]> {
  const leases = parseLeases((await readBounded(path, maxBytes, "NETWORK")) ?? "");
  return leases
    .filter((lease) => lease.expiry === 0n || lease.expiry > now)
    .filter((lease) => mac === null || lease.mac?.toLowerCase() === mac.toLowerCase())
    .map((lease) => asReported(lease, network));
}

function asReported(lease: Lease, network: Network): DhcpLease {
  const ip = network.ips.find((own) => isWithin(lease.address, own));
  return {
    iface: network.bridge?.name ?? "",
    expirytime: lease.expiry,
    type: lease.address.includes(":") ? IPAddrType.IPV6 : IPAddrType.IPV4,
    mac: lease.mac,
    iaid: lease.iaid,
    ipaddr: lease.address,
    prefix: ip ? prefixLength(ip) : 0,
    hostname: lease.hostname,
    clientid: lease.clientId,
  };
}
