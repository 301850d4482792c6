/** What there is to know about a domain beyond its state. */
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { DomainMessageType } from "../../../../protocol/index.ts";
import { taintsOf } from "../../domain/taints.ts";
import type { QemuHost } from "../../host.ts";

export function messageHandlers(host: QemuHost): Handlers<"domainGetMessages"> {
  return {
    domainGetMessages({ dom, flags }) {
      const { DEPRECATION, TAINTING } = DomainMessageType;
      checkFlags(flags, DEPRECATION | TAINTING, "domainGetMessages", "QEMU");
      const { live } = host.finder.find(dom);
      const wanted = flags === 0 || (flags & TAINTING) !== 0;
      const taints = live && wanted ? taintsOf(live, host.settings.identity) : [];
      return { msgs: taints.map((words) => `tainted: ${words}`) };
    },
  };
}
