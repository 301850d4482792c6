/** Which domains there are: undefining them, their documents, and what is the same for all that are kept. */
import { definitionHandlers as handlersFor } from "../../../driver/domain/kept/definitions.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  DomainEventType,
  DomainEventUndefinedDetailType,
  DomainUndefineFlags,
  DomainXMLFlags,
} from "../../../protocol/index.ts";
import { readDefinition } from "../definitions.ts";
import { describeDomain } from "../domain/describe.ts";
import type { XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

const { MANAGED_SAVE, SNAPSHOTS_METADATA, CHECKPOINTS_METADATA } = DomainUndefineFlags;

/** Undefines a domain; a running one goes on as a transient one. */
async function undefine(host: XenHost, domain: XenDomain, flags: number): Promise<void> {
  if (domain.persistent === null) throw invalid("cannot undefine transient domain");
  if (domain.managedSave) {
    if ((flags & MANAGED_SAVE) === 0) throw invalid("Refusing to undefine while domain managed save image exists");
    await host.removeManagedSave(domain);
  }
  await host.unstore(domain);
  host.emitLifecycle(domain, DomainEventType.UNDEFINED, DomainEventUndefinedDetailType.REMOVED);
  if (!domain.live) await host.forget(domain);
}

function invalid(detail: string): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "DOMAIN", detail);
}

export function definitionHandlers(host: XenHost) {
  const { SECURE, INACTIVE, UPDATE_CPU, MIGRATABLE } = DomainXMLFlags;
  return {
    ...handlersFor(host, readDefinition),
    domainUndefineFlags({ dom, flags }) {
      const known = MANAGED_SAVE | SNAPSHOTS_METADATA | CHECKPOINTS_METADATA;
      checkFlags(flags, known, "domainUndefineFlags", "XEN");
      return host.finder.change(dom, "domainUndefineFlags", (domain) => undefine(host, domain, flags));
    },
    domainGetXmlDesc({ dom, flags }) {
      checkFlags(flags, SECURE | INACTIVE | UPDATE_CPU | MIGRATABLE, "domainGetXmlDesc", "XEN");
      return host.finder.ask(dom, async (domain) => ({ xml: await describeDomain(host, domain, flags) }));
    },
  } satisfies Handlers<"domainUndefineFlags" | "domainGetXmlDesc">;
}
