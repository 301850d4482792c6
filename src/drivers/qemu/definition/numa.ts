/** vCPUs that no NUMA node names. */
import type { ParsedDomain } from "../../../model/domain/index.ts";

/** QEMU puts them into the first node; the definition says so, lest a newer QEMU puts them elsewhere. */
export function completeNumaCpus({ cpu, vcpu }: ParsedDomain): void {
  const cells = cpu?.numa?.cells ?? [];
  const first = cells.find(({ id }) => id === 0) ?? cells[0];
  if (first === undefined) return;
  const named = new Set(cells.flatMap(({ cpus }) => cpus ?? []));
  if (named.size >= vcpu.value) return;
  const missing = Array.from({ length: vcpu.value }, (_, id) => id).filter((id) => !named.has(id));
  first.cpus = [...(first.cpus ?? []), ...missing].sort((a, b) => a - b);
}
