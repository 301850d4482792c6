/** Network cards: what of their other end the driver cannot arrange on the host. */
import type { Interface } from "../../../model/domain/index.ts";
import { refuseWishes } from "./refuse.ts";

/** The one place where a tap device comes from. */
const standardPaths: ReadonlySet<string | undefined> = new Set([undefined, "/dev/net/tun", "/dev/vhost-net"]);

/** Checks one network card, also one that is plugged in. */
export function refuseUnavailableInterface(card: Interface): void {
  const { connection, mac } = card;
  const { type } = connection;
  const name = `interface ${mac?.address}`;
  const isVirtual = type === "network";
  const hasTap = isVirtual || type === "bridge" || type === "ethernet";
  refuseWishes([
    [type === "direct", `${name} - type '${type}' is not supported yet: use 'network', 'bridge' or 'user'`],
    // What a card on a virtual network can have of this is for the network to say.
    [!isVirtual && card.vlan, `${name} - vlan tag not supported for this connection type`],
    [!isVirtual && card.virtualport, `${name} - <virtualport> is not supported for network interfaces of type ${type}`],
    [
      !hasTap && (card.bandwidth?.inbound ?? card.bandwidth?.outbound),
      `setting bandwidth on interfaces of type '${type}' is not implemented yet`,
    ],
    [
      type !== "ethernet" && (card.script ?? card.downscript),
      `scripts are not supported on interfaces of type ${type}`,
    ],
    [card.backenddomain, `${name} - <backenddomain> is not supported by QEMU, it is for Xen guests`],
    [card.guest?.dev, `${name} - <guest dev=.../> is for containers`],
    [card.trustGuestRxFilters, `${name} - trustGuestRxFilters is not supported for interfaces of type '${type}'`],
    [card.coalesce, `${name} - coalesce settings are not supported yet`],
    [
      !standardPaths.has(card.backend?.tap) || !standardPaths.has(card.backend?.vhost),
      `${name} - custom device paths of the backend are not supported yet`,
    ],
    ...passtWishes(card, name),
    [
      !hasTap && (card.driver?.queues ?? 0) > 1 && type !== "vhostuser" && type !== "vdpa",
      `${name} - multiqueue is not supported for network interfaces of type ${type}`,
    ],
    [!hasTap && card.driver?.name === "vhost", `${name} - vhost is not supported for interfaces of type ${type}`],
    [!hasTap && card.tune?.sndbuf, `${name} - sndbuf is not supported for network interfaces of type ${type}`],
    [
      type === "hostdev" && card.managed,
      "a PCI device cannot be taken from the host: bind it to vfio-pci, and say managed='no'",
    ],
    [type === "hostdev" && card.link === "down", `${name} - the link state of a device of the host cannot be set`],
    ...sourceWishes(card, name),
  ]);
}

/** What only passt does, which is not started. */
function passtWishes({ backend, portForwards, connection }: Interface, name: string) {
  const passt = "needs passt, which is not supported yet";
  return [
    [backend?.type === "passt", `${name} - the backend ${passt}`],
    [backend?.logFile, `${name} - a log file of the backend ${passt}`],
    [portForwards, `${name} - forwarding of ports ${passt}`],
    [connection.type === "user" && connection.source?.dev, `${name} - a source device ${passt}`],
  ] as const;
}

function sourceWishes({ connection }: Interface, name: string) {
  const source = connection.type === "ethernet" ? connection.source : undefined;
  const table =
    connection.type === "bridge" || connection.type === "network" ? connection.source?.macTableManager : undefined;
  return [
    [source?.ips, `${name} - addresses of the host's side are not supported yet`],
    [source?.routes, `${name} - routes of the host's side are not supported yet`],
    [table === "libvirt", `${name} - macTableManager='libvirt' is not supported yet`],
  ] as const;
}
