/**
 * Network cards on virtual networks: each gets a port of its network, which says what on the host it is connected to.
 * The networks are another driver's, which is asked as any client would ask it.
 */
import { randomUUID } from "node:crypto";
import { parseUuid } from "../../../../driver/object-list.ts";
import type { Caller } from "../../../../driver/session.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition, Interface } from "../../../../model/domain/index.ts";
import {
  formatNetworkPort,
  type NetworkPlug,
  type NetworkPort,
  parseNetworkPort,
} from "../../../../model/network/port.ts";
import { type Network, NetworkPortCreateFlags } from "../../../../protocol/index.ts";

/** The virtual network of a card, and its port there while the guest runs. */
interface Membership {
  readonly network: string;
  readonly portgroup?: string | undefined;
  readonly portid?: string | undefined;
}

/** The virtual network that a card is on; undefined for one that is on none. */
export function networkOf({ connection }: Interface): Membership | undefined {
  if (connection.type !== "network" && connection.type !== "bridge" && connection.type !== "direct") return undefined;
  const { network, portgroup, portid } = connection.source ?? {};
  return network === undefined ? undefined : { network, portgroup, portid };
}

/**
 * Gets a port for each card of a guest that is on a virtual network, all or none, and says in the definition where the
 * cards are connected.
 * @throws {LibvirtError} the network's own, and CONFIG_UNSUPPORTED for a connection that cannot be made
 */
export async function takePorts(peers: Caller, definition: Definition): Promise<void> {
  const taken: Interface[] = [];
  try {
    for (const card of definition.devices.interfaces) {
      const membership = networkOf(card);
      if (!membership || card.connection.type !== "network") continue;
      const { net } = await peers("networkLookupByName", { name: membership.network });
      const port = await createPort(peers, net, portFor(card, membership, definition));
      taken.push(card);
      connect(card, membership, port);
    }
  } catch (error) {
    await releasePorts(peers, taken);
    throw error;
  }
}

function portFor(card: Interface, { portgroup }: Membership, { name, uuid }: Definition): NetworkPort {
  const { mac, bandwidth, vlan, virtualport, port, trustGuestRxFilters } = card;
  if (mac === undefined || uuid === undefined) {
    throw new LibvirtError("INTERNAL_ERROR", "QEMU", `an interface of domain '${name}' has no address yet`);
  }
  return {
    uuid: randomUUID(),
    owner: { name, uuid },
    mac: { address: mac.address },
    ...(portgroup !== undefined && { group: portgroup }),
    ...(bandwidth && { bandwidth }),
    ...(vlan && { vlan }),
    ...(virtualport && { virtualport }),
    ...(port && { port }),
    ...(trustGuestRxFilters !== undefined && { rxfilters: { trustGuest: trustGuestRxFilters } }),
  };
}

/** Makes a port and gives it as its network has completed it. */
async function createPort(peers: Caller, network: Network, wanted: NetworkPort, flags = 0): Promise<NetworkPort> {
  const { port } = await peers("networkPortCreateXml", { network, xml: formatNetworkPort(wanted), flags });
  const { xml } = await peers("networkPortGetXmlDesc", { port, flags: 0 });
  return { ...parseNetworkPort(xml), uuid: wanted.uuid };
}

/** Says in the definition of a running guest what its card is connected to. */
function connect(card: Interface, { network, portgroup }: Membership, port: NetworkPort): void {
  const source = { network, ...(portgroup !== undefined && { portgroup }), portid: port.uuid };
  // First, so that the port is released whatever comes now.
  card.connection = { type: "network", source };
  card.connection = connectionOf(port.plug, source, network);
  if (port.virtualport?.type !== undefined) {
    throw unsupported(`<virtualport type='${port.virtualport.type}'> of network '${network}' is not supported yet`);
  }
  if (port.vlan !== undefined) throw unsupported(`the vlan of network '${network}' is not supported yet`);
  if (port.bandwidth) card.bandwidth = port.bandwidth;
  if (port.port) card.port = port.port;
}

function connectionOf(plug: NetworkPlug | undefined, source: object, network: string): Interface["connection"] {
  if (plug?.type === "network" || plug?.type === "bridge") {
    if (plug.macTableManager === "libvirt") throw unsupported("macTableManager='libvirt' is not supported yet");
    return { type: plug.type, source: { ...source, bridge: plug.bridge } };
  }
  throw unsupported(
    `network '${network}' connects guests by devices of the host (${plug?.type ?? "none"}), which is not supported yet: ` +
      "use one with a bridge",
  );
}

function unsupported(detail: string): LibvirtError {
  return new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
}

/** Gives the ports of cards back; a network that has gone has taken them along. */
export async function releasePorts(peers: Caller, cards: readonly Interface[]): Promise<void> {
  for (const card of cards) {
    const membership = networkOf(card);
    const uuid = parseUuid(membership?.portid ?? "");
    if (!membership || uuid === null) continue;
    try {
      const { net } = await peers("networkLookupByName", { name: membership.network });
      await peers("networkPortDelete", { port: { net, uuid }, flags: 0 });
    } catch (error) {
      if (!isGone(error)) process.emitWarning(String(error), "TsvirtWarning");
    }
  }
}

/** The port is not there, or what it was a port of does not run. */
function isGone(error: unknown): boolean {
  return (
    error instanceof LibvirtError &&
    (error.is("NO_NETWORK") || error.is("NO_NETWORK_PORT") || error.is("OPERATION_INVALID") || error.is("NO_SUPPORT"))
  );
}

/** Tells the networks of a guest that was taken over of its ports: they may have been started anew meanwhile. */
export async function reclaimPorts(peers: Caller, definition: Definition): Promise<void> {
  for (const card of definition.devices.interfaces) {
    const membership = networkOf(card);
    const uuid = parseUuid(membership?.portid ?? "");
    if (!membership || uuid === null) continue;
    try {
      const { net: network } = await peers("networkLookupByName", { name: membership.network });
      if (await hasPort(peers, network, uuid)) continue;
      const port = { ...portFor(card, membership, definition), uuid: membership.portid, ...plugOf(card) };
      await createPort(peers, network, port, NetworkPortCreateFlags.RECLAIM);
    } catch (error) {
      process.emitWarning(`domain '${definition.name}': ${String(error)}`, "TsvirtWarning");
    }
  }
}

async function hasPort(peers: Caller, network: Network, uuid: Uint8Array): Promise<boolean> {
  try {
    await peers("networkPortLookupByUuid", { network, uuid });
    return true;
  } catch (error) {
    if (error instanceof LibvirtError && error.is("NO_NETWORK_PORT")) return false;
    throw error;
  }
}

function plugOf({ connection }: Interface): { readonly plug?: NetworkPlug } {
  if (connection.type !== "network" && connection.type !== "bridge") return {};
  const bridge = connection.source?.bridge;
  return bridge === undefined ? {} : { plug: { type: connection.type, bridge } };
}
