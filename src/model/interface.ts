/** The host interface document (`<interface>`): how the host's own network interfaces are set up. */
import { LibvirtError } from "../errors.ts";
import {
  attr,
  child,
  document,
  type Fields,
  fields,
  flag,
  type Infer,
  int,
  lazy,
  type Mode,
  many,
  nonEmpty,
  oneOf,
  onOff,
  pattern,
  type ReadOptions,
  type Shape,
  type Simplify,
  uint,
  type Values,
  variants,
  yesNo,
} from "../xml/index.ts";

const link = child({
  /** Mbit/s. */
  speed: attr(uint()),
  state: attr(oneOf("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up")),
});

const protocolShape = fields({
  family: attr(oneOf("ipv4", "ipv6")).required(),
  /** IPv6 addresses from what routers announce. */
  autoconf: flag(),
  dhcp: child({ /** Whether the server's DNS settings are used. */ peerdns: attr(yesNo) }).empty("keep"),
  ips: many({ address: attr(nonEmpty), prefix: attr(int).omit(0) }).named("ip"),
  routes: many({ gateway: attr(nonEmpty) }).named("route"),
});
export interface InterfaceProtocol extends Infer<typeof protocolShape> {}
const protocol: Shape<InterfaceProtocol> = protocolShape;

/** How a bond uses its parts, in the kernel's words. */
export const bondModes = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
] as const;

/** What all types have. */
const common = {
  name: attr(nonEmpty).required(),
  /** Whether it comes up when the host boots. */
  start: child({ mode: attr(oneOf("none", "onboot", "hotplug")) }),
  mtu: child({ size: attr(uint()).omit(0) }),
  protocols: many(protocol).named("protocol").empty("pair"),
} satisfies Fields;

const members = many(lazy(() => hostInterface))
  .named("interface")
  .empty("pair");

const bondFields = {
  mode: attr(oneOf(...bondModes)),
  miimon: child({
    /** Milliseconds between looks at the link, like the delays after which a change counts. */
    freq: attr(int).required(),
    downdelay: attr(int).omit(0),
    updelay: attr(int).omit(0),
    carrier: attr(oneOf("ioctl", "netif")),
  }),
  arpmon: child({
    /** Milliseconds. */
    interval: attr(int).required(),
    target: attr(nonEmpty).required(),
    validate: attr(oneOf("active", "backup", "all")),
  }),
} satisfies Fields;
/** Several interfaces that act as one. */
export interface Bond extends Simplify<Values<typeof bondFields>> {
  interfaces: HostInterface[];
}
const bond: Shape<Bond> = fields({ ...bondFields, interfaces: members });

const bridgeFields = {
  stp: attr(onOff),
  /** Seconds until a new port forwards. */
  delay: attr(pattern(/[0-9]+(\.[0-9]*)?/, "a time in seconds")),
} satisfies Fields;
export interface Bridge extends Simplify<Values<typeof bridgeFields>> {
  interfaces: HostInterface[];
}
const bridge: Shape<Bridge> = fields({ ...bridgeFields, interfaces: members });

const interfaceShape = variants("type", {
  ethernet: { ...common, link, mac: child({ address: attr(nonEmpty) }) },
  vlan: {
    ...common,
    link,
    vlan: child({
      tag: attr(nonEmpty).required(),
      interface: child({ name: attr(nonEmpty).required() }).required(),
    }).required(),
  },
  bond: { ...common, link, bond: child(bond).required().empty("pair") },
  bridge: { ...common, bridge: child(bridge).required().empty("pair") },
});
/** One of the host's network interfaces (virInterfaceDefineXML). */
export type HostInterface = Infer<typeof interfaceShape>;
const hostInterface: Shape<HostInterface> = interfaceShape;

export const interfaceDocument = document("interface", hostInterface, {}, { from: "INTERFACE", empty: "pair" });

/**
 * Reads a host interface as libvirt does.
 * @throws LibvirtError
 */
export function parseInterface(xml: string, options: ReadOptions = {}): HostInterface {
  return completeInterface(interfaceDocument.parse(xml, options));
}

/** Prints a host interface (virInterfaceGetXMLDesc). */
export function formatInterface(value: HostInterface, mode: Mode = {}): string {
  return interfaceDocument.format(value, mode);
}

function completeInterface(given: HostInterface): HostInterface {
  const value = { ...given, protocols: given.protocols.map(completeProtocol) };
  if (value.type === "bond") {
    value.bond = { ...value.bond, interfaces: membersOf(value.bond.interfaces, ["ethernet"]) };
    // A bond watches its links in one way.
    if (value.bond.miimon !== undefined) delete value.bond.arpmon;
  } else if (value.type === "bridge") {
    value.bridge = { ...value.bridge, interfaces: membersOf(value.bridge.interfaces, ["ethernet", "vlan", "bond"]) };
  }
  return value;
}

function completeProtocol(given: InterfaceProtocol): InterfaceProtocol {
  return {
    ...given,
    ips: given.ips.filter(({ address }) => address !== undefined),
    routes: given.routes.filter(({ gateway }) => gateway !== undefined),
    autoconf: given.autoconf && given.family === "ipv6",
  };
}

/** The parts of a bond or bridge: they start with it and have no addresses of their own. */
function membersOf(given: readonly HostInterface[], types: readonly HostInterface["type"][]): HostInterface[] {
  return given.map((member) => {
    if (!types.includes(member.type)) {
      throw new LibvirtError(
        "XML_ERROR",
        "INTERFACE",
        `an interface of type '${member.type}' cannot be part of this one`,
      );
    }
    const { start: _start, mtu: _mtu, ...bare } = completeInterface(member);
    return { ...bare, protocols: [] } as HostInterface;
  });
}
