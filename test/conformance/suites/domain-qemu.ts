/** Domains as the QEMU driver stores and shows them. */
import {
  audioFromEnvironment,
  completionFor,
  type DefinitionContext,
} from "../../../src/drivers/qemu/definition/index.ts";
import { finishDomain, formatDomain, readParsedDomain } from "../../../src/model/domain/index.ts";
import { type Handler, input, type Request } from "../protocol.ts";
import { capabilitiesOf } from "./qemu-capabilities.ts";

/** What libvirt's tests of the QEMU driver assume about the host (`fixtures/environment.json`). */
const host = {
  arch: "x86_64",
  channelFolder: "/tmp/channel",
  nvramFolder: "/var/lib/libvirt/qemu/nvram",
  uuid: "00010203-0405-4607-8809-0a0b0c0d0e0f",
  mac: "52:54:00:00:00:00",
};

/** The driver's view of that host for one case. */
export async function contextOf(request: Request): Promise<DefinitionContext> {
  const capabilities = await capabilitiesOf(request);
  return {
    capabilities,
    hostArch: typeof request.hostArch === "string" ? request.hostArch : host.arch,
    emulatorFor: () => `/usr/bin/qemu-system-${capabilities.emulatorArch}`,
    channelFolder: host.channelFolder,
    nvramFolder: host.nvramFolder,
    abiUpdate: String(request.parseFlags ?? "").includes("VIR_DOMAIN_DEF_PARSE_ABI_UPDATE"),
    securityModel: "none",
    // The functions of a device are not isolated from each other.
    iommuGroup: ({ domain, bus, slot }) => (domain * 256 + bus) * 32 + slot,
    vncAllowHostAudio: Boolean(
      (request.qemuConf as { vnc_allow_host_audio?: unknown } | undefined)?.vnc_allow_host_audio,
    ),
    ...hostAudio(request),
    live: request.mode === "active",
    newUuid: () => host.uuid,
    newMac: () => host.mac,
  };
}

function hostAudio({ environment }: Request): Pick<DefinitionContext, "hostAudio"> {
  const backend = audioFromEnvironment((environment ?? {}) as NodeJS.ProcessEnv);
  return backend === undefined ? {} : { hostAudio: backend };
}

export const qemuDomain: Handler = async (request) => {
  const inactive = request.mode === "inactive";
  const read = readParsedDomain(await input(request), { inactive });
  const domain = finishDomain(read, completionFor(await contextOf(request)));
  return formatDomain(domain, { inactive, secure: true });
};
