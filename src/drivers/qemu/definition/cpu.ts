/** The guest's CPU: the one its machine has by default, and how strictly it is checked at start. */
import type { Cpu, ParsedDomain } from "../../../model/domain/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import { acceleratorOf } from "./basics.ts";
import type { DefinitionContext } from "./context.ts";
import { isArm, isS390, isX86 } from "./machine.ts";
import { unsupported } from "./refuse.ts";

export function completeCpu(domain: ParsedDomain, { capabilities }: DefinitionContext): void {
  addDefaultCpu(domain, capabilities);
  const { cpu } = domain;
  if (cpu === undefined) return;
  if (isArm(domain)) completeVectors(cpu);
  if (isX86(domain)) completeMigratability(cpu, capabilities);
  completeCheck(domain, cpu);
}

const hasModel = (cpu: Cpu | undefined): boolean => cpu?.mode !== undefined || cpu?.model?.value !== undefined;

/** Says what the machine would have anyway: a newer QEMU must not give the guest another CPU. */
function addDefaultCpu(domain: ParsedDomain, capabilities: QemuCapabilities): void {
  if (hasModel(domain.cpu)) return;
  const model = defaultModel(domain, capabilities);
  if (model === undefined) return;
  domain.cpu ??= { features: [] };
  const { cpu } = domain;
  if (model !== "host") {
    Object.assign(cpu, { mode: "custom", match: "exact", check: "none" });
    cpu.model = { fallback: "forbid", value: model };
    return;
  }
  if (hostModelWorks(domain)) cpu.mode = "host-model";
  else cpu.mode = "host-passthrough";
  delete cpu.match;
}

/** Name of the machine's default model, where the emulator tells which one its type is. */
function defaultModel(domain: ParsedDomain, capabilities: QemuCapabilities): string | undefined {
  const accelerator = acceleratorOf(domain);
  const machine = capabilities.machine(domain.os.type.machine ?? "", accelerator);
  if (machine === null || machine.defaultCpu === null) return undefined;
  // ARM's default models are of no use to KVM.
  if (isArm(domain) && accelerator === "kvm") return undefined;
  const type = machine.defaultCpu;
  const name = capabilities.accelerator(accelerator)?.cpuModels.find(({ typeName }) => typeName === type)?.name;
  // Under KVM, s390's `qemu` model means the host's CPU.
  return isS390(domain) && accelerator === "kvm" && name === "qemu" ? "host" : name;
}

/** CPU models are unknown to s390 machines before 2.8. */
function hostModelWorks({ os }: ParsedDomain): boolean {
  const [, major, minor] = /-(\d+)\.(\d+)$/.exec(os.type.machine ?? "") ?? [];
  return major === undefined || Number(major) > 2 || Number(minor) > 7;
}

function completeMigratability(cpu: Cpu, capabilities: QemuCapabilities): void {
  if (cpu.mode === "host-passthrough") cpu.migratable ??= capabilities.has("cpu.migratable");
}

/** Lengths of SVE's vectors mean that there is SVE. */
function completeVectors({ features }: Cpu): void {
  const isOn = ({ policy }: Cpu["features"][number]): boolean => policy === "require" || policy === "force";
  if (!features.some((one) => /^sve\d+$/.test(one.name) && isOn(one))) return;
  const sve = features.find(({ name }) => name === "sve");
  if (sve === undefined) features.push({ policy: "require", name: "sve" });
  else if (!isOn(sve)) unsupported("SVE disabled, but SVE vector lengths provided");
}

function completeCheck(domain: ParsedDomain, cpu: Cpu): void {
  if (cpu.check !== undefined) return;
  const check = defaultCheck(domain, cpu);
  if (check !== undefined) cpu.check = check;
}

/** TCG does what it can and says so itself; under KVM the host's CPU must have what is asked for. */
function defaultCheck({ type }: ParsedDomain, cpu: Cpu): Cpu["check"] {
  switch (cpu.mode) {
    case "host-passthrough":
    case "maximum":
      return "none";
    case "host-model":
      return "partial";
    default:
      if (cpu.model?.value === undefined) return undefined;
      return type === "kvm" ? "partial" : "none";
  }
}
