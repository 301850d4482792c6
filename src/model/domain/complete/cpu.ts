/** The guest's processor model and its NUMA nodes. */
import type { Cpu } from "../cpu.ts";
import type { ParsedDomain } from "../domain.ts";
import type { NumaCell } from "../numa.ts";
import { broken, malformed, unsupported } from "../refuse.ts";
import { set } from "./update.ts";

export function completeCpu(domain: ParsedDomain): void {
  const { cpu } = domain;
  if (cpu === undefined) return;
  completeModel(cpu);
  completeNuma(cpu);
  checkVcpus(domain, cpu);
}

/** A model is custom unless the host's is wanted, and then it has no name of its own. */
function completeModel(cpu: Cpu): void {
  if (cpu.model !== undefined && cpu.model.value === undefined && cpu.model.vendor_id === undefined) {
    if (cpu.model.fallback !== "forbid") delete cpu.model;
  }
  if (cpu.mode === undefined && cpu.model?.value !== undefined) cpu.mode = "custom";
  if (cpu.mode === "custom" && cpu.model?.value !== undefined) {
    cpu.match ??= "exact";
  }
  if (cpu.model?.value !== undefined) cpu.model.fallback ??= "allow";
  if (cpu.mode !== undefined && cpu.mode !== "custom") delete cpu.match;
  if (cpu.mode === "host-passthrough" || cpu.mode === "maximum") delete cpu.model;
  else if (cpu.migratable !== undefined) {
    unsupported("Attribute migratable is only allowed for 'host-passthrough' / 'maximum' CPU mode");
  }
}

/** Numbers the nodes, and makes distances go both ways. */
function completeNuma(cpu: Cpu): void {
  const cells = cpu.numa?.cells ?? [];
  if (cells.length === 0) {
    set(cpu, "numa", undefined);
    return;
  }
  cells.forEach((cell, at) => {
    cell.id ??= at;
  });
  const ordered = [...cells].sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
  ordered.forEach((cell, at) => {
    if (cell.id !== at) {
      malformed(
        "Exactly one 'cell' element per guest NUMA cell allowed, non-contiguous ranges or ranges not starting from 0 are not allowed",
      );
    }
  });
  cells.splice(0, cells.length, ...ordered);
  if (cells.some(({ distances }) => distances !== undefined)) completeDistances(cells);
}

/** Distance of a node to itself, and to another when nothing is said. */
const localDistance = 10;
const remoteDistance = 20;

function completeDistances(cells: readonly NumaCell[]): void {
  const given = cells.map(({ distances }) => new Map(distances?.siblings.map(({ id, value }) => [id, value])));
  cells.forEach((cell, from) => {
    const siblings = cells.map((_, to) => {
      const value = given[from]?.get(to) ?? given[to]?.get(from) ?? (from === to ? localDistance : remoteDistance);
      return { id: to, value };
    });
    const says = siblings.some(({ id }) => given[from]?.has(id) === true || given[id]?.has(from) === true);
    set(cell, "distances", says ? { siblings } : undefined);
  });
}

function checkVcpus({ vcpu }: ParsedDomain, { numa }: Cpu): void {
  const owned = (numa?.cells ?? []).map(({ cpus = [] }) => cpus);
  const last = Math.max(-1, ...owned.map((cpus) => cpus.at(-1) ?? -1));
  const count = new Set(owned.flat()).size;
  if (count > vcpu.value) broken("Number of CPUs in <numa> exceeds the <vcpu> count");
  if (last >= vcpu.value) broken("CPU IDs in <numa> exceed the <vcpu> count");
}
