/** Which domains there are: defining, undefining, renaming, finding, listing, describing them. */
import { domainQuestions } from "../../../driver/domain/kept/finder.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { questionFlags, selectByFlags } from "../../../driver/list-filter.ts";
import { listed } from "../../../driver/twins.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  DomainDefineFlags,
  DomainEventDefinedDetailType,
  DomainEventType,
  DomainEventUndefinedDetailType,
  type Domain as DomainRef,
  DomainUndefineFlags,
  DomainXMLFlags,
} from "../../../protocol/index.ts";
import { readDefinition } from "../definitions.ts";
import { describeDomain } from "../domain/describe.ts";
import { XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

type DefinitionProcedures =
  | "connectListAllDomains"
  | "domainLookupByName"
  | "domainLookupByUuid"
  | "domainLookupById"
  | "domainDefineXml"
  | "domainDefineXmlFlags"
  | "domainUndefine"
  | "domainUndefineFlags"
  | "domainRename"
  | "domainGetXmlDesc"
  | "domainGetState"
  | "domainIsActive"
  | "domainIsPersistent"
  | "domainIsUpdated"
  | "domainGetAutostart"
  | "domainSetAutostart";

/** What a definition must not meet. */
export const uniqueDomain = { what: "domain", domain: "XEN" } as const;

/** Defines a domain; a running one takes the definition at its next start. */
async function define(host: XenHost, xml: string, flags: number): Promise<XenDomain> {
  const { definition, uuid } = readDefinition(xml, { strict: (flags & DomainDefineFlags.VALIDATE) !== 0 });
  await host.look();
  return host.reserve([definition.name], uuid, async () => {
    const known = host.domains.counterpart({ name: definition.name, uuid }, uniqueDomain);
    if (known?.isHost) throw invalid("this is the host itself (Domain-0): it has no definition");
    const domain = known ?? new XenDomain(definition.name, uuid);
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

async function rename(host: XenHost, ref: DomainRef, newName: string | null): Promise<void> {
  if (!newName) throw new LibvirtError("INVALID_ARG", "DOMAIN", "string new_name in virDomainRename must not be empty");
  const { name, uuid } = host.finder.find(ref);
  await host.reserve([name, newName], uuid, () =>
    host.finder.change(ref, "domainRename", async (domain) => {
      refuseRename(host, domain, newName);
      const before = domain.ref;
      await host.rename(domain, newName);
      const { RENAMED } = DomainEventUndefinedDetailType;
      const event = DomainEventType.UNDEFINED;
      host.hub.emit("domainEventCallbackLifecycle", { dom: before, event, detail: RENAMED });
      host.emitLifecycle(domain, DomainEventType.DEFINED, DomainEventDefinedDetailType.RENAMED);
    }),
  );
}

function refuseRename(host: XenHost, domain: XenDomain, name: string): void {
  if (name.includes("/")) throw new LibvirtError("XML_ERROR", "DOMAIN", `name ${name} cannot contain '/'`);
  if (domain.live) throw invalid("cannot rename active domain");
  if (domain.managedSave) throw invalid("domain with a managed saved state can't be renamed");
  if (name === domain.name) throw invalid("Can't rename domain to itself");
  if (host.domains.byName(name)) throw invalid(`domain with name '${name}' already exists`);
}

function invalid(detail: string): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "DOMAIN", detail);
}

async function setAutostart(host: XenHost, ref: DomainRef, on: boolean): Promise<void> {
  await host.finder.change(ref, "domainSetAutostart", async (domain) => {
    if (domain.persistent === null) throw invalid("cannot set autostart for transient domain");
    if (domain.autostart !== on) await host.setAutostart(domain, on);
  });
}

export function definitionHandlers(host: XenHost): Handlers<DefinitionProcedures> {
  /** Domains come and go without being asked: each question looks first. */
  const find = async (dom: DomainRef): Promise<XenDomain> => {
    await host.look();
    return host.finder.find(dom);
  };
  const { SECURE, INACTIVE, UPDATE_CPU, MIGRATABLE } = DomainXMLFlags;
  return {
    async connectListAllDomains({ needResults, flags }) {
      checkFlags(flags, questionFlags(domainQuestions), "connectListAllDomains", "XEN");
      await host.look();
      const chosen = selectByFlags(host.domains, flags, domainQuestions).map(({ ref }) => ref);
      const { items, ret } = listed(chosen, needResults);
      return { domains: items, ret };
    },
    async domainLookupByName({ name }) {
      await host.look();
      return { dom: host.finder.byName(name).ref };
    },
    async domainLookupByUuid({ uuid }) {
      await host.look();
      return { dom: host.finder.byUuid(uuid).ref };
    },
    async domainLookupById({ id }) {
      await host.look();
      return { dom: host.finder.byId(id).ref };
    },
    domainDefineXml: async ({ xml }) => ({ dom: (await define(host, xml, 0)).ref }),
    async domainDefineXmlFlags({ xml, flags }) {
      checkFlags(flags, DomainDefineFlags.VALIDATE, "domainDefineXmlFlags", "XEN");
      return { dom: (await define(host, xml, flags)).ref };
    },
    domainUndefine: ({ dom }) => host.finder.change(dom, "domainUndefine", (domain) => undefine(host, domain, 0)),
    domainUndefineFlags({ dom, flags }) {
      const known = MANAGED_SAVE | SNAPSHOTS_METADATA | CHECKPOINTS_METADATA;
      checkFlags(flags, known, "domainUndefineFlags", "XEN");
      return host.finder.change(dom, "domainUndefineFlags", (domain) => undefine(host, domain, flags));
    },
    async domainRename({ dom, newName, flags }) {
      checkFlags(flags, 0, "domainRename", "XEN");
      await host.look();
      await rename(host, dom, newName);
      return { retcode: 0 };
    },
    async domainGetXmlDesc({ dom, flags }) {
      checkFlags(flags, SECURE | INACTIVE | UPDATE_CPU | MIGRATABLE, "domainGetXmlDesc", "XEN");
      return { xml: await describeDomain(host, await find(dom), flags) };
    },
    async domainGetState({ dom, flags }) {
      checkFlags(flags, 0, "domainGetState", "XEN");
      const { state, reason } = (await find(dom)).status;
      return { state, reason };
    },
    domainIsActive: async ({ dom }) => ({ active: Number((await find(dom)).active) }),
    // The host itself is always there.
    async domainIsPersistent({ dom }) {
      const { persistent, live } = await find(dom);
      return { persistent: Number(persistent !== null || live?.id === 0) };
    },
    async domainIsUpdated({ dom }) {
      await find(dom);
      return { updated: 0 };
    },
    domainGetAutostart: async ({ dom }) => ({ autostart: Number((await find(dom)).autostart) }),
    domainSetAutostart: ({ dom, autostart }) => setAutostart(host, dom, autostart !== 0),
  };
}
