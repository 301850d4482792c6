/** CPU, block and NUMA tuning in libvirt's form: one element a vCPU or thread, in the order of their ids. */
import type { ParsedDomain } from "../domain.ts";
import { broken, malformed, refuse, unsupported } from "../refuse.ts";
import { iothreadIds } from "./iothreads.ts";
import { set } from "./update.ts";

type Cputune = NonNullable<ParsedDomain["cputune"]>;

export function completeCputune(domain: ParsedDomain): void {
  const { cputune } = domain;
  if (cputune === undefined) return;
  checkRanges(cputune);
  completeVcpuTuning(cputune, domain.vcpu.value);
  completeIothreadTuning(cputune, iothreadIds(domain));
  if (cputune.emulatorsched !== undefined) completeScheduler("emulatorsched", cputune.emulatorsched);
}

type Period = "period" | "global_period" | "emulator_period" | "iothread_period";
type Quota = "quota" | "global_quota" | "emulator_quota" | "iothread_quota";

/** Microseconds. */
const range = { period: [1000n, 1_000_000n], quota: [1000n, 17_592_186_044_415n] } as const;

function checkRanges(cputune: Cputune): void {
  const { shares } = cputune;
  if (shares && (shares < 2n || shares > 262_144n)) outOfRange("shares", 2n, 262_144n);
  for (const scope of ["", "global_", "emulator_", "iothread_"]) {
    const period = cputune[`${scope}period` as Period];
    const quota = cputune[`${scope}quota` as Quota];
    if (period && (period < range.period[0] || period > range.period[1])) {
      outOfRange(`${scope}period`, ...range.period);
    }
    // Zero and below mean that there is no limit.
    if (quota && quota > 0n && (quota < range.quota[0] || quota > range.quota[1])) {
      outOfRange(`${scope}quota`, ...range.quota);
    }
  }
}

function outOfRange(name: string, least: bigint, most: bigint): never {
  return unsupported(`Value of cputune '${name}' must be in range [${least}, ${most}]`);
}

function completeVcpuTuning(cputune: Cputune, count: number): void {
  const seen = new Set<number>();
  for (const { vcpu } of cputune.vcpupins) {
    if (seen.has(vcpu)) broken(`duplicate vcpupin for vcpu '${vcpu}'`);
    seen.add(vcpu);
  }
  // A pin for a vCPU that is not there is ignored, as it always was.
  cputune.vcpupins = sorted(cputune.vcpupins, ({ vcpu }) => vcpu).filter(({ vcpu }) => vcpu < count);
  cputune.vcpuscheds = splitSchedulers("vcpusched", "vcpus", cputune.vcpuscheds, (vcpu) => {
    if (vcpu >= count) unsupported(`vCPU '${vcpu}' is not present in domain definition`);
  });
}

function completeIothreadTuning(cputune: Cputune, ids: readonly number[]): void {
  const known = new Set(ids);
  const check = (id: number): void => {
    if (!known.has(id)) unsupported(`Cannot find 'iothread' : ${id}`);
  };
  const seen = new Set<number>();
  for (const { iothread } of cputune.iothreadpins) {
    check(iothread);
    if (seen.has(iothread)) broken(`duplicate iothreadpin for iothread '${iothread}'`);
    seen.add(iothread);
  }
  const place = new Map(ids.map((id, at) => [id, at]));
  cputune.iothreadpins = sorted(cputune.iothreadpins, ({ iothread }) => place.get(iothread) ?? 0);
  cputune.iothreadscheds = splitSchedulers("iothreadsched", "iothreads", cputune.iothreadscheds, check);
}

interface Scheduler {
  scheduler: "batch" | "idle" | "fifo" | "rr";
  priority?: number | undefined;
}

/** One scheduler for several members becomes one for each. */
function splitSchedulers<Key extends string, T extends Scheduler & Record<Key, number[]>>(
  element: string,
  key: Key,
  schedulers: readonly T[],
  check: (member: number) => void,
): T[] {
  const byMember = new Map<number, T>();
  for (const one of schedulers) {
    completeScheduler(element, one);
    for (const member of one[key]) {
      check(member);
      if (byMember.has(member)) refuse("XML_DETAIL", `'${element}' attributes '${key}' must not overlap`);
      byMember.set(member, { ...one, [key]: [member] });
    }
  }
  return sorted([...byMember], ([member]) => member).map(([, one]) => one);
}

/** Only real-time schedulers have a priority, and they must have one. */
function completeScheduler(element: string, scheduler: Scheduler): void {
  const realTime = scheduler.scheduler === "fifo" || scheduler.scheduler === "rr";
  if (!realTime) delete scheduler.priority;
  else if (scheduler.priority === undefined) {
    malformed(`Missing required attribute 'priority' in element '${element}'`);
  }
}

function sorted<T>(items: readonly T[], by: (item: T) => number): T[] {
  return [...items].sort((a, b) => by(a) - by(b));
}

/** Devices to which nothing applies, and weights of zero, are as if nothing were said. */
export function completeBlkiotune(domain: ParsedDomain): void {
  const { blkiotune } = domain;
  if (blkiotune === undefined) return;
  if (blkiotune.weight === 0) delete blkiotune.weight;
  const seen = new Set<string>();
  for (const { path } of blkiotune.devices) {
    if (seen.has(path)) unsupported(`duplicate blkio device path '${path}'`);
    seen.add(path);
  }
  blkiotune.devices = blkiotune.devices.filter(({ path: _path, ...limits }) => Object.values(limits).some(Boolean));
  if (blkiotune.weight === undefined && blkiotune.devices.length === 0) delete domain.blkiotune;
}

/** Where numad places the vCPUs it places the memory too, unless nodes are named. */
export function completeNumatune(domain: ParsedDomain): void {
  const automatic = domain.vcpu.placement === "auto";
  const memory = domain.numatune?.memory;
  if (memory === undefined) {
    if (automatic) {
      domain.numatune = { memnodes: domain.numatune?.memnodes ?? [], memory: { mode: "strict", placement: "auto" } };
    }
    return;
  }
  if (memory.nodeset !== undefined && memory.nodeset.length === 0) {
    unsupported("Invalid value of 'nodeset': it names no node");
  }
  memory.placement ??= memory.nodeset === undefined && automatic ? "auto" : "static";
  if (memory.placement === "auto") {
    set(memory, "nodeset", undefined);
    return;
  }
  if (memory.nodeset === undefined) {
    unsupported("nodeset for NUMA memory tuning must be set if 'placement' is 'static'");
  }
  delete memory.placement;
}
