/** Shares of the host's caches and memory bandwidth, which the kernel gives to groups of vCPUs (resctrl). */
import type { Domain } from "../domain.ts";
import { malformed } from "../refuse.ts";

type Cputune = NonNullable<Domain["cputune"]>;
type CacheTune = Cputune["cachetunes"][number];
type MemoryTune = Cputune["memorytunes"][number];

export function validateCacheTuning({ cputune }: Domain): void {
  const groups: number[][] = [];
  for (const tune of cputune?.cachetunes ?? []) {
    if (join(groups, tune.vcpus)) malformed("Identical vcpus in cachetunes found");
    validateCaches(tune);
    validateMonitors(tune);
  }
  const memoryGroups: number[][] = [];
  for (const tune of cputune?.memorytunes ?? []) {
    if (join(memoryGroups, tune.vcpus)) malformed("Identical vcpus in memorytunes found");
    join(groups, tune.vcpus);
    validateNodes(tune);
    validateMonitors(tune);
  }
}

/** Adds a group of vCPUs; true when just that group is there already. A vCPU is in one group only. */
function join(groups: number[][], vcpus: readonly number[]): boolean {
  if (vcpus.length === 0) malformed("Invalid value of 'vcpus': it names no vCPU");
  for (const group of groups) {
    const shared = vcpus.filter((vcpu) => group.includes(vcpu)).length;
    if (shared === 0) continue;
    if (shared === group.length && shared === vcpus.length) return true;
    malformed("Overlapping vcpus in resctrls");
  }
  groups.push([...vcpus]);
  return false;
}

/** A part of a cache is given once, for code and data together or apart. */
function validateCaches({ caches }: CacheTune): void {
  const taken = new Map<string, Set<string>>();
  for (const { level, id, type, size } of caches) {
    const types = taken.get(`${level} ${id}`) ?? new Set();
    const collides = types.has(type) || types.has("both") || (type === "both" && types.size > 0);
    if (collides) malformed(`Colliding cache allocations for cache level '${level}' id '${id}', type '${type}'`);
    if (size === 0n) malformed("cache allocation of size 0");
    taken.set(`${level} ${id}`, types.add(type));
  }
}

function validateNodes({ nodes }: MemoryTune): void {
  const taken = new Set<number>();
  for (const { id, bandwidth } of nodes) {
    if (taken.has(id)) malformed(`Memory Bandwidth already defined for node ${id}`);
    if (bandwidth > 100) malformed("Memory Bandwidth value exceeding 100 is invalid.");
    taken.add(id);
  }
}

/** A monitor watches vCPUs of its group, all of them or some that no other monitor watches. */
function validateMonitors({ vcpus, monitors }: CacheTune | MemoryTune): void {
  const seen: number[][] = [];
  for (const { vcpus: watched } of monitors) {
    if (!watched.every((vcpu) => vcpus.includes(vcpu))) malformed("monitor vcpus is not in vcpus of its group");
    const all = watched.length === vcpus.length;
    if (all) continue;
    if (seen.some((other) => other.some((vcpu) => watched.includes(vcpu)))) {
      malformed("vcpus of monitors overlap");
    }
    seen.push([...watched]);
  }
}
