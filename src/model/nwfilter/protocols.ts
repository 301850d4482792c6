/** What a rule can look at, protocol by protocol, in printed order. */
import { attr, type Fields, yesNo } from "../../xml/index.ts";
import type { IpFamily } from "../common/ip.ts";
import {
  boolean,
  comment as commentText,
  connectionState,
  ip,
  ipMask,
  ipsetFlags,
  ipsetName,
  macAddress,
  macMask,
  namedNumber,
  number,
  tcpFlags,
} from "./values.ts";

/** `no` turns the condition round. */
const match = { match: attr(yesNo).omit(true) } satisfies Fields;
const comment = { comment: attr(commentText) } satisfies Fields;

const u8 = attr(number(0xff));
const u16 = attr(number(0xffff));
const u32 = attr(number(0xffff_ffff));
const macField = attr(macAddress);
const macMaskField = attr(macMask);

const srcmac = { srcmacaddr: macField } satisfies Fields;
const srcmacs = { srcmacaddr: macField, srcmacmask: macMaskField } satisfies Fields;
const macs = { ...srcmacs, dstmacaddr: macField, dstmacmask: macMaskField } satisfies Fields;

/** Names of numbers in a frame's type field. */
export const etherTypes = { ipv4: 0x800, arp: 0x806, rarp: 0x8035, ipv6: 0x86dd, vlan: 0x8100 };
/** Smaller ones would be lengths. */
const etherType = attr(namedNumber(etherTypes, 0xffff, 0x600));

/** Names of numbers in a packet's protocol field. */
export const ipProtocols = { tcp: 6, udp: 17, udplite: 136, esp: 50, ah: 51, icmp: 1, igmp: 2, sctp: 132, icmpv6: 58 };
const ipProtocol = attr(namedNumber(ipProtocols, 0xff));

/** Names of what an ARP frame is for. */
export const arpOpcodes = {
  Request: 1,
  Reply: 2,
  Request_Reverse: 3,
  Reply_Reverse: 4,
  DRARP_Request: 5,
  DRARP_Reply: 6,
  DRARP_Error: 7,
  InARP_Request: 8,
  ARP_NAK: 9,
};

const addresses = (family: IpFamily) =>
  ({
    srcipaddr: attr(ip(family)),
    srcipmask: attr(ipMask(family)),
    dstipaddr: attr(ip(family)),
    dstipmask: attr(ipMask(family)),
  }) satisfies Fields;

const ports = { srcportstart: u16, srcportend: u16, dstportstart: u16, dstportend: u16 } satisfies Fields;

/** Six bits of a packet's traffic class. */
const dscp = { dscp: attr(number(63)) } satisfies Fields;

/** What every rule that iptables does has. */
const traced = (family: IpFamily) =>
  ({
    ...match,
    ...srcmac,
    ...addresses(family),
    srcipfrom: attr(ip(family)),
    srcipto: attr(ip(family)),
    dstipfrom: attr(ip(family)),
    dstipto: attr(ip(family)),
    ...dscp,
    /** More connections than this from one host. */
    "connlimit-above": u16,
    state: attr(connectionState),
  }) satisfies Fields;

const ipset = { ipset: attr(ipsetName), ipsetflags: attr(ipsetFlags) } satisfies Fields;

const arp = {
  ...match,
  ...macs,
  hwtype: u16,
  protocoltype: u16,
  opcode: attr(namedNumber(arpOpcodes, 0xffff)),
  arpsrcmacaddr: macField,
  arpdstmacaddr: macField,
  arpsrcipaddr: attr(ip("ipv4")),
  arpsrcipmask: attr(ipMask("ipv4")),
  arpdstipaddr: attr(ip("ipv4")),
  arpdstipmask: attr(ipMask("ipv4")),
  gratuitous: attr(boolean),
  ...comment,
} satisfies Fields;

const stp = {
  ...match,
  ...srcmacs,
  type: u8,
  flags: u8,
  "root-priority": u16,
  "root-priority-hi": u16,
  "root-address": macField,
  "root-address-mask": macMaskField,
  "root-cost": u32,
  "root-cost-hi": u32,
  "sender-priority": u16,
  "sender-priority-hi": u16,
  "sender-address": macField,
  "sender-address-mask": macMaskField,
  port: u16,
  "port-hi": u16,
  age: u16,
  "age-hi": u16,
  "max-age": u16,
  "max-age-hi": u16,
  "hello-time": u16,
  "hello-time-hi": u16,
  "forward-delay": u16,
  "forward-delay-hi": u16,
  ...comment,
} satisfies Fields;

const icmp = { type: u8, code: u8 } satisfies Fields;
const v4 = traced("ipv4");
const v6 = traced("ipv6");
const option = { option: u8 } satisfies Fields;

/** Each protocol's element. */
export const protocols = {
  mac: { ...match, ...macs, protocolid: etherType, ...comment },
  vlan: { ...match, ...macs, vlanid: attr(number(4095)), "encap-protocol": etherType, ...comment },
  stp,
  arp,
  rarp: arp,
  ip: { ...match, ...macs, ...addresses("ipv4"), protocol: ipProtocol, ...ports, ...dscp, ...comment },
  ipv6: {
    ...match,
    ...macs,
    ...addresses("ipv6"),
    protocol: ipProtocol,
    ...ports,
    type: u8,
    typeend: u8,
    code: u8,
    codeend: u8,
    ...comment,
  },
  tcp: { ...v4, ...ports, ...option, flags: attr(tcpFlags), ...comment },
  udp: { ...v4, ...ports, ...comment },
  sctp: { ...v4, ...ports, ...comment },
  icmp: { ...v4, ...icmp, ...comment },
  igmp: { ...v4, ...comment },
  all: { ...v4, ...ipset, ...comment },
  esp: { ...v4, ...comment },
  ah: { ...v4, ...comment },
  udplite: { ...v4, ...comment },
  "tcp-ipv6": { ...v6, ...ports, ...option, ...comment },
  "udp-ipv6": { ...v6, ...ports, ...comment },
  "sctp-ipv6": { ...v6, ...ports, ...comment },
  icmpv6: { ...v6, ...icmp, ...comment },
  "all-ipv6": { ...v6, ...ipset, ...comment },
  "esp-ipv6": { ...v6, ...comment },
  "ah-ipv6": { ...v6, ...comment },
  "udplite-ipv6": { ...v6, ...comment },
} satisfies Readonly<Record<string, Fields>>;
