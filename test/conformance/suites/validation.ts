/** What checks of definitions may assume about the host, and definitions to check. */
import { completionFor } from "../../../src/drivers/qemu/definition/index.ts";
import type { ValidationContext } from "../../../src/drivers/qemu/validate/index.ts";
import { type Domain, finishDomain, readParsedDomain } from "../../../src/model/domain/index.ts";
import { input, type Request } from "../protocol.ts";
import { contextOf } from "./domain-qemu.ts";
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

/** A definition as the driver would store it. */
export async function definedDomain(request: Request): Promise<Domain> {
  const read = readParsedDomain(await input(request), { inactive: true });
  return finishDomain(read, completionFor(await contextOf(request)));
}
