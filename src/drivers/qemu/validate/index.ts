/**
 * What QEMU, or this QEMU, cannot run: refused when a domain is defined, or when it is started. Nothing here looks at
 * the host. What libvirt refuses for every hypervisor is in the model.
 */
import type { Domain } from "../../../model/domain/index.ts";
import { validateAddresses } from "./addresses.ts";
import { validateOs } from "./boot.ts";
import { validateCharDevices, validateCharDevicesStart } from "./chardev.ts";
import type { ValidationContext } from "./context.ts";
import { validateControllers, validateControllersStart } from "./controllers.ts";
import { validateCpu, validateCpuStart } from "./cpu.ts";
import { validateDisks, validateDisksStart } from "./disks.ts";
import { validateFeatures } from "./features.ts";
import { validateFilesystems } from "./filesystems.ts";
import { validateGraphics, validateGraphicsStart } from "./graphics.ts";
import { validateHostdevs, validateHostdevsStart } from "./hostdevs.ts";
import { validateInterfaces, validateInterfacesStart } from "./interfaces.ts";
import { validateMachine, validateMachineStart } from "./machine.ts";
import { validateMemory, validateMemoryStart } from "./memory.ts";
import { validateOtherDevices, validateOtherDevicesStart } from "./other-devices.ts";
import { validatePciControllers } from "./pci-controllers.ts";
import { validateTimers } from "./timers.ts";
import { validateTpms } from "./tpm.ts";
import { validateVideos } from "./video.ts";

export type { ValidationContext } from "./context.ts";

type Check = (domain: Domain, context: ValidationContext) => void;

const atDefine: readonly Check[] = [
  validateMachine,
  validateAddresses,
  validateOs,
  validateFeatures,
  validateTimers,
  validateCpu,
  validateMemory,
  validateDisks,
  validateControllers,
  validatePciControllers,
  validateCharDevices,
  validateGraphics,
  validateVideos,
  validateInterfaces,
  validateHostdevs,
  validateFilesystems,
  validateTpms,
  validateOtherDevices,
];

const atStart: readonly Check[] = [
  validateMachineStart,
  validateCpuStart,
  validateMemoryStart,
  validateDisksStart,
  validateControllersStart,
  validateCharDevicesStart,
  validateGraphicsStart,
  validateInterfacesStart,
  validateHostdevsStart,
  validateOtherDevicesStart,
];

/**
 * Checks a completed definition when it is defined; the first thing that is wrong is reported.
 * @throws LibvirtError
 */
export function validateDefine(domain: Domain, context: ValidationContext): void {
  for (const check of atDefine) check(domain, context);
}

/**
 * Checks what is let through in stored definitions but cannot be started.
 * @throws LibvirtError
 */
export function validateStart(domain: Domain, context: ValidationContext): void {
  for (const check of atStart) check(domain, context);
}

/** Both stages, for what is defined and started at once. */
export function validateQemu(domain: Domain, context: ValidationContext): void {
  validateDefine(domain, context);
  validateStart(domain, context);
}
