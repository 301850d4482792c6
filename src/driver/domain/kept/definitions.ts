/** Which domains a driver keeps: defining, finding, listing and renaming them, and whether they start by themselves. */
import { LibvirtError } from "../../../errors.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import {
  DomainDefineFlags,
  DomainEventDefinedDetailType,
  DomainEventType,
  DomainEventUndefinedDetailType,
  type Domain as DomainRef,
} from "../../../protocol/index.ts";
import { checkFlags } from "../../flags.ts";
import type { Handlers } from "../../handler.ts";
import { questionFlags, selectByFlags } from "../../list-filter.ts";
import { listed } from "../../twins.ts";
import type { KeptDomain } from "./domain.ts";
import { domainQuestions } from "./finder.ts";
import type { DomainHost } from "./host.ts";

type DefinitionProcedures =
  | "connectListAllDomains"
  | "domainLookupByName"
  | "domainLookupByUuid"
  | "domainLookupById"
  | "domainDefineXmlFlags"
  | "domainRename"
  | "domainGetState"
  | "domainIsActive"
  | "domainIsPersistent"
  | "domainIsUpdated"
  | "domainGetAutostart"
  | "domainSetAutostart";

/** A definition that a client gave, completed and checked. */
export interface GivenDefinition {
  readonly definition: Definition;
  readonly uuid: Uint8Array;
}

/** Reads a client's definition; `strict` refuses what nobody knows. */
export type DefinitionReader = (
  xml: string,
  options: { readonly strict: boolean },
) => GivenDefinition | Promise<GivenDefinition>;

/** Makes a definition the domain's stored one, and tells of it. */
async function define<D extends KeptDomain>(host: DomainHost<D>, domain: D, definition: Definition) {
  const { ADDED, UPDATED } = DomainEventDefinedDetailType;
  const detail = domain.persistent ? UPDATED : ADDED;
  await host.store(domain, definition);
  host.domains.add(domain);
  host.emitLifecycle(domain, DomainEventType.DEFINED, detail);
}

function invalid(detail: string): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "DOMAIN", detail);
}

async function rename<D extends KeptDomain>(host: DomainHost<D>, ref: DomainRef, newName: string | null) {
  if (!newName) throw new LibvirtError("INVALID_ARG", "DOMAIN", "string new_name in virDomainRename must not be empty");
  await host.look();
  const { name, uuid } = host.finder.find(ref);
  await host.reserve([name, newName], uuid, () =>
    host.finder.change(ref, "domainRename", async (domain) => {
      refuseRename(host, domain, newName);
      const dom = domain.ref;
      await host.rename(domain, newName);
      const { RENAMED } = DomainEventUndefinedDetailType;
      host.hub.emit("domainEventCallbackLifecycle", { dom, event: DomainEventType.UNDEFINED, detail: RENAMED });
      host.emitLifecycle(domain, DomainEventType.DEFINED, DomainEventDefinedDetailType.RENAMED);
    }),
  );
}

function refuseRename<D extends KeptDomain>(host: DomainHost<D>, domain: D, name: string): void {
  if (name.includes("/")) throw new LibvirtError("XML_ERROR", "DOMAIN", `name ${name} cannot contain '/'`);
  if (domain.active) throw invalid("cannot rename active domain");
  if (domain.managedSave) throw invalid("domain with a managed saved state can't be renamed");
  if (name === domain.name) throw invalid("Can't rename domain to itself");
  if (host.domains.byName(name)) throw invalid(`domain with name '${name}' already exists`);
}

export function definitionHandlers<D extends KeptDomain>(
  host: DomainHost<D>,
  read: DefinitionReader,
): Handlers<DefinitionProcedures> {
  const { finder, from } = host;
  return {
    connectListAllDomains({ needResults, flags }) {
      checkFlags(flags, questionFlags(domainQuestions), "connectListAllDomains", from);
      return finder.now(() => {
        const chosen = selectByFlags(host.domains, flags, domainQuestions).map(({ ref }) => ref);
        const { items, ret } = listed(chosen, needResults);
        return { domains: items, ret };
      });
    },
    domainLookupByName: ({ name }) => finder.now(() => ({ dom: finder.byName(name).ref })),
    domainLookupByUuid: ({ uuid }) => finder.now(() => ({ dom: finder.byUuid(uuid).ref })),
    domainLookupById: ({ id }) => finder.now(() => ({ dom: finder.byId(id).ref })),
    async domainDefineXmlFlags({ xml, flags }) {
      checkFlags(flags, DomainDefineFlags.VALIDATE, "domainDefineXmlFlags", from);
      const { definition, uuid } = await read(xml, { strict: flags !== 0 });
      const { name } = definition;
      // A running one takes the definition at its next start.
      return host.adopt({ name, uuid }, "domainDefineXmlFlags", async (domain) => {
        await define(host, domain, definition);
        return { dom: domain.ref };
      });
    },
    async domainRename({ dom, newName, flags }) {
      checkFlags(flags, 0, "domainRename", from);
      await rename(host, dom, newName);
      return { retcode: 0 };
    },
    domainGetState({ dom, flags }) {
      checkFlags(flags, 0, "domainGetState", from);
      return finder.ask(dom, ({ status: { state, reason } }) => ({ state, reason }));
    },
    domainIsActive: ({ dom }) => finder.ask(dom, ({ active }) => ({ active: Number(active) })),
    domainIsPersistent: ({ dom }) => finder.ask(dom, ({ isPersistent }) => ({ persistent: Number(isPersistent) })),
    domainIsUpdated: ({ dom }) => finder.ask(dom, () => ({ updated: 0 })),
    domainGetAutostart: ({ dom }) => finder.ask(dom, ({ autostart }) => ({ autostart: Number(autostart) })),
    domainSetAutostart: ({ dom, autostart }) =>
      finder.change(dom, "domainSetAutostart", async (domain) => {
        const on = autostart !== 0;
        if (domain.persistent === null) {
          throw new LibvirtError("OPERATION_INVALID", from, "cannot set autostart for transient domain");
        }
        if (domain.autostart !== on) await host.setAutostart(domain, on);
      }),
  };
}
