/** The host's network interfaces as /sys tells of them. */
import type { KnownInterface } from "../../driver/interface/queries.ts";
import type { FileTree } from "../../host/node/file-tree.ts";
import { readInteger, readLink, readText, type SysTree } from "../../host/node/sysfs.ts";
import { bondModes, type HostInterface } from "../../model/interface.ts";

/** Where the host tells of its interfaces. */
export interface InterfaceSources {
  /** /sys */
  readonly sys: SysTree;
  /** /proc/net/vlan */
  readonly vlans: FileTree;
}

const folder = (name: string): string => `class/net/${name}`;
/** How deep interfaces that are made of others are looked into. */
const maxDepth = 3;

/** The interfaces that stand for themselves: those that are part of a bridge or a bond are told with it. */
export async function listInterfaces(sources: InterfaceSources): Promise<KnownInterface[]> {
  const { sys } = sources;
  const names = [...(await sys.list("class/net"))].sort();
  const found = await Promise.all(
    names.map(async (name) =>
      (await sys.resolve(`${folder(name)}/master`)) === null ? findInterface(sources, name) : undefined,
    ),
  );
  return found.filter((each) => each !== undefined);
}

/** One interface; undefined when there is none of that name. */
export async function findInterface(sources: InterfaceSources, name: string): Promise<KnownInterface | undefined> {
  const { sys } = sources;
  if (name === "" || name.includes("/") || name.startsWith(".")) return undefined;
  const mac = await sys.read(`${folder(name)}/address`);
  if (mac === null) return undefined;
  const active = (await sys.read(`${folder(name)}/operstate`)) === "up";
  return { name, mac, active, definition: await describe(sources, name, 0) };
}

async function describe(sources: InterfaceSources, name: string, depth: number): Promise<HostInterface> {
  const { sys } = sources;
  const files = await sys.list(folder(name));
  if (depth < maxDepth) {
    if (files.includes("bridge")) return describeBridge(sources, name, depth);
    if (files.includes("bonding")) return describeBond(sources, name, depth);
    const vlan = await describeVlan(sources, name, depth);
    if (vlan) return vlan;
  }
  const address = await readText(sys, `${folder(name)}/address`);
  return {
    type: "ethernet",
    ...(await common(sys, name, depth)),
    ...(await linkOf(sys, name)),
    ...(address !== undefined && { mac: { address } }),
  };
}

/** A part of another interface has no size of packets of its own to tell. */
async function common(sys: SysTree, name: string, depth: number) {
  const size = depth === 0 ? await readInteger(sys, `${folder(name)}/mtu`) : undefined;
  return { name, ...(size !== undefined && { mtu: { size } }), protocols: [] };
}

async function linkOf(sys: SysTree, name: string) {
  const link = await readLink(sys, name);
  return link && { link };
}

async function describeBridge(sources: InterfaceSources, name: string, depth: number): Promise<HostInterface> {
  const { sys } = sources;
  const [stp, delay, ports] = await Promise.all([
    sys.read(`${folder(name)}/bridge/stp_state`),
    readText(sys, `${folder(name)}/bridge/forward_delay`),
    sys.list(`${folder(name)}/brif`),
  ]);
  const interfaces = await Promise.all([...ports].sort().map((port) => describe(sources, port, depth + 1)));
  const bridge = { stp: stp !== "0", ...(delay !== undefined && { delay }), interfaces };
  return { type: "bridge", ...(await common(sys, name, depth)), bridge };
}

/** `active-backup 1`: names of the kernel's are followed by their numbers. */
const wordOf = (text: string | null): string | undefined => text?.split(" ")[0];

async function describeBond(sources: InterfaceSources, name: string, depth: number): Promise<HostInterface> {
  const { sys } = sources;
  const [mode, members] = await Promise.all([
    sys.read(`${folder(name)}/bonding/mode`),
    sys.read(`${folder(name)}/bonding/slaves`),
  ]);
  const names = (members ?? "").split(/\s+/).filter((member) => member !== "");
  const interfaces = await Promise.all(names.map((member) => describe(sources, member, depth + 1)));
  const known = bondModes.find((one) => one === wordOf(mode));
  const bond = { ...(known && { mode: known }), ...(await monitorOf(sys, name)), interfaces };
  return { type: "bond", ...(await common(sys, name, depth)), ...(await linkOf(sys, name)), bond };
}

/** How a bond finds out which of its parts work. */
async function monitorOf(sys: SysTree, name: string) {
  const number = (file: string) => readInteger(sys, `${folder(name)}/bonding/${file}`);
  const freq = (await number("miimon")) ?? 0;
  if (freq > 0) {
    const [downdelay = 0, updelay = 0, carrier] = await Promise.all(
      ["downdelay", "updelay", "use_carrier"].map(number),
    );
    return { miimon: { freq, downdelay, updelay, carrier: carrier === 0 ? ("ioctl" as const) : ("netif" as const) } };
  }
  const interval = (await number("arp_interval")) ?? 0;
  const target = (await sys.read(`${folder(name)}/bonding/arp_ip_target`))?.split(/\s+/)[0];
  return interval > 0 && target ? { arpmon: { interval, target } } : {};
}

/** Which device a VLAN is on, and which of its packets it gets. */
async function describeVlan({ sys, vlans }: InterfaceSources, name: string, depth: number) {
  const told = (await vlans.read(name)) ?? "";
  const tag = /\bVID: (\d{1,4})\b/.exec(told)?.[1];
  const lower = /^Device: (\S+)$/m.exec(told)?.[1];
  if (lower === undefined || tag === undefined) return undefined;
  return {
    type: "vlan" as const,
    ...(await common(sys, name, depth)),
    ...(await linkOf(sys, name)),
    vlan: { tag, interface: { name: lower } },
  };
}
