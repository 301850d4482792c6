/** Files that a client lends to a domain, for disks whose paths this process could not open. */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { formatUuid } from "../../../../driver/object-list.ts";
import { DomainFDAssociateFlags } from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";
import { nativePart, needed } from "./open-files.ts";

const { SECLABEL_RESTORE, SECLABEL_WRITABLE } = DomainFDAssociateFlags;

export function lentFilesHandlers(host: QemuHost): Handlers<"domainFdAssociate"> {
  return {
    async domainFdAssociate({ dom, name, flags }, { session, descriptors }) {
      // There are no labels here that could be set or restored.
      checkFlags(flags, SECLABEL_RESTORE | SECLABEL_WRITABLE, "domainFdAssociate", "QEMU");
      const { given } = needed(descriptors, "virDomainFDAssociate");
      const native = await nativePart();
      const { uuid } = host.finder.find(dom);
      host.lentFiles.lend(session, native, formatUuid(uuid), name, given);
    },
  };
}
