/** Gives every device of a definition its place in the guest, as libvirt does: what has one keeps it. */
import type { ParsedDomain } from "../../../model/domain/index.ts";
import type { DefinitionContext } from "../definition/context.ts";
import { assignCcw } from "./ccw.ts";
import { assignMemorySlots } from "./memory-slots.ts";
import { assignPci } from "./pci/assign.ts";
import { assignSpaprVio } from "./spapr-vio.ts";
import { assignUsb } from "./usb.ts";
import { assignVirtioMmio } from "./virtio-mmio.ts";
import { assignVirtioSerial } from "./virtio-serial.ts";

/**
 * Completes addresses in place, and adds the buses, controllers and hubs that they need.
 * Where disks are on their controllers is decided with the disks; which hypervisor it is makes no difference there.
 * @throws LibvirtError when two devices want one place, or a place does not exist.
 */
export function assignAddresses(domain: ParsedDomain, context: DefinitionContext): void {
  assignVirtioSerial(domain);
  assignSpaprVio(domain);
  assignCcw(domain);
  assignVirtioMmio(domain, context);
  assignPci(domain, context);
  // Guests that exist found their USB devices on their own.
  if (context.abiUpdate === true) assignUsb(domain);
  assignMemorySlots(domain);
}
