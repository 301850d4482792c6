import { formatDomain, parseDomain } from "../../../src/model/domain/index.ts";
import { type Handler, input } from "../protocol.ts";

/** What libvirt's tests of documents without a hypervisor assume about the host. */
const hostArch = "x86_64";

export const genericDomain: Handler = async (request) => {
  const inactive = request.mode === "inactive";
  const domain = parseDomain(await input(request), { inactive, arch: hostArch });
  return formatDomain(domain, { inactive, secure: true });
};
