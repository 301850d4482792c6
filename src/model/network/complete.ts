/** What libvirt fills in, drops or derives when it reads a network. Pure: each pass takes a part and returns it whole. */
import { completeBandwidth } from "../common/bandwidth.ts";
import { completeVlan } from "../common/vlan.ts";
import type { Dns, Forward, Lease, Network, NetworkIp, PortGroup } from "./description.ts";

/** Networks whose bridge libvirt creates itself: isolated ones, and those that route. */
export function ownsBridge({ forward }: Pick<Network, "forward">): boolean {
  return forward === undefined || ["nat", "route", "open"].includes(forward.mode);
}

/** A network as libvirt would print it after reading it. It does not get a UUID or a MAC address: those are the driver's to choose. */
export function completeNetwork(network: Network): Network {
  const completed: Network = { ...network, ips: network.ips.map(completeIp) };
  completed.portgroups = network.portgroups.map(completePortGroup);
  if (network.ipv6 === false) delete completed.ipv6;
  set(completed, "forward", completeForward(network.forward));
  set(completed, "bridge", completeBridge(network));
  set(completed, "dns", completeDns(network.dns));
  set(completed, "vlan", completeVlan(network.vlan));
  set(completed, "bandwidth", completeBandwidth(network.bandwidth));
  set(completed, "mtu", network.mtu?.size ? network.mtu : undefined);
  set(completed, "mac", network.mac?.address === undefined ? undefined : network.mac);
  set(completed, "domain", network.domain?.name === undefined ? undefined : network.domain);
  set(completed, "port", network.port?.isolated === undefined ? undefined : network.port);
  return completed;
}

/** Sets a key, or takes it away: keys without a value would make equal networks differ. */
function set<T extends object, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

function completeForward(given: Forward | undefined): Forward | undefined {
  if (given === undefined) return undefined;
  const forward: Forward = { ...given };
  // A device named only on <forward> is the first of the interfaces.
  if (forward.interfaces.length === 0 && forward.dev !== undefined) {
    forward.interfaces = [{ dev: forward.dev, connections: 0 }];
  }
  set(forward, "dev", forward.interfaces[0]?.dev);
  // Of the three ways to say what guests are connected through, one counts.
  if (forward.interfaces.length > 0) forward.addresses = [];
  if (forward.interfaces.length > 0 || forward.addresses.length > 0) delete forward.pf;
  if (forward.mode === "hostdev") forward.managed ??= false;
  else if (forward.managed === false) delete forward.managed;
  return forward;
}

function completeBridge(network: Network): Network["bridge"] {
  if (!ownsBridge(network)) return network.bridge;
  return { ...network.bridge, stp: network.bridge?.stp ?? true, delay: network.bridge?.delay ?? 0n };
}

function completeDns(given: Dns | undefined): Dns | undefined {
  if (given === undefined) return undefined;
  const says =
    given.enable !== undefined ||
    given.forwardPlainNames !== undefined ||
    given.forwarders.length + given.txts.length + given.srvs.length + given.hosts.length > 0;
  return says ? given : undefined;
}

function completePortGroup(given: PortGroup): PortGroup {
  const group: PortGroup = { ...given };
  if (given.default === false) delete group.default;
  set(group, "vlan", completeVlan(given.vlan));
  set(group, "bandwidth", completeBandwidth(given.bandwidth));
  return group;
}

function completeIp(given: NetworkIp): NetworkIp {
  const ip: NetworkIp = { ...given };
  if (ip.tftp?.root === undefined) delete ip.tftp;
  if (ip.dhcp !== undefined) {
    const dhcp = {
      ...ip.dhcp,
      ranges: ip.dhcp.ranges.map(withLease),
      hosts: ip.dhcp.hosts.map(withLease),
    };
    if (dhcp.bootp?.file === undefined) delete dhcp.bootp;
    if (dhcp.ranges.length + dhcp.hosts.length > 0 || dhcp.bootp !== undefined) ip.dhcp = dhcp;
    else delete ip.dhcp;
  }
  return ip;
}

/** Completes the lease of a range or a host. */
export function withLease<T extends { lease?: Lease | undefined }>(given: T): T {
  const { lease, ...rest } = given;
  if (lease?.expiry === undefined) return rest as T;
  const completed: Lease = lease.expiry === 0 ? { expiry: 0 } : { expiry: lease.expiry, unit: lease.unit ?? "minutes" };
  return { ...rest, lease: completed } as T;
}
