/** Domains as the QEMU driver stores and shows them. */
import { completionFor, type DefinitionContext } from "../../../src/drivers/qemu/definition/index.ts";
import { finishDomain, formatDomain, readParsedDomain } from "../../../src/model/domain/index.ts";
import { type Handler, input, type Request } from "../protocol.ts";
import { capabilitiesOf, guestArch } from "./qemu-capabilities.ts";

/** What libvirt's tests of the QEMU driver assume about the host (`fixtures/environment.json`). */
const host = {
  arch: "x86_64",
  channelFolder: "/tmp/channel",
  uuid: "00010203-0405-4607-8809-0a0b0c0d0e0f",
  mac: "52:54:00:00:00:00",
};

/** The driver's view of that host for one case. */
export async function contextOf(request: Request): Promise<DefinitionContext> {
  return {
    capabilities: await capabilitiesOf(request),
    hostArch: typeof request.hostArch === "string" ? request.hostArch : host.arch,
    emulatorFor: () => `/usr/bin/qemu-system-${guestArch(request)}`,
    channelFolder: host.channelFolder,
    live: request.mode === "active",
    newUuid: () => host.uuid,
    newMac: () => host.mac,
  };
}

export const qemuDomain: Handler = async (request) => {
  const inactive = request.mode === "inactive";
  const read = readParsedDomain(await input(request), { inactive });
  const domain = finishDomain(read, completionFor(await contextOf(request)));
  return formatDomain(domain, { inactive, secure: true });
};
