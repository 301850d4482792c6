/** What libvirt refuses in a definition whatever the hypervisor: parts that contradict each other or mean nothing. */
import type { Domain } from "../domain.ts";
import { validateAddresses } from "./addresses.ts";
import { validateBoot } from "./boot.ts";
import { validateCharDevices } from "./chardev.ts";
import { validateControllers } from "./controllers.ts";
import { validateCpu } from "./cpu.ts";
import { validateDevices } from "./devices.ts";
import { validateDisks } from "./disk.ts";
import { validateClock, validateFeatures } from "./features.ts";
import { validateFirmware } from "./firmware.ts";
import { validateGraphics } from "./graphics.ts";
import { validateHostdevs } from "./hostdev.ts";
import { validateInterfaces } from "./interface.ts";
import { validateMemory } from "./memory.ts";
import { validateCacheTuning } from "./resctrl.ts";
import { validateSecurity } from "./security.ts";
import { validateSettings } from "./settings.ts";

/**
 * Checks a completed definition; the first thing that is wrong is reported.
 * @throws LibvirtError
 */
export function validateDefinition(domain: Domain): void {
  for (const validate of checks) validate(domain);
}

const checks: readonly ((domain: Domain) => void)[] = [
  validateSettings,
  validateFirmware,
  validateBoot,
  validateCpu,
  validateMemory,
  validateFeatures,
  validateClock,
  validateCacheTuning,
  validateSecurity,
  validateDisks,
  validateControllers,
  validateCharDevices,
  validateGraphics,
  validateInterfaces,
  validateHostdevs,
  validateDevices,
  validateAddresses,
];
