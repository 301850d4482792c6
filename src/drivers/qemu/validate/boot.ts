/** Firmware, direct kernel boot and BIOS settings. */
import type { Domain } from "../../../model/domain/index.ts";
import { archOf, isArm, isQ35, isX86 } from "../definition/machine.ts";
import { malformed, unsupported } from "./refuse.ts";

export function validateOs(domain: Domain): void {
  const { os, devices, bootloader } = domain;
  if (bootloader !== undefined) unsupported("bootloader is not supported by QEMU");
  if (os.bios?.useserial === true && devices.serials.length === 0) {
    malformed("need at least one serial port to use BIOS serial output");
  }
  validateLoader(domain);
  validateNvram(domain);
}

/** UEFI, given by hand or asked for. */
function isUefi({ os }: Pick<Domain, "os">): boolean {
  return os.firmware === "efi" || os.loader?.type === "pflash";
}

function validateLoader(domain: Domain): void {
  const { os, features } = domain;
  const acpi = features?.acpi === true;
  if (isUefi(domain) && !acpi && (isX86(domain) || archOf(domain) === "aarch64")) {
    unsupported("UEFI requires ACPI on this architecture");
  }
  if (acpi && isArm(domain) && !isUefi(domain)) unsupported("ACPI requires UEFI on this architecture");
  if (os.loader?.secure !== true || !isUefi(domain)) return;
  if (archOf(domain) !== "x86_64") unsupported(`Secure boot is supported for x86_64 architecture only`);
  if (!isQ35(domain)) unsupported("Secure boot is supported with q35 machine types only");
  if (os.firmware === undefined && features?.smm?.state !== true)
    unsupported("Secure boot requires SMM feature enabled");
}

const nvramTypes = ["file", "block", "network"];

function validateNvram({ os }: Domain): void {
  const type = os.nvram?.storage?.type;
  if (type !== undefined && !nvramTypes.includes(type)) unsupported(`unsupported nvram disk type '${type}'`);
}
