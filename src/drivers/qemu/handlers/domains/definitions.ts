/** Which domains there are, and their documents. */
import { definitionHandlers as handlersFor } from "../../../../driver/domain/kept/definitions.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import { type Domain as Definition, formatDomain } from "../../../../model/domain/index.ts";
import { DomainXMLFlags } from "../../../../protocol/index.ts";
import { readDefinition } from "../../definitions.ts";
import type { QemuDomain } from "../../domain/domain.ts";
import type { QemuHost } from "../../host.ts";

const { SECURE, INACTIVE, UPDATE_CPU, MIGRATABLE } = DomainXMLFlags;

/** A domain's document (virDomainGetXMLDesc): as it runs, unless the next start is asked for. */
function describeDomain({ live, persistent, current }: QemuDomain, flags: number): string {
  const mode = { secure: (flags & SECURE) !== 0, migratable: (flags & MIGRATABLE) !== 0 };
  const updated = (definition: Definition) => ((flags & UPDATE_CPU) === 0 ? definition : withHostCpu(definition));
  // Where a guest goes, it is not yet anything but its definition.
  if (live && (flags & INACTIVE) === 0 && mode.migratable) {
    return formatDomain(updated(live.definition), { ...mode, inactive: true });
  }
  if (live && (flags & INACTIVE) === 0) return formatDomain({ ...updated(live.definition), id: live.id }, mode);
  return formatDomain(updated(persistent ?? current), { ...mode, inactive: true });
}

/**
 * A definition whose processor is said in the host's terms (VIR_DOMAIN_XML_UPDATE_CPU). One that is said whole stays.
 * What the host's processor is like in libvirt's models is not known here, so the others are refused, not passed over.
 */
function withHostCpu(definition: Definition): Definition {
  const { cpu } = definition;
  const isOpen =
    cpu?.mode === "host-model" ||
    cpu?.match === "minimum" ||
    cpu?.features.some(({ policy }) => policy === "optional") === true;
  if (!isOpen) return definition;
  const detail = "the host's CPU model is not known, by which the guest's could be updated (VIR_DOMAIN_XML_UPDATE_CPU)";
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
}

export function definitionHandlers(host: QemuHost) {
  return {
    ...handlersFor(host, (xml, options) => readDefinition(host, xml, options)),
    domainGetXmlDesc({ dom, flags }) {
      checkFlags(flags, SECURE | INACTIVE | UPDATE_CPU | MIGRATABLE, "domainGetXmlDesc", "QEMU");
      return host.finder.ask(dom, (domain) => ({ xml: describeDomain(domain, flags) }));
    },
  } satisfies Handlers<"domainGetXmlDesc">;
}
