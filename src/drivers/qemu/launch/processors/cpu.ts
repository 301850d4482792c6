/** `-cpu`: the processor's model, what it has or lacks of features, and how the hypervisor shows itself through it. */
import type { Cpu, Domain, Features } from "../../../../model/domain/index.ts";
import { acceleratorOf } from "../../definition/index.ts";
import { isArm } from "../../definition/machine.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { Guest } from "../context.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import type { Part } from "../parts/part.ts";
import { cpuFeatureNames } from "./cpu-features.ts";
import { hypervProps } from "./hyperv.ts";

export function cpuParts(guest: Guest): Part[] {
  const { domain } = guest;
  const model = modelOf(guest);
  const props: JsonObject = {
    ...modelProps(guest),
    ...timerProps(domain),
    ...hypervisorProps(domain.features),
    ...hypervProps(domain),
    ...kvmProps(domain.features),
    pmu: domain.features?.pmu?.state,
    ...cacheProps(guest),
    ...addressBits(domain.cpu),
    ...(isArm(domain) ? armTimer(domain) : {}),
  };
  const changes = Object.values(props).some((value) => value !== undefined);
  if (model === undefined && !changes) return [];
  return [keyedOption("-cpu", model ?? plainModel(domain), props)];
}

/** What QEMU gives guests that name no model. */
function plainModel(domain: Domain): string {
  return domain.os.type.arch === "i686" ? "qemu32" : "qemu64";
}

function modelOf({ domain }: Guest): string | undefined {
  const { cpu } = domain;
  switch (cpu?.mode) {
    case "host-passthrough":
      return "host";
    case "maximum":
      return "max";
    case "host-model":
      // Where the host's processor is no model, the guest gets what is there.
      return acceleratorOf(domain) === "tcg" ? "max" : "host";
    default:
      return cpu?.model?.value;
  }
}

function modelProps(guest: Guest): JsonObject {
  const { domain, capabilities, hostArch } = guest;
  const { cpu } = domain;
  const narrowed = domain.os.type.arch === "armv7l" && hostArch === "aarch64" && cpu?.mode === "host-passthrough";
  return {
    // The host's processor, of which the guest sees the 32-bit half.
    aarch64: narrowed ? false : undefined,
    vendor: cpu?.model?.vendor_id,
    ...featureProps(domain),
    migratable: capabilities.has("cpu.migratable") ? migratable(cpu) : undefined,
  };
}

/** Survives a migration is what QEMU does by itself: it is told only where that is not wanted. */
const migratable = (cpu: Cpu | undefined): boolean | undefined =>
  cpu?.mode === "host-passthrough" || cpu?.mode === "maximum" ? cpu.migratable : undefined;

function featureProps(domain: Domain): JsonObject {
  const props: Record<string, boolean> = {};
  for (const { name, policy } of domain.cpu?.features ?? []) {
    const known = cpuFeatureNames(name, domain);
    if (known === undefined || policy === "optional") continue;
    props[known] = policy === "force" || policy === "require";
  }
  return props;
}

function timerProps({ clock: { timers } }: Domain): JsonObject {
  const timer = (wanted: string) => timers.find(({ name }) => name === wanted);
  const { frequency } = timer("tsc") ?? {};
  return {
    kvmclock: timer("kvmclock")?.present,
    "hv-time": timer("hypervclock")?.present === true ? true : undefined,
    "tsc-frequency": frequency === undefined || frequency === 0n ? undefined : frequency,
  };
}

function hypervisorProps(features: Features | undefined): JsonObject {
  return {
    "kvm-pv-eoi": features?.apic?.eoi,
    "kvm-pv-unhalt": features?.pvspinlock?.state,
  };
}

function kvmProps(features: Features | undefined): JsonObject {
  const { hidden, hintDedicated, pollControl, pvIpi } = features?.kvm ?? {};
  return {
    kvm: hidden?.state === true ? false : undefined,
    "kvm-hint-dedicated": hintDedicated?.state === true ? true : undefined,
    "kvm-poll-control": pollControl?.state === true ? true : undefined,
    // On unless it is switched off.
    "kvm-pv-ipi": pvIpi?.state === false ? false : undefined,
  };
}

function cacheProps({ domain: { cpu }, capabilities }: Guest): JsonObject {
  const passesHost = cpu?.mode === "host-passthrough" || cpu?.mode === "maximum";
  const l3 = (on: boolean) => (capabilities.has("cpu-cache") ? { "l3-cache": on } : {});
  const host = (on: boolean) => (capabilities.has("cpu-cache") ? { "host-cache-info": on } : {});
  switch (cpu?.cache?.mode) {
    case "emulate":
      return { ...l3(true), ...(passesHost ? host(false) : {}) };
    case "passthrough":
      return { "host-cache-info": true, ...l3(false) };
    case "disable":
      return { ...l3(false), ...(passesHost ? host(false) : {}) };
    default:
      return {};
  }
}

function addressBits(cpu: Cpu | undefined): JsonObject {
  const { mode, bits } = cpu?.maxphysaddr ?? {};
  if (mode === "passthrough") return { "host-phys-bits": true, "host-phys-bits-limit": bits };
  return mode === "emulate" ? { "phys-bits": bits } : {};
}

/** Whether time goes on for the guest while it is stopped. */
function armTimer({ clock: { timers } }: Domain): JsonObject {
  const policy = timers.find(({ name }) => name === "armvtimer")?.tickpolicy;
  return { "kvm-no-adjvtime": policy === undefined ? undefined : policy === "discard" };
}
