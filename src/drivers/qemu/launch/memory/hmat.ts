/** How fast NUMA nodes reach each other's memory and caches (ACPI's HMAT). */
import type { Domain, NumaCell } from "../../../../model/domain/index.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import type { Part } from "../parts/part.ts";

export function usesHmat({ cpu }: Domain): boolean {
  const { cells = [], interconnects } = cpu?.numa ?? {};
  return interconnects !== undefined || cells.some(({ caches }) => caches.length > 0);
}

/** The node whose CPUs are nearest to a node's memory: the node itself if it has any. */
export function initiatorOf(node: number, domain: Domain): number | undefined {
  if (!usesHmat(domain)) return undefined;
  const { cells = [], interconnects } = domain.cpu?.numa ?? {};
  if ((cells[node]?.cpus ?? []).length > 0) return node;
  const toMemory = ({ target, cache }: { target: number; cache?: number | undefined }) =>
    target === node && (cache ?? 0) === 0;
  const latencies = interconnects?.latencies.filter(toMemory) ?? [];
  const [fastest] = latencies.toSorted((a, b) => a.value - b.value);
  if (fastest !== undefined) return fastest.initiator;
  const bandwidths = interconnects?.bandwidths.filter(toMemory) ?? [];
  const [widest] = bandwidths.toSorted((a, b) => Number(b.value - a.value));
  return widest?.initiator;
}

export function hmatParts(domain: Domain): Part[] {
  const { cells = [], interconnects } = domain.cpu?.numa ?? {};
  const latencies = interconnects?.latencies ?? [];
  const bandwidths = interconnects?.bandwidths ?? [];
  return [
    ...latencies.map((reach) => reachPart(reach, "latency", { latency: reach.value })),
    ...bandwidths.map((reach) => reachPart(reach, "bandwidth", { bandwidth: `${reach.value}K` })),
    ...cells.flatMap(({ caches }, node) => caches.map((cache) => cachePart(node, cache))),
  ];
}

interface Reach {
  readonly initiator: number;
  readonly target: number;
  readonly cache?: number | undefined;
  readonly type: string;
}

function reachPart(
  { initiator, target, cache, type }: Reach,
  of: string,
  value: Record<string, string | number>,
): Part {
  const hierarchy = cache === undefined || cache === 0 ? "memory" : levels[cache];
  return keyedOption("-numa", "hmat-lb", {
    initiator,
    target,
    hierarchy,
    "data-type": `${type}-${of}`,
    ...value,
  });
}

const levels: readonly (string | undefined)[] = [undefined, "first-level", "second-level", "third-level"];

const associativities = { none: "none", direct: "direct", full: "complex" } as const;
const policies = { none: "none", writeback: "write-back", writethrough: "write-through" } as const;

function cachePart(node: number, { level, associativity, policy, size, line }: NumaCell["caches"][number]): Part {
  return keyedOption("-numa", "hmat-cache", {
    "node-id": node,
    size: `${size.value}K`,
    level,
    associativity: associativities[associativity],
    policy: policies[policy],
    line: line.value,
  });
}
