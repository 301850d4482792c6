/** Virtio devices of ARM and RISC-V boards without PCI are in slots of the board itself. */
import type { ParsedDomain } from "../../../model/domain/index.ts";
import type { DefinitionContext } from "../definition/context.ts";
import { isArm, isRiscvVirt, isVexpress, isVirt } from "../definition/machine.ts";
import { virtioDevices } from "./virtio-devices.ts";

export function assignVirtioMmio(domain: ParsedDomain, { capabilities }: DefinitionContext): void {
  if (!capabilities.has("virtio-mmio")) return;
  if (!(isArm(domain) || isRiscvVirt(domain)) || !(isVirt(domain) || isVexpress(domain))) return;
  // A board that can have PCI puts its devices there.
  if (isVirt(domain) && capabilities.has("gpex-pcihost")) return;
  for (const device of virtioDevices(domain)) device.address ??= { type: "virtio-mmio" };
}
