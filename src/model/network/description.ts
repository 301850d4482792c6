/** The virtual network document (`<network>`): what libvirt's "Network XML format" page describes, in printed order. */
import {
  attr,
  child,
  document,
  fields,
  type Infer,
  leaf,
  leaves,
  long,
  mac,
  many,
  nonEmpty,
  oneOf,
  only,
  onOff,
  type Shape,
  text,
  uint,
  uuid,
  verbatim,
  yesNo,
} from "../../xml/index.ts";
import { bandwidth } from "../common/bandwidth.ts";
import { ipAddress, ipv4Address } from "../common/ip.ts";
import { pciAddressFields } from "../common/pci-address.ts";
import { virtualPort } from "../common/virtualport.ts";
import { vlan } from "../common/vlan.ts";

const connections = attr(uint()).omit(0).live();

const forwardInterfaceShape = fields({
  dev: attr(nonEmpty).required(),
  /** Guests that use it at the moment. */
  connections,
});
export interface ForwardInterface extends Infer<typeof forwardInterfaceShape> {}
export const forwardInterface: Shape<ForwardInterface> = forwardInterfaceShape;

const forwardShape = fields({
  /** The host's interface that traffic leaves through: always the first of `interfaces`. */
  dev: attr(nonEmpty),
  mode: attr(oneOf("nat", "route", "open", "bridge", "private", "vepa", "passthrough", "hostdev")).default("nat"),
  /** Whether libvirt takes devices from the host's drivers and gives them back. */
  managed: attr(yesNo),
  driver: only("name", oneOf("kvm", "vfio")),
  nat: child({
    ipv6: attr(yesNo),
    /** The addresses that guests' traffic appears to come from. */
    address: child({ start: attr(ipv4Address).required(), end: attr(ipv4Address).required() }),
    port: child({ start: attr(uint(65535)).required(), end: attr(uint(65535)).required() }),
  }),
  /** The SR-IOV device whose virtual functions guests get. */
  pf: only("dev", nonEmpty),
  interfaces: many(forwardInterface).named("interface"),
  addresses: many({ type: attr(oneOf("pci")).required(), ...pciAddressFields, connections }).named("address"),
});
export interface Forward extends Infer<typeof forwardShape> {}
const forward: Shape<Forward> = forwardShape;

const txtShape = fields({ name: attr(text).required(), value: attr(text).required() });
export interface DnsTxt extends Infer<typeof txtShape> {}
export const dnsTxt: Shape<DnsTxt> = txtShape;

const srvShape = fields({
  service: attr(text).required(),
  protocol: attr(text).required(),
  domain: attr(text),
  target: attr(text),
  port: attr(uint(65535)).omit(0),
  priority: attr(uint(65535)).omit(0),
  weight: attr(uint(65535)).omit(0),
});
export interface DnsSrv extends Infer<typeof srvShape> {}
export const dnsSrv: Shape<DnsSrv> = srvShape;

const dnsHostShape = fields({ ip: attr(ipAddress).required(), hostnames: leaves(text).named("hostname") });
export interface DnsHost extends Infer<typeof dnsHostShape> {}
export const dnsHost: Shape<DnsHost> = dnsHostShape;

const dnsShape = fields({
  enable: attr(yesNo),
  /** Whether names without a dot go to the host's resolver. */
  forwardPlainNames: attr(yesNo),
  /** Servers to ask, all for everything or each for one domain. */
  forwarders: many({ domain: attr(nonEmpty), addr: attr(ipAddress) }).named("forwarder"),
  txts: many(dnsTxt).named("txt"),
  srvs: many(dnsSrv).named("srv"),
  hosts: many(dnsHost).named("host"),
});
export interface Dns extends Infer<typeof dnsShape> {}
const dns: Shape<Dns> = dnsShape;

const leaseShape = fields({
  /** How long an address is lent; 0 is forever. */
  expiry: attr(uint()),
  /** Minutes when the document says none; nothing when the lease does not end. */
  unit: attr(oneOf("seconds", "minutes", "hours")),
});
export interface Lease extends Infer<typeof leaseShape> {}
const lease: Shape<Lease> = leaseShape;

