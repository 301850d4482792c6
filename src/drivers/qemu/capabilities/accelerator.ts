/** What an emulator offers under one accelerator: machines, CPU models, and the best CPU a guest can get. */
import { isJsonObject, type Json, type JsonObject } from "../monitor/json.ts";
import { type Ask, items } from "./facts.ts";

/** How guest code runs: `kvm` in hardware, `tcg` by translation. */
export type Accelerator = "kvm" | "tcg" | "hvf";

export interface MachineType {
  readonly name: string;
  /** Its name without version, on the newest of its kind. */
  readonly alias: string | null;
  readonly isDefault: boolean;
  readonly maxCpus: number;
  readonly hotpluggableCpus: boolean;
  /** QEMU's type of the CPU that a guest gets when nobody chooses one. */
  readonly defaultCpu: string | null;
  /** Id of the memory back end that the machine makes when nobody gives it one. */
  readonly defaultRamId: string | null;
  /** Whether NUMA nodes may be given as plain sizes (`-numa node,mem=`). */
  readonly numaMemSupported: boolean;
  readonly deprecated: boolean;
}

/** Whether the host can run a CPU model: `unknown` where the emulator does not tell. */
export type Usability = "yes" | "no" | "unknown";

export interface CpuModel {
  readonly name: string;
  readonly typeName: string | null;
  readonly usable: Usability;
  /** Features that keep the host from running it. */
  readonly blockers: readonly string[];
  readonly deprecated: boolean;
}

export interface CpuProperty {
  readonly name: string;
  readonly value: boolean | number | string;
  /** Whether a feature that is on survives migration; undefined where that is no question. */
  readonly migratable?: boolean;
}

/** The best CPU a guest can get: the host's own under KVM, all that TCG implements otherwise. */
export interface HostCpu {
  readonly model: string;
  /** Whether `properties` tell what survives migration. */
  readonly migratability: boolean;
  readonly properties: readonly CpuProperty[];
}

export interface AcceleratorCapabilities {
  readonly machines: readonly MachineType[];
  readonly cpuModels: readonly CpuModel[];
  readonly hostCpu: HostCpu | null;
  /** What of Hyper-V's interface the emulator offers to Windows guests, by libvirt's names; empty where it won't tell. */
  readonly hyperv: readonly string[];
}

export async function collectAccelerator(
  ask: Ask,
  accelerator: Accelerator,
  arch: string,
): Promise<AcceleratorCapabilities> {
  const [machines, cpus, hostCpu, hyperv] = await Promise.all([
    ask("query-machines"),
    ask("query-cpu-definitions"),
    collectHostCpu(ask, accelerator === "tcg" ? "max" : "host", arch),
    accelerator === "kvm" && isX86(arch) ? collectHyperv(ask) : [],
  ]);
  return { machines: machinesOf(machines, arch), cpuModels: cpuModelsOf(cpus, arch), hostCpu, hyperv };
}

function isX86(arch: string): boolean {
  return arch === "x86_64" || arch === "i386";
}

