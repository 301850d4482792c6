/** Conditions on packets, as iptables and ip6tables take them. */
import type { FilterCondition } from "../filter.ts";
import { type Condition, decimal, fieldsOf, masked, range, text } from "./words.ts";

/** A rule that looks at packets, without variables. */
export interface PacketRule {
  readonly action: string;
  readonly direction: "in" | "out" | "inout";
  readonly statematch: boolean;
  readonly condition: FilterCondition;
}

/** One rule of iptables: the chain by its letters, and words. */
export interface PacketLine {
  readonly chain: PacketChain;
  readonly words: readonly string[];
}

/** Packets that the guest sends on, packets that come to it, packets that it sends to the host. */
export type PacketChain = "from" | "to" | "host";

/** Whether a condition is one of IPv6. */
export const isIpv6Protocol = (element: string): boolean => element === "icmpv6" || element.endsWith("-ipv6");

const targets: Readonly<Record<string, string>> = {
  drop: "DROP",
  reject: "REJECT",
  return: "RETURN",
  continue: "CONTINUE",
};

/** The rule of each chain that a rule becomes. */
export function packetLines(rule: PacketRule): PacketLine[] {
  const chains: readonly PacketChain[] = ["from", "to", "host"];
  return chains.flatMap((chain) => {
    const words = wordsFor(rule, chain);
    const target = rule.action === "accept" ? (chain === "to" ? "ACCEPT" : "RETURN") : targets[rule.action];
    return words === undefined || target === undefined ? [] : [{ chain, words: [...words, "-j", target] }];
  });
}

/** Words for one chain; undefined where the rule has nothing to say there. */
function wordsFor(rule: PacketRule, chain: PacketChain): string[] | undefined {
  const own = fieldsOf(rule.condition);
  // A rule is written for one direction; packets of the other are those that come back.
  const forward = (rule.direction === "out") === (chain !== "to");
  const [limit, state] = [decimal(own, "connlimit-above"), text(own, "state")];
  const stated = state !== undefined && rule.statematch;
  if (!forward && (limit !== undefined || (stated && rule.direction !== "inout"))) return undefined;
  const typed = typeWords(rule.condition, own);
  if (!forward && typed.length > 0 && rule.direction !== "inout") return undefined;
  const mac = forward ? negatable(own, ["-m", "mac"], "--mac-source", text(own, "srcmacaddr")) : [];
  const rest = [...addressWords(own, forward), ...portWords(own, forward), ...typed];
  // Nobody can tell by its target's address who sent a packet.
  if (!forward && text(own, "srcmacaddr") !== undefined && rest.length === 0) return undefined;
  return [
    "-p",
    protocolOf(rule.condition.element),
    ...mac,
    ...rest,
    ...stateWords(rule, own, forward),
    ...limitWords(own),
    ...setWords(own, forward),
    ...noted(own),
  ];
}

const protocolOf = (element: string): string => element.replace(/-ipv6$/, "");

/** An option that may be turned round, behind the words that it needs. */
function negatable(own: Condition, before: readonly string[], option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [...before, ...(own.match === false ? ["!"] : []), option, value];
}

function addressWords(own: Condition, forward: boolean): string[] {
  const [source, destination] = forward ? (["source", "destination"] as const) : (["destination", "source"] as const);
  const [src, dst] = forward ? (["src", "dst"] as const) : (["dst", "src"] as const);
  /** A single address, or else a span of them. */
  const end = (option: string, side: string, name: "src" | "dst"): string[] => {
    const address = masked(own, `${name}ipaddr`, `${name}ipmask`);
    if (address !== undefined) return negatable(own, [], `--${option}`, address);
    const [first, last] = [text(own, `${name}ipfrom`), text(own, `${name}ipto`)];
    const span = first === undefined || last === undefined ? first : `${first}-${last}`;
    return negatable(own, ["-m", "iprange"], `--${side}-range`, span);
  };
  return [
    ...end(source, src, "src"),
    ...end(destination, dst, "dst"),
    ...negatable(own, ["-m", "dscp"], "--dscp", decimal(own, "dscp")),
  ];
}

function setWords(own: Condition, forward: boolean): string[] {
  const [name, flags] = [text(own, "ipset"), text(own, "ipsetflags")];
  if (name === undefined || flags === undefined) return [];
  const turn = (flag: string): string => (forward ? flag : flag === "src" ? "dst" : "src");
  return ["-m", "set", "--match-set", name, flags.split(",").map(turn).join(",")];
}

function portWords(own: Condition, forward: boolean): string[] {
  const [sport, dport] = forward ? ["--sport", "--dport"] : ["--dport", "--sport"];
  const flags = text(own, "flags");
  return [
    ...(flags === undefined
      ? []
      : negatable(own, [], "--tcp-flags", flags.split("/")[0]).concat(flags.split("/")[1] ?? "")),
    ...negatable(own, [], sport ?? "", range(own, "srcportstart", "srcportend")),
    ...negatable(own, [], dport ?? "", range(own, "dstportstart", "dstportend")),
    ...negatable(own, [], "--tcp-option", decimal(own, "option")),
  ];
}

/** The type of an ICMP packet: answers have another, which is not told. */
function typeWords({ element }: FilterCondition, own: Condition): string[] {
  const option = { icmp: "--icmp-type", icmpv6: "--icmpv6-type" }[element as string];
  return option === undefined ? [] : negatable(own, [], option, range(own, "type", "code", "/"));
}

/** What is asked of the connection that a packet belongs to. */
function stateWords(rule: PacketRule, own: Condition, forward: boolean): string[] {
  const state = text(own, "state");
  if (!rule.statematch) return [];
  if (state !== undefined) return state === "NONE" || state === "" ? [] : ["-m", "conntrack", "--ctstate", state];
  if (text(own, "connlimit-above") !== undefined) return [];
  if (rule.action !== "accept" || rule.direction === "inout") return [];
  const states = forward ? "NEW,ESTABLISHED" : "ESTABLISHED";
  const way = ["-m", "conntrack", "--ctdir", forward ? "Original" : "Reply"];
  return ["-m", "conntrack", "--ctstate", states, ...(typeWords(rule.condition, own).length > 0 ? [] : way)];
}

const limitWords = (own: Condition): string[] =>
  negatable(own, ["-m", "connlimit"], "--connlimit-above", decimal(own, "connlimit-above"));

function noted(own: Condition): string[] {
  const comment = text(own, "comment");
  return comment === undefined ? [] : ["-m", "comment", "--comment", comment];
}
