/** What checks of definitions may assume about the host. */
import type { ValidationContext } from "../../../src/drivers/qemu/validate/index.ts";
import type { Request } from "../protocol.ts";
import { capabilitiesOf } from "./qemu-capabilities.ts";

/** What libvirt's tests assume about the host (`fixtures/environment.json`), as far as checks ask for it. */
export async function validationContext(request: Request): Promise<ValidationContext> {
  const { hostArch, hostCPU, swtpmVersions } = request;
  return {
    capabilities: await capabilitiesOf(request),
    hostArch: typeof hostArch === "string" ? hostArch : "x86_64",
    ...(typeof hostCPU === "string" ? { hostCpuModel: hostCPU } : {}),
    spiceTls: (request.qemuConf as { spice_tls?: number } | undefined)?.spice_tls !== 0,
    tpmVersions: Array.isArray(swtpmVersions) ? (swtpmVersions as string[]) : ["1.2", "2.0"],
    hugepageSizes: [2048n, 1048576n],
  };
}
