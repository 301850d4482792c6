/** Which domains there are: defining, undefining, renaming, finding, listing, describing them. */
import { domainQuestions } from "../../../driver/domain/kept/finder.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { questionFlags, selectByFlags } from "../../../driver/list-filter.ts";
import { listed } from "../../../driver/twins.ts";
import { LibvirtError } from "../../../errors.ts";
import { type Domain as Definition, formatDomain } from "../../../model/domain/index.ts";
import {
  DomainDefineFlags,
  DomainEventDefinedDetailType,
  DomainEventType,
  DomainEventUndefinedDetailType,
  type Domain as DomainRef,
  DomainXMLFlags,
} from "../../../protocol/index.ts";
import { readDefinition } from "../definitions.ts";
import { QemuDomain } from "../domain/domain.ts";
import type { QemuHost } from "../host.ts";
import { changeDomain, findDomain } from "./find.ts";

type DefinitionProcedures =
  | "connectListAllDomains"
  | "domainLookupByName"
  | "domainLookupByUuid"
  | "domainLookupById"
  | "domainDefineXml"
  | "domainDefineXmlFlags"
  | "domainRename"
  | "domainGetXmlDesc"
  | "domainGetState"
  | "domainIsActive"
  | "domainIsPersistent"
  | "domainIsUpdated"
  | "domainGetAutostart"
  | "domainSetAutostart";

/** What a definition must not meet. */
export const uniqueDomain = { what: "domain", domain: "QEMU" } as const;

/** Defines a domain; a running one takes the definition at its next start. */
async function define(host: QemuHost, xml: string, flags: number): Promise<QemuDomain> {
  const { definition, uuid } = await readDefinition(host, xml, { strict: (flags & DomainDefineFlags.VALIDATE) !== 0 });
  return host.reserve([definition.name], uuid, async () => {
    const known = host.domains.counterpart({ name: definition.name, uuid }, uniqueDomain);
    const domain = known ?? new QemuDomain(definition.name, uuid);
    await domain.jobs.run("domainDefineXmlFlags", async () => {
      const { ADDED, UPDATED } = DomainEventDefinedDetailType;
      const detail = domain.persistent ? UPDATED : ADDED;
      await host.store(domain, definition);
      host.domains.add(domain);
      host.emitLifecycle(domain, DomainEventType.DEFINED, detail);
    });
    return domain;
  });
}

async function rename(host: QemuHost, ref: DomainRef, newName: string | null): Promise<void> {
  if (!newName) {
    throw new LibvirtError("INVALID_ARG", "DOMAIN", "string new_name in virDomainRename must not be empty");
  }
  const { name, uuid } = findDomain(host, ref);
  await host.reserve([name, newName], uuid, () =>
    changeDomain(host, ref, "domainRename", async (domain) => {
      refuseRename(host, domain, newName);
      const before = domain.ref;
      await host.rename(domain, newName);
      const { RENAMED } = DomainEventUndefinedDetailType;
      host.hub.emit("domainEventCallbackLifecycle", {
        dom: before,
        event: DomainEventType.UNDEFINED,
        detail: RENAMED,
      });
      host.emitLifecycle(domain, DomainEventType.DEFINED, DomainEventDefinedDetailType.RENAMED);
    }),
  );
}

function refuseRename(host: QemuHost, domain: QemuDomain, name: string): void {
  const invalid = (detail: string) => new LibvirtError("OPERATION_INVALID", "DOMAIN", detail);
  if (name.includes("/")) throw new LibvirtError("XML_ERROR", "DOMAIN", `name ${name} cannot contain '/'`);
  if (domain.live) throw invalid("cannot rename active domain");
  if (domain.managedSave) throw invalid("domain with a managed saved state can't be renamed");
  if (name === domain.name) throw invalid("Can't rename domain to itself");
  if (host.domains.byName(name)) throw invalid(`domain with name '${name}' already exists`);
}

const { SECURE, INACTIVE, UPDATE_CPU, MIGRATABLE } = DomainXMLFlags;

/** A domain's document (virDomainGetXMLDesc): as it runs, unless the next start is asked for. */
export function describeDomain({ live, persistent, current }: QemuDomain, flags: number): string {
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

async function setAutostart(host: QemuHost, ref: DomainRef, on: boolean): Promise<void> {
  await changeDomain(host, ref, "domainSetAutostart", async (domain) => {
    if (domain.persistent === null) {
      throw new LibvirtError("OPERATION_INVALID", "QEMU", "cannot set autostart for transient domain");
    }
    if (domain.autostart !== on) await host.setAutostart(domain, on);
  });
}

export function definitionHandlers(host: QemuHost): Handlers<DefinitionProcedures> {
  const find = (dom: DomainRef) => findDomain(host, dom);
  return {
    connectListAllDomains({ needResults, flags }) {
      checkFlags(flags, questionFlags(domainQuestions), "connectListAllDomains", "QEMU");
      const chosen = selectByFlags(host.domains, flags, domainQuestions).map(({ ref }) => ref);
      const { items, ret } = listed(chosen, needResults);
      return { domains: items, ret };
    },
    domainLookupByName: ({ name }) => ({ dom: host.finder.byName(name).ref }),
    domainLookupByUuid: ({ uuid }) => ({ dom: host.finder.byUuid(uuid).ref }),
    domainLookupById: ({ id }) => ({ dom: host.finder.byId(id).ref }),
    domainDefineXml: async ({ xml }) => ({ dom: (await define(host, xml, 0)).ref }),
    async domainDefineXmlFlags({ xml, flags }) {
      checkFlags(flags, DomainDefineFlags.VALIDATE, "domainDefineXmlFlags", "QEMU");
      return { dom: (await define(host, xml, flags)).ref };
    },
    async domainRename({ dom, newName, flags }) {
      checkFlags(flags, 0, "domainRename", "QEMU");
      await rename(host, dom, newName);
      return { retcode: 0 };
    },
    domainGetXmlDesc({ dom, flags }) {
      checkFlags(flags, SECURE | INACTIVE | UPDATE_CPU | MIGRATABLE, "domainGetXmlDesc", "QEMU");
      return { xml: describeDomain(find(dom), flags) };
    },
    domainGetState({ dom, flags }) {
      checkFlags(flags, 0, "domainGetState", "QEMU");
      const { state, reason } = find(dom).status;
      return { state, reason };
    },
    domainIsActive: ({ dom }) => ({ active: Number(find(dom).active) }),
    domainIsPersistent: ({ dom }) => ({ persistent: Number(find(dom).persistent !== null) }),
    domainIsUpdated({ dom }) {
      find(dom);
      return { updated: 0 };
    },
    domainGetAutostart: ({ dom }) => ({ autostart: Number(find(dom).autostart) }),
    domainSetAutostart: ({ dom, autostart }) => setAutostart(host, dom, autostart !== 0),
  };
}
