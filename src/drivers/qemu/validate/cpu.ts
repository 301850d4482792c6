/** Processors: what QEMU can emulate, and what only the host's own processor can be. */
import type { Cpu, Domain } from "../../../model/domain/index.ts";
import { acceleratorOf } from "../definition/index.ts";
import { archOf, isArm, isQ35, isX86 } from "../definition/machine.ts";
import type { ValidationContext } from "./context.ts";
import { refuse, unsupported } from "./refuse.ts";

export function validateCpu(domain: Domain): void {
  const { cpu } = domain;
  validateManyCpus(domain);
  if (cpu === undefined) return;
  validateCache(cpu, domain);
  validatePhysicalBits(cpu, domain);
  validateVectors(cpu, domain);
}

export function validateCpuStart(domain: Domain, context: ValidationContext): void {
  const { cpu, type, os } = domain;
  if (cpu?.mode === "host-passthrough" && acceleratorOf(domain) === "tcg") {
    unsupported(
      `CPU mode 'host-passthrough' for ${os.type.arch} ${type} domain on ${context.hostArch ?? os.type.arch} host is not supported by hypervisor`,
    );
  }
  if (cpu !== undefined) validateCompatibility(cpu, domain, context);
}

const mostWithoutIommu = 255;

/** Interrupts reach processors above 255 only through an IOMMU that remaps them. */
function validateManyCpus(domain: Domain): void {
  const { vcpu, devices } = domain;
  if (vcpu.value <= mostWithoutIommu || !isX86(domain)) return;
  if (!isQ35(domain)) unsupported("more than 255 vCPUs are only supported on q35-based machine types");
  if (devices.iommu?.driver?.eim !== true) {
    unsupported("more than 255 vCPUs require extended interrupt mode enabled on the iommu device");
  }
}

const ofHost = ({ mode }: Cpu): boolean => mode === "host-passthrough" || mode === "maximum";

function validateCache(cpu: Cpu, domain: Domain): void {
  const { cache } = cpu;
  if (cache === undefined) return;
  if (!isX86(domain)) {
    unsupported(`CPU cache specification is not supported for '${archOf(domain)}' architecture`);
  }
  const { mode, level } = cache;
  switch (mode) {
    case "emulate":
      if (level !== 3) unsupported("CPU cache mode 'emulate' can only be used with level='3'");
      break;
    case "passthrough":
      if (!ofHost(cpu)) {
        unsupported("CPU cache mode 'passthrough' can only be used with 'host-passthrough' / 'maximum' CPUs");
      }
      if (level !== undefined) unsupported("unsupported CPU cache level for mode 'passthrough'");
      break;
    case "disable":
      if (level !== undefined) unsupported("unsupported CPU cache level for mode 'disable'");
      break;
  }
}

function validatePhysicalBits(cpu: Cpu, domain: Domain): void {
  const { maxphysaddr } = cpu;
  if (maxphysaddr === undefined) return;
  if (!isX86(domain)) {
    unsupported(
      `CPU maximum physical address bits specification is not supported for '${archOf(domain)}' architecture`,
    );
  }
  const { mode, bits } = maxphysaddr;
  if (mode === "emulate" && bits === undefined) {
    unsupported("if using CPU maximum physical address mode='emulate', bits= must be specified too");
  }
  if (mode === "passthrough" && bits !== undefined) {
    unsupported("CPU maximum physical address bits number specification cannot be used with mode='passthrough'");
  }
}

/** Vector lengths of an extension that is off cannot be had. */
function validateVectors({ features }: Cpu, domain: Domain): void {
  if (!isArm(domain)) return;
  const wanted = (policy: string) => policy === "require" || policy === "force";
  const off = features.some(({ name, policy }) => name === "sve" && !wanted(policy));
  if (off && features.some(({ name, policy }) => /^sve\d+$/.test(name) && wanted(policy))) {
    unsupported("SVE disabled, but SVE vector lengths provided");
  }
}

/** A POWER host runs as its own generation or as an earlier one. */
function validateCompatibility({ mode, model }: Cpu, domain: Domain, { hostCpuModel }: ValidationContext): void {
  if (!archOf(domain).startsWith("ppc64") || mode !== "host-model" || model?.value === undefined) return;
  const [wanted, there] = [generation(model.value), generation(hostCpuModel ?? "")];
  if (wanted !== undefined && there !== undefined && wanted > there) {
    refuse("CPU_INCOMPATIBLE", "the CPU is incompatible with host CPU");
  }
}

function generation(model: string): number | undefined {
  const [, number] = /^power(\d+)/i.exec(model) ?? [];
  return number === undefined ? undefined : Number(number);
}
