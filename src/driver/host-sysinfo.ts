/** The host's SMBIOS tables as a document. */
import { type ErrorDomainName, LibvirtError } from "../errors.ts";
import { hostTree } from "../host/node/file-tree.ts";
import { readSmbios } from "../host/smbios.ts";
import type { Sysinfo } from "../model/domain/index.ts";

export type SmbiosInfo = Extract<Sysinfo, { type: "smbios" }>;

/** @throws LibvirtError CONFIG_UNSUPPORTED for a host that has none, or whose kernel does not show them. */
export async function hostSysinfo(domain: ErrorDomainName): Promise<SmbiosInfo> {
  const tables = await readSmbios(hostTree("/sys/class/dmi/id"));
  if (tables === null) {
    throw new LibvirtError("CONFIG_UNSUPPORTED", domain, "Host SMBIOS information is not available");
  }
  const { bios, system, baseBoard, chassis } = tables;
  return {
    type: "smbios",
    ...(bios && { bios }),
    ...(system && { system }),
    baseBoards: baseBoard ? [baseBoard] : [],
    ...(chassis && { chassis }),
  };
}
