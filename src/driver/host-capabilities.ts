/** What a host is, whatever runs guests on it: the first half of virConnectGetCapabilities. */
import type { BandwidthControl, CacheBank, CacheControl } from "../host/node/caches.ts";
import type { HostCell, HostDescription } from "../host/node/description.ts";
import type { HostProcessor } from "../host/node/processor.ts";
import type { capabilitiesDocument } from "../model/capabilities.ts";

export interface SecurityModel {
  readonly model: string;
  readonly doi: string;
  /** Labels that guests get when nobody chooses one, by domain type. */
  readonly baselabels: Readonly<Record<string, string>>;
}

export interface HostPartRequest {
  readonly host: HostDescription;
  readonly processor: HostProcessor;
  readonly securityModels: readonly SecurityModel[];
  /** Protocols that guests migrate by; undefined where they do not migrate. */
  readonly transports: readonly string[] | undefined;
}

/** The host's part with what may be left out left out. */
type HostDraft = NonNullable<Parameters<typeof capabilitiesDocument.make>[0]["host"]>;
type Draft<K extends keyof HostDraft> = HostDraft[K];

/** The host's part of its capabilities. */
export function describeHostPart(request: HostPartRequest): HostDraft {
  const { host, processor, securityModels, transports } = request;
  return {
    ...(host.uuid === null ? {} : { uuid: host.uuid }),
    cpu: describeProcessor(processor, host.cells),
    powerManagement: {
      suspendMem: host.sleepStates.includes("mem"),
      suspendDisk: host.sleepStates.includes("disk"),
      suspendHybrid: host.sleepStates.includes("mem") && host.sleepStates.includes("disk"),
    },
    iommu: { support: host.iommu },
    ...(transports === undefined ? {} : { migration: describeMigration(transports) }),
    topology: { cells: { num: host.cells.length, cells: host.cells.map(describeCell) } },
    ...describeCaches(host),
    ...describeBandwidth(host),
    secmodels: securityModels.map(({ model, doi, baselabels }) => ({
      model,
      doi,
      baselabels: Object.entries(baselabels).map(([type, label]) => ({ type, label })),
    })),
  };
}

function describeProcessor(processor: HostProcessor, cells: readonly HostCell[]): NonNullable<Draft<"cpu">> {
  const { arch, vendor, microcode, signature } = processor;
  const sizes = new Set(cells.flatMap((cell) => cell.memory?.pages.map((pool) => pool.size) ?? []));
  return {
    arch,
    ...(vendor === undefined ? {} : { vendor }),
    ...(microcode === undefined ? {} : { microcode: { version: microcode } }),
    ...(signature === undefined ? {} : { signature }),
    pages: [...sizes].sort((a, b) => Number(a - b)).map((size) => ({ unit: "KiB", size })),
  };
}

function describeMigration(transports: readonly string[]): Draft<"migration"> {
  return { live: true, ...(transports.length > 0 ? { transports: { transports: [...transports] } } : {}) };
}

function describeCell({ id, memory, distances, cpus }: HostCell) {
  const online = cpus.filter((cpu) => cpu.online);
  return {
    id,
    ...(memory === null ? {} : { memory: memory.total }),
    pages: (memory?.pages ?? []).map(({ size, count }) => ({ unit: "KiB", size, count })),
    ...(distances.size === 0
      ? {}
      : { distances: { siblings: [...distances].map(([other, value]) => ({ id: other, value })) } }),
    cpus: {
      num: online.length,
      cpus: online.map(({ id: cpu, socket, die, core, siblings }) => ({
        id: cpu,
        socket,
        die,
        core,
        siblings: [...siblings],
      })),
    },
  };
}

function describeCaches({ caches, resourceControl }: HostDescription): { cache?: Draft<"cache"> } {
  const monitor = resourceControl.monitor;
  const features = monitor?.features.filter((name) => name.startsWith("llc_")) ?? [];
  if (caches.length === 0) return {};
  return {
    cache: {
      banks: caches.map((bank) => describeBank(bank, resourceControl.caches.get(bank.level) ?? [])),
      ...(monitor === null || features.length === 0
        ? {}
        : {
            monitor: {
              level: 3,
              reuseThreshold: monitor.reuseThreshold,
              maxMonitors: monitor.maxMonitors,
              features: named(features),
            },
          }),
    },
  };
}

function describeBank({ id, level, type, size, cpus }: CacheBank, controls: readonly CacheControl[]) {
  return {
    id,
    level,
    type,
    ...inUnit(size),
    cpus: [...cpus],
    controls: controls.filter((control) => control.parts > 0).map((control) => describeControl(control, size)),
  };
}

function describeControl({ type, parts, minimum, maxAllocations }: CacheControl, size: number) {
  const granularity = Math.floor(size / parts);
  return {
    granularity,
    ...(minimum > 1 ? { min: granularity * minimum } : {}),
    unit: "KiB",
    type,
    maxAllocs: maxAllocations,
  };
}

/** A size as people write it: in the largest unit that leaves no fraction. */
function inUnit(kib: number): { size: number; unit: string } {
  const units = ["KiB", "MiB", "GiB"];
  let size = kib;
  let at = 0;
  while (size > 0 && size % 1024 === 0 && at < units.length - 1) {
    size /= 1024;
    at++;
  }
  return { size, unit: units[at] ?? "KiB" };
}

/** Memory bandwidth is divided where a cache of level 3 meets the memory. */
function describeBandwidth({ caches, resourceControl }: HostDescription): {
  memoryBandwidth?: Draft<"memoryBandwidth">;
} {
  const { bandwidth, monitor } = resourceControl;
  const features = monitor?.features.filter((name) => name.startsWith("mbm_")) ?? [];
  const nodes = bandwidth === null ? [] : caches.filter((bank) => bank.level === 3).map(bandwidthNode(bandwidth));
  if (nodes.length === 0 && features.length === 0) return {};
  return {
    memoryBandwidth: {
      nodes,
      ...(monitor === null || features.length === 0
        ? {}
        : { monitor: { maxMonitors: monitor.maxMonitors, features: named(features) } }),
    },
  };
}

function bandwidthNode({ granularity, minimum, maxAllocations }: BandwidthControl) {
  return ({ id, cpus }: CacheBank) => ({
    id,
    cpus: [...cpus],
    control: { granularity, min: minimum, maxAllocs: maxAllocations },
  });
}

function named(features: readonly string[]): { name: string }[] {
  return features.map((name) => ({ name }));
}
