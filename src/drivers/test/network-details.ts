/** More of virtual networks: changing parts of them, addresses they handed out. */
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { listed } from "../../driver/twins.ts";
import { LibvirtError } from "../../errors.ts";
import { type Network, updateCommands, updateNetwork, updateSections } from "../../model/network/index.ts";
import { type DhcpLease, IPAddrType, type Network as NetworkRef, NetworkUpdateFlags } from "../../protocol/index.ts";
import { seconds } from "./clock.ts";
import { guestAddress } from "./guest-network.ts";
import { findNetwork, type TestNetwork } from "./networks.ts";
import type { TestNode } from "./state.ts";

type DetailProcedures = "networkUpdate" | "networkGetDhcpLeases";

const { AFFECT_LIVE, AFFECT_CONFIG } = NetworkUpdateFlags;
const impactFlags = AFFECT_LIVE | AFFECT_CONFIG;

/** Changes the definitions that the flags mean, all or none. */
function change(network: TestNetwork, flags: number, work: (definition: Network) => Network): void {
  const invalid = (detail: string) => new LibvirtError("OPERATION_INVALID", "NETWORK", detail);
  const current = (flags & impactFlags) === 0;
  const live = current ? network.live !== null : (flags & AFFECT_LIVE) !== 0;
  const config = current ? network.live === null : (flags & AFFECT_CONFIG) !== 0;
  if (live && !network.live) throw invalid("network is not running");
  if (config && !network.persistent) throw invalid("transient networks do not have any persistent config");
  const changedLive = live && network.live ? work(network.live) : network.live;
  const changedConfig = config ? work(network.config) : network.config;
  network.live = changedLive;
  network.config = changedConfig;
}

/** How long made-up leases are from now, in seconds. */
const leaseTime = 3600n;

/** The addresses that running guests have from the network. */
function leasesOf(node: TestNode, network: TestNetwork, mac: string | null): DhcpLease[] {
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
  const find = (net: NetworkRef) => findNetwork(node, net);
  return {
    networkUpdate({ net, command, section, parentIndex, xml, flags }) {
      checkFlags(flags, impactFlags, "networkUpdate", "TEST");
      const update = {
        command: updateCommands[command] ?? "none",
        section: updateSections[section] ?? "none",
        parentIndex,
        xml,
      } as const;
      change(find(net), flags, (definition) => updateNetwork(definition, update));
    },
    networkGetDhcpLeases({ net, mac, needResults, flags }) {
      checkFlags(flags, 0, "networkGetDhcpLeases", "TEST");
      const { items, ret } = listed(leasesOf(node, find(net), mac), needResults);
      return { leases: items, ret };
    },
  };
}
