/** Processor model and NUMA topology. */
import { type ErrorName, LibvirtError } from "../../../errors.ts";
import type { Cpu } from "../cpu.ts";
import type { Domain } from "../domain.ts";
import type { Numa, NumaCell } from "../numa.ts";
import { broken, invalidValue, malformed, unsupported } from "../refuse.ts";

export function validateCpu({ cpu, vcpu, numatune }: Domain): void {
  if (cpu !== undefined) {
    validateModel(cpu);
    validateTopology(cpu);
    if (cpu.numa !== undefined) validateNuma(cpu.numa, vcpu.value);
  }
  validateNumatune(numatune, cpu?.numa?.cells.length ?? 0);
}

function cpuError(detail: string, code: ErrorName = "XML_ERROR"): never {
  throw new LibvirtError(code, "CPU", detail);
}

function validateModel({ mode, model, vendor, features, cache }: Cpu): void {
  const named = model?.value !== undefined;
  const ofHost = mode !== undefined && mode !== "custom";
  if (vendor !== undefined && !named && !ofHost) cpuError("CPU vendor specified without CPU model");
  if (features.length > 0 && !named && !ofHost) cpuError("Non-empty feature list specified without CPU model");
  const vendorId = model?.vendor_id;
  if (vendorId !== undefined && vendorId.length !== 12) cpuError("vendor_id must be exactly 12 characters long");
  if (vendorId?.includes(",")) cpuError("vendor id is invalid");
  if (cache?.level === 0) cpuError("invalid CPU cache level, must be in range [1,3]");
  const seen = new Set<string>();
  for (const { name } of features) {
    if (name === "") cpuError("Invalid CPU feature name");
    if (seen.has(name)) cpuError(`CPU feature '${name}' specified more than once`);
    seen.add(name);
  }
}

function validateTopology({ topology }: Cpu): void {
  for (const [part, count] of Object.entries(topology ?? {})) {
    if (count === 0) {
      invalidValue(`Invalid value for attribute '${part}' in element 'topology': Zero is not permitted`);
    }
  }
}

function validateNuma(numa: Numa, vcpus: number): void {
  const { cells, interconnects } = numa;
  validateCellCpus(cells, vcpus);
  for (const cell of cells) validateCell(cell, cells.length);
  for (const reach of [...(interconnects?.latencies ?? []), ...(interconnects?.bandwidths ?? [])]) {
    validateReach(reach, cells);
  }
}

function validateCellCpus(cells: readonly NumaCell[], vcpus: number): void {
  const owner = new Map<number, number | undefined>();
  for (const { id, cpus = [] } of cells) {
    for (const cpu of cpus) {
      if (owner.has(cpu)) unsupported(`NUMA cells ${id} and ${owner.get(cpu)} have overlapping vCPU ids`);
      owner.set(cpu, id);
    }
  }
  if (owner.size > vcpus) broken("Number of CPUs in <numa> exceeds the <vcpu> count");
}

function validateCell({ id, distances, caches }: NumaCell, count: number): void {
  for (const { id: sibling, value } of distances?.siblings ?? []) {
    if (sibling >= count)
      malformed(`'sibling_id ${sibling}' does not refer to a valid cell within NUMA 'cell id ${id}'`);
    if (value < 10) malformed(`'value ${value}' is invalid for 'sibling id ${sibling}' under NUMA 'cell id ${id}'`);
    if (sibling === id && value !== 10) {
      malformed(`'value ${value}' is invalid for 'sibling id ${sibling}' under NUMA 'cell id ${id}'`);
    }
  }
  const levels = new Set<number>();
  for (const { level } of caches) {
    if (levels.has(level)) malformed(`Cache level '${level}' already defined`);
    levels.add(level);
  }
}

type Reach = NonNullable<Numa["interconnects"]>["latencies"][number];

function validateReach({ initiator, target, cache }: Omit<Reach, "value">, cells: readonly NumaCell[]): void {
  if (initiator >= cells.length) malformed("'initiator' refers to a non-existent NUMA node");
  const node = cells[target];
  if (node === undefined) malformed("'target' refers to a non-existent NUMA node");
  if (cache !== 0 && !node.caches.some(({ level }) => level === cache)) {
    malformed("'cache' refers to a non-existent NUMA node cache");
  }
}

function validateNumatune(numatune: Domain["numatune"], cells: number): void {
  const memnodes = numatune?.memnodes ?? [];
  if (memnodes.length === 0) return;
  if (cells === 0) malformed("Element 'memnode' is invalid without any guest NUMA cells");
  if (numatune?.memory?.placement === "auto") {
    unsupported("Per-node binding is not compatible with automatic NUMA placement.");
  }
  const restrictive = numatune?.memory?.mode === "restrictive";
  const seen = new Set<number>();
  for (const { cellid, mode, nodeset } of memnodes) {
    if (cellid >= cells) {
      malformed("Argument 'cellid' in memnode element must correspond to existing guest's NUMA cell");
    }
    if (seen.has(cellid)) malformed(`Multiple memnode elements with cellid ${cellid}`);
    seen.add(cellid);
    if (nodeset.length === 0) unsupported("Invalid value of 'nodeset': it names no node");
    if (restrictive && mode !== "restrictive") {
      malformed("'restrictive' mode is required in memnode element when mode is 'restrictive' in memory element");
    }
  }
}
