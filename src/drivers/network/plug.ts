/** What a guest's interface is connected to when it gets a port of a network. */
import type { VirtualNetwork } from "../../driver/network/network.ts";
import { type ErrorName, LibvirtError } from "../../errors.ts";
import { ownsBridge } from "../../model/network/complete.ts";
import type { Network, PortGroup } from "../../model/network/index.ts";
import type { NetworkPlug, NetworkPort } from "../../model/network/port.ts";

function fail(code: ErrorName, detail: string): never {
  throw new LibvirtError(code, "NETWORK", detail);
}

/**
 * A new port with all that it gets from its port group and its network.
 * @param reclaim the guest runs already, on what its port says
 * @throws {LibvirtError} for what the network cannot give
 */
export function pluggedPort(network: VirtualNetwork, port: NetworkPort, reclaim: boolean): NetworkPort {
  const { live } = network;
  if (!live) fail("OPERATION_INVALID", `network '${network.name}' is not active`);
  if (reclaim && port.plug !== undefined) return port;
  const group = groupOf(live, port);
  const completed = withDefaults(port, live, group);
  checkWishes(completed, live);
  return { ...completed, plug: plugOf(network, live) };
}

/** The port group that is named, or the one for ports that name none. */
function groupOf({ name, portgroups }: Network, { group }: NetworkPort): PortGroup | undefined {
  if (group === undefined) return portgroups.find(({ default: isDefault }) => isDefault === true);
  return portgroups.find((one) => one.name === group) ?? missingGroup(name, group);
}

/** A group that is not there is as none, as with libvirt: networks change while guests are defined. */
function missingGroup(network: string, group: string): undefined {
  process.emitWarning(`network '${network}' has no port group '${group}'`, "TsvirtWarning");
  return undefined;
}

function withDefaults(port: NetworkPort, live: Network, group: PortGroup | undefined): NetworkPort {
  const bandwidth = port.bandwidth ?? group?.bandwidth;
  const vlan = port.vlan ?? group?.vlan ?? live.vlan;
  const virtualport = port.virtualport ?? group?.virtualport ?? live.virtualport;
  const isolated = port.port?.isolated ?? live.port?.isolated;
  const trustGuest = port.rxfilters?.trustGuest ?? group?.trustGuestRxFilters ?? live.trustGuestRxFilters;
  return {
    ...port,
    ...(bandwidth && { bandwidth }),
    ...(vlan && { vlan }),
    ...(virtualport && { virtualport }),
    ...(isolated !== undefined && { port: { isolated } }),
    ...(trustGuest !== undefined && { rxfilters: { trustGuest } }),
  };
}

function checkWishes({ mac, bandwidth, vlan, virtualport }: NetworkPort, live: Network): void {
  const { name, forward } = live;
  const isOurs = ownsBridge(live);
  if (virtualport?.type !== undefined && isOurs) {
    const detail = `<virtualport type='${virtualport.type}'> not supported for network '${name}' which uses IP forwarding`;
    fail("CONFIG_UNSUPPORTED", detail);
  }
  if (vlan !== undefined && !(forward?.mode === "bridge" && virtualport?.type === "openvswitch")) {
    const detail = `an interface connecting to network '${name}' is requesting a vlan tag, but that is not supported for this type of network`;
    fail("CONFIG_UNSUPPORTED", detail);
  }
  if (bandwidth?.inbound?.floor !== undefined) {
    const where = `Invalid use of 'floor' on interface with MAC address ${mac.address} - `;
    if (!isOurs)
      fail("CONFIG_UNSUPPORTED", `${where}'floor' is only supported for networks with a bridge of their own`);
    if (live.bandwidth?.inbound === undefined) {
      fail("OPERATION_UNSUPPORTED", `${where}network '${name}' has no inbound QoS set`);
    }
    fail("CONFIG_UNSUPPORTED", `${where}guaranteed rates are not supported yet`);
  }
}

function plugOf(network: VirtualNetwork, live: Network): NetworkPlug {
  const { bridge, forward, name } = live;
  if (ownsBridge(live)) return { type: "network", ...bridgeOf(bridge, name) };
  if (forward?.mode === "hostdev") fail("CONFIG_UNSUPPORTED", `network '${name}' gives no devices of the host yet`);
  if (forward?.mode === "bridge" && bridge?.name !== undefined) return { type: "bridge", ...bridgeOf(bridge, name) };
  const mode = forward?.mode;
  if (mode !== "bridge" && mode !== "private" && mode !== "vepa" && mode !== "passthrough") {
    fail("INTERNAL_ERROR", `network '${name}' has an unknown forward mode`);
  }
  return { type: "direct", dev: deviceFor(network, live), mode };
}

function bridgeOf(bridge: Network["bridge"], network: string) {
  if (bridge?.name === undefined) fail("INTERNAL_ERROR", `network '${network}' does not have a bridge name.`);
  const { name, macTableManager } = bridge;
  return { bridge: name, ...(macTableManager && { macTableManager }) };
}

/** The device of the host that fewest guests use, of several the first one; in some modes one guest has it for itself. */
function deviceFor(network: VirtualNetwork, { name, forward }: Network): string {
  const devices = forward?.interfaces ?? [];
  if (devices.length === 0) {
    fail("INTERNAL_ERROR", `network '${name}' uses a direct mode, but has no forward dev and no interface pool`);
  }
  const used = usedDevices(network);
  const use = (dev: string): number => used.get(dev) ?? 0;
  const alone = forward?.mode === "passthrough";
  const usable = alone ? devices.filter(({ dev }) => use(dev) === 0) : devices;
  const [first, ...others] = usable;
  if (!first)
    fail("INTERNAL_ERROR", `network '${name}' requires exclusive access to interfaces, but none are available`);
  return others.reduce((best, { dev }) => (use(dev) < use(best) ? dev : best), first.dev);
}

/** How many ports use which device of the host. */
function usedDevices({ ports }: Pick<VirtualNetwork, "ports">): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const { plug } of ports.values()) if (plug?.type === "direct") used.set(plug.dev, (used.get(plug.dev) ?? 0) + 1);
  return used;
}

/** The running definition of a network with how many guests use it at the moment. */
export function withConnections(network: VirtualNetwork): Network | null {
  const { live, ports } = network;
  if (!live || ports.size === 0) return live;
  const used = usedDevices(network);
  const counted = { ...live, connections: ports.size };
  if (!live.forward || used.size === 0) return counted;
  const interfaces = live.forward.interfaces.map((one) => ({ ...one, connections: used.get(one.dev) ?? 0 }));
  return { ...counted, forward: { ...live.forward, interfaces } };
}
