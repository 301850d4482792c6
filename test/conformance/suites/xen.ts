import { formatDomain } from "../../../src/model/domain/index.ts";
import {
  type Dialect,
  formatXenConfiguration,
  libxlConfig,
  parseXenConfiguration,
  parseXenDomain,
  usualHost,
} from "../../../src/model/xen/index.ts";
import { type Handler, input } from "../protocol.ts";

/** The host of libvirt's tests; its name of the firmware's folder is a placeholder of theirs. */
const host = { ...usualHost, firmwareFolder: "/LIBXL_FIRMWARE_DIR" };

const converter =
  (dialect: Dialect): Handler =>
  async (request) => {
    const text = await input(request);
    if (request.op === "cfg2xml") {
      return formatDomain(parseXenConfiguration(text, dialect, host), { inactive: true, secure: true });
    }
    return formatXenConfiguration(parseXenDomain(text, { inactive: true, host }), dialect, host);
  };

/** What libvirt's tests have the hypervisor need beside a guest's memory, in KiB. */
const shadowMemory = () => 1234;

export const libxlDescription: Handler = async (request) => {
  const domain = parseXenDomain(await input(request), { inactive: true, host });
  return JSON.stringify(libxlConfig(domain, { shadowMemory }));
};

export const xlConfiguration = converter("xl");
export const xmConfiguration = converter("xm");