const dhcpHostShape = fields({
  /** Kept the way it is written. */
  mac: attr(text),
  /** DHCPv6: the client's DUID. */
  id: attr(nonEmpty),
  name: attr(nonEmpty),
  ip: attr(ipAddress).required(),
  lease: child(lease),
});
export interface DhcpHost extends Infer<typeof dhcpHostShape> {}
export const dhcpHost: Shape<DhcpHost> = dhcpHostShape;

const dhcpRangeShape = fields({
  start: attr(ipAddress).required(),
  end: attr(ipAddress).required(),
  lease: child(lease),
});
export interface DhcpRange extends Infer<typeof dhcpRangeShape> {}
export const dhcpRange: Shape<DhcpRange> = dhcpRangeShape;

const ipShape = fields({
  family: attr(oneOf("ipv4", "ipv6")),
  address: attr(ipAddress).required(),
  netmask: attr(ipAddress),
  /** Leading bits that name the network; 0 is as if nothing were said. */
  prefix: attr(uint()).omit(0),
  /** Whether dnsmasq answers reverse look-ups of this network itself. */
  localPtr: attr(yesNo),
  tftp: child({ root: attr(nonEmpty) }),
  dhcp: child({
    ranges: many(dhcpRange).named("range"),
    hosts: many(dhcpHost).named("host"),
    bootp: child({ file: attr(nonEmpty), server: attr(nonEmpty) }),
  }),
});
export interface NetworkIp extends Infer<typeof ipShape> {}
const ip: Shape<NetworkIp> = ipShape;

const routeShape = fields({
  family: attr(oneOf("ipv4", "ipv6")),
  address: attr(ipAddress).required(),
  netmask: attr(ipAddress),
  prefix: attr(uint()),
  gateway: attr(ipAddress).required(),
  metric: attr(uint()),
});
export interface Route extends Infer<typeof routeShape> {}
const route: Shape<Route> = routeShape;

const portGroupShape = fields({
  name: attr(nonEmpty).required(),
  /** Whether guests that name no port group belong to this one. */
  default: attr(yesNo),
  trustGuestRxFilters: attr(yesNo),
  vlan: child(vlan),
  virtualport: child(virtualPort),
  bandwidth: child(bandwidth).empty("pair"),
});
export interface PortGroup extends Infer<typeof portGroupShape> {}
export const portGroup: Shape<PortGroup> = portGroupShape;

const networkShape = fields({
  /** Guests that use the network at the moment. */
  connections: attr(uint()).omit(0).live(),
  /** Whether guests may talk IPv6 with each other on a network that has no IPv6 address. */
  ipv6: attr(yesNo),
  trustGuestRxFilters: attr(yesNo),
  name: leaf(text).required("NO_NAME"),
  uuid: leaf(uuid),
  metadata: verbatim(),
  /** Without it, the network is isolated. */
  forward: child(forward),
  bridge: child({
    name: attr(nonEmpty),
    zone: attr(nonEmpty),
    stp: attr(onOff),
    /** Seconds until a new port forwards. */
    delay: attr(long),
    macTableManager: attr(oneOf("kernel", "libvirt")),
  }),
  mtu: child({ size: attr(uint()) }),
  mac: child({ address: attr(mac) }),
  domain: child({ name: attr(text), localOnly: attr(yesNo) }),
  dns: child(dns),
  vlan: child(vlan),
  bandwidth: child(bandwidth).empty("pair"),
  port: child({ isolated: attr(yesNo) }),
  ips: many(ip).named("ip").empty("pair"),
  routes: many(route).named("route"),
  virtualport: child(virtualPort),
  portgroups: many(portGroup).named("portgroup").empty("pair"),
  /** Lines for dnsmasq's configuration file, as they are. */
  dnsmasqOptions: child({
    options: many({ value: attr(text).required() }).named("dnsmasq:option"),
  }).named("dnsmasq:options"),
});
/** A virtual network (virNetworkDefineXML). */
export interface Network extends Infer<typeof networkShape> {}
const network: Shape<Network> = networkShape;

export const networkDocument = document(
  "network",
  network,
  { dnsmasq: "http://libvirt.org/schemas/network/dnsmasq/1.0" },
  { from: "NETWORK" },
);
