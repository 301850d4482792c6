/** What happens when the guest turns itself off, sleeps or starts again. */
import type { Domain } from "../../../../model/domain/index.ts";
import type { QemuCapabilities } from "../../capabilities/capabilities.ts";
import { isQ35 } from "../../definition/machine.ts";
import type { Guest } from "../context.ts";
import { option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

export function powerParts(guest: Guest): Part[] {
  const { domain, capabilities } = guest;
  const acpi = !lacksAcpi(guest) || saysAcpiOfMachine(guest);
  return [
    actionPart(domain, capabilities.has("set-action")),
    ...sleepParts(domain, capabilities),
    ...(acpi ? [] : [option("-no-acpi")]),
  ];
}

/** Boards that could have ACPI, for guests that shall not. */
const lacksAcpi = ({ domain: { features }, capabilities }: Guest): boolean =>
  features?.acpi !== true && capabilities.has("no-acpi");

/** `-no-acpi` is gone since QEMU 9.0. */
const saysAcpiOfMachine = ({ capabilities }: Guest): boolean => capabilities.isAtLeast(9, 0);

/** What the machine is told of ACPI, where that is no option of its own. */
export const machineAcpi = (guest: Guest): string | undefined =>
  lacksAcpi(guest) && saysAcpiOfMachine(guest) ? "off" : undefined;

/**
 * QEMU stays when the guest turns itself off, so that we learn why. Older ones cannot be told later what a reboot is:
 * where every end is the end, they go.
 */
function actionPart(domain: Domain, canBeTold: boolean): Part {
  return option(!canBeTold && endsOnReboot(domain) ? "-no-reboot" : "-no-shutdown");
}

const endsOnReboot = ({ on_reboot, on_poweroff, on_crash }: Domain): boolean =>
  on_reboot === "destroy" && on_poweroff === "destroy" && (on_crash === "destroy" || on_crash === "coredump-destroy");

function sleepParts(domain: Domain, capabilities: QemuCapabilities): Part[] {
  const bridge = isQ35(domain) && capabilities.has("ich9-disable-s3") ? "ICH9-LPC" : "PIIX4_PM";
  const { suspendToMem, suspendToDisk } = domain.pm ?? {};
  const disable = (state: string, enabled: boolean | undefined): Part[] =>
    enabled === undefined ? [] : [option("-global", `${bridge}.disable_${state}=${enabled ? 0 : 1}`)];
  return [...disable("s3", suspendToMem?.enabled), ...disable("s4", suspendToDisk?.enabled)];
}
