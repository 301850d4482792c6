/** What a filter becomes for one interface of a guest: chains and rules of ebtables, iptables and ip6tables. */
import { LibvirtError } from "../../../errors.ts";
import type { Filter, FilterCondition, FilterEntry, FilterRef } from "../filter.ts";
import { bridgeGroup, frameWords, isFrameProtocol } from "./frames.ts";
import { isIpv6Protocol, type PacketLine, packetLines } from "./packets.ts";
import { missingVariables, type Variables, withValues } from "./variables.ts";

/** Frames that the guest sends, and frames that come to it. */
export type FrameSide = "from" | "to";

/** A chain of ebtables of its own, for part of the frames. */
export interface FrameChain {
  readonly kind: "chain";
  readonly side: FrameSide;
  /** The filter's name for it. */
  readonly chain: string;
  /** What frames are like that go through it. */
  readonly words: readonly string[];
}

/** A rule of ebtables. */
export interface FrameLine {
  readonly kind: "rule";
  readonly side: FrameSide;
  /** `root`, or one of the chains. */
  readonly chain: string;
  readonly words: readonly string[];
}

export interface FirewallPlan {
  /** What the root chains do, in order: rules, and ways to other chains, which have no `-j` of their own. */
  readonly root: readonly (FrameLine | FrameChain)[];
  /** The rules of the other chains. */
  readonly inner: readonly FrameLine[];
  readonly ipv4: readonly PacketLine[];
  readonly ipv6: readonly PacketLine[];
}

/** The filter of a name. */
export type FindFilter = (name: string) => Filter | undefined;

type Rule = Extract<FilterEntry, { element: "rule" }>;

/** A rule with where it stands. */
interface Placed {
  readonly rule: Rule;
  readonly filter: Filter;
  readonly variables: Variables;
}

/** Values of parameters; a name that comes again has one more value. */
export function valuesOf(parameters: FilterRef["parameters"]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { name = "", value = "" } of parameters) values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

/** How deep filters may refer to others. */
const maxDepth = 50;

function placedRules(filter: Filter, find: FindFilter, variables: Variables, depth = 0): Placed[] {
  if (depth > maxDepth) throw new LibvirtError("OPERATION_FAILED", "NWFILTER", "filters refer to others without end");
  return filter.entries.flatMap((entry) => {
    if (entry.element === "rule") return [{ rule: entry, filter, variables }];
    const referred = find(entry.filter);
    if (referred === undefined) {
      throw new LibvirtError("INTERNAL_ERROR", "NWFILTER", `referenced filter '${entry.filter}' is missing`);
    }
    // What comes from further out counts more.
    return placedRules(referred, find, new Map([...valuesOf(entry.parameters), ...variables]), depth + 1);
  });
}

/** The names of the filters that a filter leads to, its own among them. */
export function filtersOf(name: string, find: FindFilter, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const entry of find(name)?.entries ?? []) {
    if (entry.element === "filterref") filtersOf(entry.filter, find, seen);
  }
  return seen;
}

/** The names of the variables without which a filter cannot be put to work, or whose values are too few. */
export function unresolvedVariables(filter: Filter, find: FindFilter, variables: Variables): string[] {
  const missing = placedRules(filter, find, variables).flatMap(({ rule, variables: own }) =>
    missingVariables(rule.conditions[0], own),
  );
  return [...new Set(missing)];
}

const byPriority = <T extends { readonly priority: number }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => a.priority - b.priority);

/**
 * What to do on the host.
 * @throws LibvirtError INTERNAL_ERROR when a filter or a variable's value is missing; XML_ERROR for a value that has no
 *   sense where it is used
 */
export function planFirewall(filter: Filter, find: FindFilter, variables: Variables): FirewallPlan {
  const missing = unresolvedVariables(filter, find, variables);
  if (missing.length > 0) {
    const text = `Cannot instantiate filter due to unresolvable variables or unavailable list elements: ${missing.join(", ")}`;
    throw new LibvirtError("INTERNAL_ERROR", "NWFILTER", text);
  }
  const placed = byPriority(
    placedRules(filter, find, variables).map((place) => ({ ...place, priority: place.rule.priority })),
  );
  const frames = placed.flatMap((place) =>
    isPacketRule(place.rule) ? [] : frameLines(place).map((line) => ({ ...line, priority: place.priority })),
  );
  const packets = (ipv6: boolean) =>
    placed
      .filter(({ rule }) => isPacketRule(rule) && isIpv6Protocol(protocolOf(rule)) === ipv6)
      .flatMap(linesOfPackets);
  const chains = chainsOf(placed, frames);
  const strip = <T extends { priority: number }>({ priority: _, ...line }: T) => line;
  const root = byPriority([...chains, ...frames.filter(({ chain }) => chain === "root")]);
  return {
    root: root.map(strip),
    inner: frames.filter(({ chain }) => chain !== "root").map(strip),
    ipv4: packets(false),
    ipv6: packets(true),
  };
}

/** A rule without a protocol is about all frames. */
const protocolOf = (rule: Rule): string => rule.conditions[0]?.element ?? "mac";
const isPacketRule = (rule: Rule): boolean => !isFrameProtocol(protocolOf(rule));

/** A rule's conditions with the values of variables. */
const conditionsOf = ({ rule, variables }: Placed): (FilterCondition | undefined)[] =>
  rule.conditions[0] === undefined ? [undefined] : withValues(rule.conditions[0], variables);

const frameTargets = {
  accept: "ACCEPT",
  drop: "DROP",
  reject: "DROP",
  return: "RETURN",
  continue: "CONTINUE",
} as const;

function frameLines(place: Placed): FrameLine[] {
  const { rule, filter } = place;
  const sides = { in: ["to"], out: ["from"], inout: ["from", "to"] } as const;
  return conditionsOf(place).flatMap((condition) =>
    sides[rule.direction].map((side) => ({
      kind: "rule",
      side,
      chain: filter.chain,
      words: [
        // What goes both ways is written as it comes in.
        ...frameWords(condition, rule.direction === "inout" && side === "from"),
        "-j",
        frameTargets[rule.action],
      ],
    })),
  );
}

function linesOfPackets(place: Placed): PacketLine[] {
  const { action, direction, statematch = true } = place.rule;
  return conditionsOf(place).flatMap((condition) =>
    condition === undefined ? [] : packetLines({ action, direction, statematch, condition }),
  );
}

/** What leads to a chain, by what its name begins with. */
const ways: readonly (readonly [prefix: string, words: readonly string[]])[] = [
  ["mac", []],
  ["vlan", ["-p", "0x8100"]],
  ["stp", ["-d", bridgeGroup]],
  ["ipv4", ["-p", "0x0800"]],
  ["ipv6", ["-p", "0x86dd"]],
  ["arp", ["-p", "0x0806"]],
  ["rarp", ["-p", "0x8035"]],
];

/** The chains that have rules, those of what the guest sends first. */
function chainsOf(placed: readonly Placed[], lines: readonly FrameLine[]): (FrameChain & { priority: number })[] {
  const priorities = new Map(placed.map(({ filter }) => [filter.chain, filter.priority ?? 0]));
  const sides: readonly FrameSide[] = ["from", "to"];
  return sides.flatMap((side) => {
    const names = new Set(
      lines.filter((line) => line.side === side && line.chain !== "root").map(({ chain }) => chain),
    );
    return [...names].map((chain) => {
      const words = ways.find(([prefix]) => chain.startsWith(prefix))?.[1] ?? [];
      return { kind: "chain", side, chain, words, priority: priorities.get(chain) ?? 0 };
    });
  });
}
