/** What separates guests from the rest of the host: here, whom they run as (libvirt's model `dac`). */
import type { Handlers } from "../../../../driver/handler.ts";
import type { SecurityModel } from "../../../../driver/host-capabilities.ts";
import type { Domain as DomainRef } from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";

/** The model by which guests are labelled; `none` where they run as we do. */
export function securityModel({ settings: { identity } }: QemuHost): SecurityModel {
  if (identity === null) return { model: "none", doi: "0", baselabels: {} };
  const label = `+${identity.uid}:+${identity.gid}`;
  return { model: "dac", doi: "0", baselabels: { kvm: label, qemu: label } };
}

type SecurityProcedures = "domainGetSecurityLabel" | "domainGetSecurityLabelList";

export function securityHandlers(host: QemuHost): Handlers<SecurityProcedures> {
  const labelOf = (dom: DomainRef) => {
    const { live } = host.finder.find(dom);
    const { baselabels } = securityModel(host);
    return live && baselabels.qemu !== undefined
      ? { label: baselabels.qemu, enforcing: 1 }
      : { label: "", enforcing: 0 };
  };
  return {
    domainGetSecurityLabel: ({ dom }) => labelOf(dom),
    domainGetSecurityLabelList({ dom }) {
      const { live } = host.finder.find(dom);
      const labels = live ? [labelOf(dom)] : [];
      return { labels, ret: labels.length };
    },
  };
}
