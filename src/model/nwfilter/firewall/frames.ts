/** Conditions on frames, as ebtables takes them. */
import type { FilterCondition } from "../filter.ts";
import { arpOpcodes, etherTypes, ipProtocols } from "../protocols.ts";
import { type Condition, decimal, fieldsOf, hexadecimal, masked, range, text } from "./words.ts";

/** Protocols whose rules look at frames; the others look at packets. */
const frameProtocols = ["mac", "vlan", "stp", "arp", "rarp", "ip", "ipv6"] as const;
type FrameProtocol = (typeof frameProtocols)[number];

export const isFrameProtocol = (element: string): element is FrameProtocol =>
  (frameProtocols as readonly string[]).includes(element);

/** An option with its value: nothing without a value, turned round when the condition is. */
type Option = (name: string, value: string | undefined) => string[];

/** The two ends of what is looked at, as they are written or the other way round. */
interface Ends {
  readonly src: "src" | "dst";
  readonly dst: "src" | "dst";
}

const long = { src: "source", dst: "destination" } as const;

/** Words for one condition. With `reverse`, what is written for one direction is said of the other. */
export function frameWords(condition: FilterCondition | undefined, reverse: boolean): string[] {
  if (condition === undefined || !isFrameProtocol(condition.element)) return [];
  const own = fieldsOf(condition);
  const turned = own.match === false ? ["!"] : [];
  const option: Option = (name, value) => (value === undefined ? [] : [name, ...turned, value]);
  const ends: Ends = reverse ? { src: "dst", dst: "src" } : { src: "src", dst: "dst" };
  return matches[condition.element](own, option, ends);
}

type Matches = (condition: Condition, option: Option, ends: Ends) => string[];

const macOption = { src: "-s", dst: "-d" } as const;

const macs: Matches = (own, option, { src, dst }) => [
  ...option(macOption[src], masked(own, "srcmacaddr", "srcmacmask")),
  ...option(macOption[dst], masked(own, "dstmacaddr", "dstmacmask")),
];

const arp =
  (type: string): Matches =>
  (own, option, ends) => [
    ...macs(own, option, ends),
    "-p",
    type,
    ...option("--arp-htype", decimal(own, "hwtype")),
    ...option("--arp-opcode", decimal(own, "opcode", arpOpcodes)),
    ...option("--arp-ptype", hexadecimal(own, "protocoltype")),
    ...option(`--arp-ip-${ends.src}`, masked(own, "arpsrcipaddr", "arpsrcipmask", "32")),
    ...option(`--arp-ip-${ends.dst}`, masked(own, "arpdstipaddr", "arpdstipmask", "32")),
    ...option(`--arp-mac-${ends.src}`, text(own, "arpsrcmacaddr")),
    ...option(`--arp-mac-${ends.dst}`, text(own, "arpdstmacaddr")),
    ...(own.gratuitous === "true" ? [...(own.match === false ? ["!"] : []), "--arp-gratuitous"] : []),
  ];

/** Addresses, protocol and ports; `family` is `ip` or `ip6`. */
const ip =
  (family: string): Matches =>
  (own, option, { src, dst }) => [
    ...option(`--${family}-${long[src]}`, masked(own, "srcipaddr", "srcipmask")),
    ...option(`--${family}-${long[dst]}`, masked(own, "dstipaddr", "dstipmask")),
    ...option(`--${family}-protocol`, decimal(own, "protocol", ipProtocols)),
    ...option(`--${family}-${long[src]}-port`, range(own, "srcportstart", "srcportend")),
    ...option(`--${family}-${long[dst]}-port`, range(own, "dstportstart", "dstportend")),
  ];

/** Types and codes of ICMPv6, ranges with both ends. */
function icmpv6Types(own: Condition): string | undefined {
  const [type, end] = [decimal(own, "type"), decimal(own, "typeend")];
  const [code, codeEnd] = [decimal(own, "code"), decimal(own, "codeend")];
  if ((type ?? end ?? code ?? codeEnd) === undefined) return undefined;
  return `${type ?? "0"}:${end ?? type ?? "255"}/${code ?? "0"}:${codeEnd ?? code ?? "255"}`;
}

/** What spanning tree frames hold, in ebtables' names; those with a second value are ranges. */
const stpFields: readonly (readonly [option: string, field: string, end?: string])[] = [
  ["type", "type"],
  ["flags", "flags"],
  ["root-prio", "root-priority", "root-priority-hi"],
  ["root-addr", "root-address", "root-address-mask"],
  ["root-cost", "root-cost", "root-cost-hi"],
  ["sender-prio", "sender-priority", "sender-priority-hi"],
  ["sender-addr", "sender-address", "sender-address-mask"],
  ["port", "port", "port-hi"],
  ["msg-age", "age", "age-hi"],
  ["max-age", "max-age", "max-age-hi"],
  ["hello-time", "hello-time", "hello-time-hi"],
  ["forward-delay", "forward-delay", "forward-delay-hi"],
];

/** The address of all bridges. */
export const bridgeGroup = "01:80:c2:00:00:00";

const matches: Readonly<Record<FrameProtocol, Matches>> = {
  mac: (own, option, ends) => [...macs(own, option, ends), ...option("-p", hexadecimal(own, "protocolid", etherTypes))],
  vlan: (own, option, ends) => [
    ...macs(own, option, ends),
    "-p",
    "0x8100",
    ...option("--vlan-id", decimal(own, "vlanid")),
    ...option("--vlan-encap", decimal(own, "encap-protocol", etherTypes)),
  ],
  stp: (own, option, ends) => [
    ...option(macOption[ends.src], masked(own, "srcmacaddr", "srcmacmask")),
    "-d",
    bridgeGroup,
    ...stpFields.flatMap(([name, field, end]) => {
      const addressed = end?.endsWith("mask") ? masked(own, field, end) : undefined;
      return option(`--stp-${name}`, addressed ?? (end ? range(own, field, end) : decimal(own, field)));
    }),
  ],
  arp: arp("0x806"),
  rarp: arp("0x8035"),
  ip: (own, option, ends) => [
    ...macs(own, option, ends),
    "-p",
    "ipv4",
    ...ip("ip")(own, option, ends),
    ...option("--ip-tos", hexadecimal(own, "dscp")),
  ],
  ipv6: (own, option, ends) => [
    ...macs(own, option, ends),
    "-p",
    "ipv6",
    ...ip("ip6")(own, option, ends),
    ...option("--ip6-icmp-type", icmpv6Types(own)),
  ],
};
