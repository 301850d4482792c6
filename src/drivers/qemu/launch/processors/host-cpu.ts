/** Guests whose processor is said in terms of the host's: what that means on this host. */
import type { Cpu, Domain } from "../../../../model/domain/index.ts";
import type { QemuCapabilities } from "../../capabilities/capabilities.ts";
import { acceleratorOf } from "../../definition/index.ts";
import { isS390, isX86 } from "../../definition/machine.ts";

/** The host's processor, as a definition would describe it. */
export interface HostCpu {
  readonly model: string;
  readonly vendor?: string;
  /** Those that the model does not have of itself. */
  readonly features: readonly string[];
}

/** s390's emulators say themselves which model the host's processor is; elsewhere that is found out otherwise. */
export function offeredCpu(domain: Domain, capabilities: QemuCapabilities): HostCpu | undefined {
  if (!isS390(domain)) return undefined;
  const cpu = capabilities.accelerator(acceleratorOf(domain))?.hostCpu;
  if (cpu === null || cpu === undefined) return undefined;
  return { model: cpu.model, features: cpu.properties.filter(({ value }) => value === true).map(({ name }) => name) };
}

/** Says in the definition of a guest that is about to start which processor it gets. Changes it in place. */
export function fitCpu(domain: Domain, host: HostCpu | undefined): void {
  const { cpu } = domain;
  if (cpu === undefined || host === undefined || !(isX86(domain) || isS390(domain))) return;
  if (cpu.mode === "host-model" || (isCustom(cpu) && cpu.match === "minimum")) likeHost(cpu, host);
  else if (isCustom(cpu)) decideOptional(cpu, host);
}

const isCustom = ({ mode, model }: Cpu): boolean =>
  mode === "custom" || (mode === undefined && model?.value !== undefined);

/** Not to be had after a migration: who wants it must say so. */
const unmovable: ReadonlySet<string> = new Set(["invtsc"]);

/** The host's processor with what the definition changes of it. */
function likeHost(cpu: Cpu, host: HostCpu): void {
  decideOptional(cpu, host);
  const own = new Set(cpu.features.map(({ name }) => name));
  const ofHost = host.features.filter((name) => !own.has(name) && !unmovable.has(name));
  cpu.mode = "custom";
  cpu.match = "exact";
  cpu.model = { ...cpu.model, fallback: "forbid", value: host.model };
  if (host.vendor !== undefined) cpu.vendor = host.vendor;
  cpu.features = [...ofHost.map((name) => ({ name, policy: "require" as const })), ...cpu.features];
}

/** An optional feature is there if the host has it. */
function decideOptional(cpu: Cpu, { features }: HostCpu): void {
  for (const feature of cpu.features) {
    if (feature.policy === "optional") feature.policy = features.includes(feature.name) ? "require" : "disable";
  }
}
