/** Whether a guest's processor is what its definition wants: QEMU leaves out what it cannot give, and starts. */
import { LibvirtError } from "../../../../errors.ts";
import type { Cpu } from "../../../../model/domain/index.ts";
import type { LiveDomain } from "../../domain/live.ts";
import { queryCpusFast } from "../../monitor/commands/cpu.ts";
import { qomGet } from "../../monitor/commands/qom.ts";
import { array, string } from "../../monitor/shape.ts";

/**
 * Refuses a processor without features that its model or the definition has, where the definition asks for that check.
 * Features that nobody asked for are not looked for.
 */
export async function checkProcessor({ monitor, definition, capabilities }: LiveDomain): Promise<void> {
  const { cpu } = definition;
  if (cpu?.mode !== "custom" || (cpu.check !== "partial" && cpu.check !== "full")) return;
  // Other architectures refuse by themselves what they cannot give.
  if (!capabilities.has("cpu-unavailable-features")) return;
  const [first] = await queryCpusFast(monitor);
  if (first === undefined) return;
  const unavailable = await qomGet(monitor, first["qom-path"], "unavailable-features", array(string));
  const missing = missingFeatures(cpu, unavailable);
  if (missing.length === 0) return;
  const names = missing.join(", ");
  throw cpu.check === "full"
    ? new LibvirtError("OPERATION_FAILED", "QEMU", `guest CPU doesn't match specification: missing features: ${names}`)
    : new LibvirtError("CPU_INCOMPATIBLE", "CPU", `Host CPU does not provide required features: ${names}`);
}

/** What is wanted and not there; QEMU's names and libvirt's differ in their dashes. */
export function missingFeatures({ features }: Pick<Cpu, "features">, unavailable: readonly string[]): string[] {
  const dashed = (name: string): string => name.replaceAll("_", "-");
  const waived = features.filter(({ policy }) => policy !== "require" && policy !== "force");
  const names = new Set(waived.map(({ name }) => dashed(name)));
  return [...new Set(unavailable)].filter((name) => !names.has(dashed(name)));
}
