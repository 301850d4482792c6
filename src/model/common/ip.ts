/** IP addresses and networks: text in, numbers to compute with, libvirt's canonical text out. */
import { InvalidValue, quote, type Scalar } from "../../xml/index.ts";

export type IpFamily = "ipv4" | "ipv6";

/** An address as a number of 32 or 128 bits. */
export interface Ip {
  readonly family: IpFamily;
  readonly value: bigint;
}

/** Bits of an address. */
export const ipBits = { ipv4: 32, ipv6: 128 } as const;

/** The address a text stands for, or undefined. Short IPv4 forms such as `10.1` are read as the C library does. */
export function parseIp(text: string): Ip | undefined {
  if (text.includes(":")) {
    const value = parseIpv6(text);
    return value === undefined ? undefined : { family: "ipv6", value };
  }
  const value = parseIpv4(text);
  return value === undefined ? undefined : { family: "ipv4", value };
}

function parseIpv4(text: string): bigint | undefined {
  // A leading zero would mean octal to the C library and decimal to everybody else: refused.
  if (!/^(0|[1-9]\d{0,9})(\.(0|[1-9]\d{0,9})){0,3}$/.test(text)) return undefined;
  const parts = text.split(".").map(Number);
  const last = parts.pop() ?? 0;
  if (parts.some((part) => part > 255) || last >= 256 ** (4 - parts.length)) return undefined;
  let value = 0n;
  for (const part of parts) value = (value << 8n) | BigInt(part);
  return (value << BigInt(8 * (4 - parts.length))) | BigInt(last);
}

function parseIpv6(text: string): bigint | undefined {
  let groups = text;
  const dotted = /^(.*:)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.exec(text);
  if (dotted !== null) {
    const [, head = "", tail = ""] = dotted;
    const low = parseIpv4(tail);
    if (low === undefined) return undefined;
    groups = `${head}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  }
  const halves = groups.split("::");
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (left === undefined || ![...left, ...(right ?? [])].every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) {
    return undefined;
  }
  const missing = 8 - left.length - (right?.length ?? 0);
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...left, ...Array<string>(missing).fill("0"), ...(right ?? [])];
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** An address in its canonical form: the longest run of zero groups of IPv6 becomes `::`. */
export function formatIp({ family, value }: Ip): string {
  if (family === "ipv4") return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
  const groups = Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(112 - 16 * at)) & 0xffffn));
  const { start, length } = longestZeroRun(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  // An IPv4 address in IPv6 clothes keeps its dots, as inet_ntop prints it.
  if (start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff))) {
    return `${length === 6 ? "::" : "::ffff:"}${formatIp({ family: "ipv4", value: value & 0xffff_ffffn })}`;
  }
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
    start = Math.max(start, end);
  }
  return best;
}

/** The mask with that many leading ones. */
export function maskOf(family: IpFamily, prefix: number): bigint {
  const bits = ipBits[family];
  return ((1n << BigInt(prefix)) - 1n) << BigInt(bits - prefix);
}

/** How many leading ones a mask has; undefined when ones follow a zero. */
export function prefixOfMask({ family, value }: Ip): number | undefined {
  for (let prefix = 0; prefix <= ipBits[family]; prefix++) if (maskOf(family, prefix) === value) return prefix;
  return undefined;
}

/** The prefix length of an address that says none: its class in IPv4, 64 bits in IPv6. */
export function defaultPrefix({ family, value }: Ip): number {
  if (family === "ipv6") return 64;
  if (value === 0n) return 0;
  const first = Number(value >> 24n);
  if (first < 128) return 8;
  if (first < 192) return 16;
  if (first < 224) return 24;
  return first < 240 ? 4 : 32;
}

/** Any IP address, kept in canonical form. */
export const ipAddress: Scalar<string> = {
  parse(text) {
    const ip = parseIp(text);
    if (ip === undefined) throw new InvalidValue(`${quote(text)} is not an IP address`);
    return formatIp(ip);
  },
  format: (value) => value,
};

/** An IPv4 address, kept in canonical form. */
export const ipv4Address: Scalar<string> = {
  parse(text) {
    const ip = parseIp(text);
    if (ip?.family !== "ipv4") throw new InvalidValue(`${quote(text)} is not an IPv4 address`);
    return formatIp(ip);
  },
  format: (value) => value,
};
