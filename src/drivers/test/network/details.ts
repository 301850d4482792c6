/** More of virtual networks: changing parts of them, addresses they handed out. */
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { findNetwork, type VirtualNetwork } from "../../../driver/network/network.ts";
import { impactFlags, updatedNetwork } from "../../../driver/network/update.ts";
import { listed } from "../../../driver/twins.ts";
import { type DhcpLease, IPAddrType, type Network as NetworkRef } from "../../../protocol/index.ts";
import { seconds } from "../clock.ts";
import { guestAddress } from "../guest/network.ts";
import type { TestNode } from "../state.ts";

type DetailProcedures = "networkUpdate" | "networkGetDhcpLeases";

/** How long made-up leases are from now, in seconds. */
const leaseTime = 3600n;

/** The addresses that running guests have from the network. */
function leasesOf(node: TestNode, network: VirtualNetwork, mac: string | null): DhcpLease[] {
  const leases: DhcpLease[] = [];
  for (const { live, name } of node.domains) {
    live?.devices.interfaces.forEach((nic, index) => {
      const { connection } = nic;
      if (connection.type !== "network" || connection.source?.network !== network.name) return;
      const given = guestAddress(node, nic, index);
      const hardware = nic.mac?.address ?? null;
      if (!given || (mac !== null && mac.toLowerCase() !== hardware?.toLowerCase())) return;
      leases.push({
        iface: network.live?.bridge?.name ?? "",
        expirytime: seconds() + leaseTime,
        type: IPAddrType.IPV4,
        mac: hardware,
        iaid: null,
        ipaddr: given.address,
        prefix: given.prefix,
        hostname: name,
        clientid: null,
      });
    });
  }
  return leases;
}

export function networkDetailHandlers(node: TestNode): Handlers<DetailProcedures> {
  const find = (net: NetworkRef) => findNetwork(node.networks, net, "TEST");
  return {
    networkUpdate(args) {
      checkFlags(args.flags, impactFlags, "networkUpdate", "TEST");
      const network = find(args.net);
      Object.assign(network, updatedNetwork(network, args));
    },
    networkGetDhcpLeases({ net, mac, needResults, flags }) {
      checkFlags(flags, 0, "networkGetDhcpLeases", "TEST");
      const { items, ret } = listed(leasesOf(node, find(net), mac), needResults);
      return { leases: items, ret };
    },
  };
}
