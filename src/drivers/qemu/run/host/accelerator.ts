/** Whether a guest can run the way its definition wants: in hardware where it says so. */
import { LibvirtError } from "../../../../errors.ts";
import type { ParsedDomain } from "../../../../model/domain/index.ts";
import type { QemuCapabilities } from "../../capabilities/capabilities.ts";
import { inspectKvm, judgeKvm } from "../../capabilities/kvm.ts";

/** Refuses a KVM guest where KVM does not run it, and says what to do about it. */
export async function refuseUnusableKvm(
  { type, devices }: Pick<ParsedDomain, "type" | "devices">,
  capabilities: QemuCapabilities,
): Promise<void> {
  if (type !== "kvm") return;
  const enabled = capabilities.accelerator("kvm") !== null;
  const { state, reason } = judgeKvm(await inspectKvm(), enabled);
  if (state === "usable" && enabled) return;
  throw new LibvirtError(
    "CONFIG_UNSUPPORTED",
    "QEMU",
    `Emulator '${devices.emulator}' does not support virt type 'kvm': ${reason}; ` +
      "or let the guest run in software with <domain type='qemu'>",
  );
}