const hypervFeatures = [
  ...["relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "reset", "vendor_id", "frequencies"],
  ...["reenlightenment", "tlbflush", "ipi", "evmcs", "avic"],
];

/** A CPU that passes on all that KVM knows of Hyper-V has those features that KVM knows. */
async function collectHyperv(ask: Ask): Promise<readonly string[]> {
  const props = { migratable: false, "hv-passthrough": true };
  const cpu = expansion(await ask("query-cpu-model-expansion", { type: "full", model: { name: "host", props } }));
  if (cpu === null) return [];
  const offered = (feature: string) => Boolean(cpu.props.get(`hv-${feature.replace("_", "-")}`));
  return hypervFeatures.filter(offered);
}

/**
 * What guests get that name no machine, where that is not left to the emulator: builds differ in their default, and
 * ARM's have none.
 */
const preferredMachines: { readonly [arch: string]: string } = {
  x86_64: "pc",
  i386: "pc",
  aarch64: "integratorcp",
  arm: "integratorcp",
  ppc64: "pseries",
  s390x: "s390-ccw-virtio",
};

/** The machine types, the one for guests that name none first. */
function machinesOf(answer: Json | null, arch: string): readonly MachineType[] {
  // "none" has nothing a guest could run on; QEMU uses it for probes like ours.
  const machines = items(answer)
    .filter((m) => m.name !== "none")
    .map(machineOf);
  const preferred = preferredMachines[arch];
  const isPreferred = (m: MachineType) => m.name === preferred || m.alias === preferred;
  const first = machines.find(isPreferred) ?? machines.find((m) => m.isDefault);
  return first === undefined ? machines : [first, ...machines.filter((m) => m !== first)];
}

function machineOf(m: JsonObject): MachineType {
  return {
    name: text(m.name) ?? "",
    alias: text(m.alias),
    isDefault: m["is-default"] === true,
    maxCpus: typeof m["cpu-max"] === "number" ? m["cpu-max"] : 0,
    hotpluggableCpus: m["hotpluggable-cpus"] === true,
    defaultCpu: text(m["default-cpu-type"]),
    defaultRamId: text(m["default-ram-id"]),
    numaMemSupported: m["numa-mem-supported"] !== false,
    deprecated: m.deprecated === true,
  };
}

/** POWER's processors as their maker writes them, not as QEMU does. */
function modelName(name: string, arch: string): string {
  return arch.startsWith("ppc") ? name.replace(/^power(?=\d+$)/, "POWER") : name;
}

function cpuModelsOf(answer: Json | null, arch: string): readonly CpuModel[] {
  return items(answer).map((cpu) => {
    const missing = cpu["unavailable-features"];
    const blockers = Array.isArray(missing) ? missing.filter((f): f is string => typeof f === "string") : [];
    return {
      name: modelName(text(cpu.name) ?? "", arch),
      typeName: text(cpu.typename) || null,
      usable: !Array.isArray(missing) ? "unknown" : blockers.length === 0 ? "yes" : "no",
      blockers,
      deprecated: cpu.deprecated === true,
    };
  });
}

/** Only x86 tells apart what survives migration; ARM knows no static expansion. */
async function collectHostCpu(ask: Ask, model: string, arch: string): Promise<HostCpu | null> {
  const expand = async (type: string, props?: JsonObject) =>
    expansion(await ask("query-cpu-model-expansion", { type, model: { name: model, props } }));
  if (arch === "aarch64" || arch === "arm") return unmarked(await expand("full"));
  if (!isX86(arch)) return unmarked(await expand("static"));
  const [safe, all] = await Promise.all([expand("static"), expand("static", { migratable: false })]);
  if (safe === null || all === null) return unmarked(safe);
  return {
    model: all.name,
    migratability: true,
    properties: [...all.props].map(([name, value]) =>
      value === true ? { name, value, migratable: safe.props.get(name) === true } : { name, value },
    ),
  };
}

interface Expansion {
  readonly name: string;
  readonly props: ReadonlyMap<string, CpuProperty["value"]>;
}

function expansion(answer: Json | null): Expansion | null {
  const model = isJsonObject(answer) && isJsonObject(answer.model) ? answer.model : null;
  const name = text(model?.name);
  if (model === null || name === null) return null;
  const props = new Map<string, CpuProperty["value"]>();
  for (const [key, value] of Object.entries(isJsonObject(model.props) ? model.props : {})) {
    if (typeof value === "bigint") props.set(key, Number(value));
    else if (typeof value === "boolean" || typeof value === "number" || typeof value === "string")
      props.set(key, value);
  }
  return { name, props };
}

function unmarked(cpu: Expansion | null): HostCpu | null {
  if (cpu === null) return null;
  const properties = [...cpu.props].map(([name, value]) => ({ name, value }));
  return { model: cpu.name, migratability: false, properties };
}

function text(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}
