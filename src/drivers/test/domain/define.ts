/** Which domains there are: defining, undefining, renaming, finding, listing, describing them. */
import { memoryOf, vcpusOf } from "../../../driver/domain/amounts.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { type ListQuestion, questionFlags, selectByFlags, yesOrNo } from "../../../driver/list-filter.ts";
import { MomentTree } from "../../../driver/moments.ts";
import { listed } from "../../../driver/twins.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  ConnectListAllDomainsFlags,
  DomainDefineFlags,
  DomainEventDefinedDetailType,
  DomainEventType,
  DomainEventUndefinedDetailType,
  type Domain as DomainRef,
  DomainShutoffReason,
  DomainState,
  DomainUndefineFlags,
  DomainXMLFlags,
} from "../../../protocol/index.ts";
import { microseconds } from "../clock.ts";
import type { TestNode } from "../state.ts";
import { type Definition, formatDefinition, parseDefinition, renamed } from "./definition.ts";
import { currentDefinition, domainRef, emitLifecycle, findDomain, isActive, type TestDomain } from "./state.ts";

type DefineProcedures =
  | "connectListAllDomains"
  | "domainLookupByName"
  | "domainLookupByUuid"
  | "domainLookupById"
  | "domainDefineXmlFlags"
  | "domainUndefineFlags"
  | "domainRename"
  | "domainGetXmlDesc"
  | "domainGetInfo"
  | "domainGetState"
  | "domainGetOsType"
  | "domainIsActive"
  | "domainIsPersistent"
  | "domainIsUpdated"
  | "domainGetAutostart"
  | "domainSetAutostart"
  | "domainGetSecurityLabel"
  | "domainGetControlInfo"
  | "domainGetMessages";

const Listed = ConnectListAllDomainsFlags;
const isOther = ({ state }: TestDomain): boolean =>
  state !== DomainState.RUNNING && state !== DomainState.PAUSED && state !== DomainState.SHUTOFF;

const questions: readonly ListQuestion<TestDomain>[] = [
  yesOrNo(Listed.ACTIVE, Listed.INACTIVE, isActive),
  yesOrNo(Listed.PERSISTENT, Listed.TRANSIENT, ({ persistent }) => persistent),
  [
    [Listed.RUNNING, ({ state }) => state === DomainState.RUNNING],
    [Listed.PAUSED, ({ state }) => state === DomainState.PAUSED],
    [Listed.SHUTOFF, ({ state }) => state === DomainState.SHUTOFF],
    [Listed.OTHER, isOther],
  ],
  yesOrNo(Listed.MANAGEDSAVE, Listed.NO_MANAGEDSAVE, ({ managedSave }) => managedSave !== null),
  yesOrNo(Listed.AUTOSTART, Listed.NO_AUTOSTART, ({ autostart }) => autostart),
  yesOrNo(Listed.HAS_SNAPSHOT, Listed.NO_SNAPSHOT, ({ snapshots }) => snapshots.size > 0),
  yesOrNo(Listed.HAS_CHECKPOINT, Listed.NO_CHECKPOINT, ({ checkpoints }) => checkpoints.size > 0),
];

const unique = { what: "domain", domain: "DOMAIN" } as const;

/** A domain that nobody knows yet. */
function newDomain(config: Definition, uuid: Uint8Array): TestDomain {
  return {
    name: config.name,
    uuid,
    config,
    live: null,
    id: -1,
    state: DomainState.SHUTOFF,
    reason: DomainShutoffReason.UNKNOWN,
    persistent: false,
    autostart: false,
    managedSave: null,
    snapshots: new MomentTree(),
    checkpoints: new MomentTree(),
    guest: null,
  };
}

/**
 * The domain that a definition is about, a new one if there is none yet. What is about to start must not run already,
 * and does not change what is defined.
 */
export function adoptDefinition(
  node: TestNode,
  definition: Definition,
  uuid: Uint8Array,
  what: "define" | "start",
): TestDomain {
  const known = node.domains.counterpart({ name: definition.name, uuid }, unique);
  if (what === "start" && known && isActive(known)) {
    throw new LibvirtError("OPERATION_INVALID", "DOMAIN", `domain '${known.name}' is already active`);
  }
  const domain = known ?? newDomain(definition, uuid);
  if (what === "define") {
    domain.config = definition;
    domain.persistent = true;
  }
  node.domains.add(domain);
  return domain;
}

/** Defines a domain (virDomainDefineXML); a running one takes the definition at its next start. */
export function defineDomain(node: TestNode, xml: string, flags = 0): TestDomain {
  const { definition, uuid } = parseDefinition(xml, { strict: (flags & DomainDefineFlags.VALIDATE) !== 0 });
  const { ADDED, UPDATED } = DomainEventDefinedDetailType;
  const wasPersistent = node.domains.byUuid(uuid)?.persistent ?? null;
  const domain = adoptDefinition(node, definition, uuid, "define");
  emitLifecycle(node, domain, DomainEventType.DEFINED, wasPersistent === null ? ADDED : UPDATED);
  return domain;
}

function undefine(node: TestNode, domain: TestDomain, flags: number): void {
  if (!isActive(domain)) refuseLeftovers(domain, flags);
  domain.managedSave = null;
  emitLifecycle(node, domain, DomainEventType.UNDEFINED, DomainEventUndefinedDetailType.REMOVED);
  domain.persistent = false;
  if (!isActive(domain)) node.domains.remove(domain);
}

/** What would be lost with an inactive domain must be named by a flag. */
function refuseLeftovers(domain: TestDomain, flags: number): void {
  const lost = (flag: number): boolean => (flags & flag) !== 0;
  const invalid = (detail: string) => new LibvirtError("OPERATION_INVALID", "TEST", detail);
  if (domain.managedSave && !lost(DomainUndefineFlags.MANAGED_SAVE)) {
    throw invalid("Refusing to undefine while domain managed save image exists");
  }
  if (domain.snapshots.size > 0 && !lost(DomainUndefineFlags.SNAPSHOTS_METADATA)) {
    throw invalid(`cannot delete inactive domain with ${domain.snapshots.size} snapshots`);
  }
  if (domain.checkpoints.size > 0 && !lost(DomainUndefineFlags.CHECKPOINTS_METADATA)) {
    throw invalid(`cannot delete inactive domain with ${domain.checkpoints.size} checkpoints`);
  }
}

function rename(node: TestNode, domain: TestDomain, name: string): void {
  const invalid = (detail: string) => new LibvirtError("OPERATION_INVALID", "DOMAIN", detail);
  if (name.includes("/")) throw new LibvirtError("XML_ERROR", "DOMAIN", `name ${name} cannot contain '/'`);
  if (domain.live) throw invalid("cannot rename active domain");
  if (name === domain.name) throw invalid("Can't rename domain to itself");
  if (node.domains.byName(name)) throw invalid(`domain with name '${name}' already exists`);
  emitLifecycle(node, domain, DomainEventType.UNDEFINED, DomainEventUndefinedDetailType.RENAMED);
  node.domains.rename(domain, () => {
    domain.name = name;
  });
  domain.config = renamed(domain.config, name);
  emitLifecycle(node, domain, DomainEventType.DEFINED, DomainEventDefinedDetailType.RENAMED);
}

/** A domain's document (virDomainGetXMLDesc). */
function describeDomain(domain: TestDomain, flags: number): string {
  const secure = (flags & DomainXMLFlags.SECURE) !== 0;
  const inactive = (flags & DomainXMLFlags.INACTIVE) !== 0 || !domain.live;
  return formatDefinition(inactive ? domain.config : (domain.live ?? domain.config), inactive ? null : domain.id, {
    secure,
  });
}

function noDomain(detail: string): LibvirtError {
  return new LibvirtError("NO_DOMAIN", "TEST", detail);
}

const undefineFlags =
  DomainUndefineFlags.MANAGED_SAVE |
  DomainUndefineFlags.SNAPSHOTS_METADATA |
  DomainUndefineFlags.CHECKPOINTS_METADATA |
  // There is no NVRAM to remove, so that keeping it is easy.
  DomainUndefineFlags.KEEP_NVRAM;

export function domainDefineHandlers(node: TestNode): Handlers<DefineProcedures> {
  const find = (dom: DomainRef) => findDomain(node, dom);
  return {
    connectListAllDomains({ needResults, flags }) {
      checkFlags(flags, questionFlags(questions), "connectListAllDomains", "TEST");
      const { items, ret } = listed(selectByFlags(node.domains, flags, questions).map(domainRef), needResults);
      return { domains: items, ret };
    },
    domainLookupByName({ name }) {
      const domain = node.domains.byName(name);
      if (!domain) throw noDomain(`no domain with matching name '${name}'`);
      return { dom: domainRef(domain) };
    },
    domainLookupByUuid: ({ uuid }) => {
      const domain = node.domains.byUuid(uuid);
      if (!domain) throw noDomain("no domain with matching uuid");
      return { dom: domainRef(domain) };
    },
    domainLookupById({ id }) {
      const domain = [...node.domains].find((candidate) => isActive(candidate) && candidate.id === id);
      if (!domain) throw noDomain(`no domain with matching id ${id}`);
      return { dom: domainRef(domain) };
    },
    domainDefineXmlFlags({ xml, flags }) {
      checkFlags(flags, DomainDefineFlags.VALIDATE, "domainDefineXmlFlags", "TEST");
      return { dom: domainRef(defineDomain(node, xml, flags)) };
    },
    domainUndefineFlags({ dom, flags }) {
      checkFlags(flags, undefineFlags, "domainUndefineFlags", "TEST");
      undefine(node, find(dom), flags);
    },
    domainRename({ dom, newName, flags }) {
      checkFlags(flags, 0, "domainRename", "TEST");
      if (!newName)
        throw new LibvirtError("INVALID_ARG", "DOMAIN", "string new_name in virDomainRename must not be empty");
      rename(node, find(dom), newName);
      return { retcode: 0 };
    },
    domainGetXmlDesc({ dom, flags }) {
      const { SECURE, INACTIVE, MIGRATABLE } = DomainXMLFlags;
      checkFlags(flags, SECURE | INACTIVE | MIGRATABLE, "domainGetXmlDesc", "TEST");
      return { xml: describeDomain(find(dom), flags) };
    },
    domainGetInfo({ dom }) {
      const domain = find(dom);
      const definition = currentDefinition(domain);
      const { maximum, current } = memoryOf(definition);
      const cpuTime = microseconds() * 1000n;
      return { state: domain.state, maxMem: maximum, memory: current, nrVirtCpu: vcpusOf(definition).current, cpuTime };
    },
    domainGetState({ dom, flags }) {
      checkFlags(flags, 0, "domainGetState", "TEST");
      const { state, reason } = find(dom);
      return { state, reason };
    },
    domainGetOsType({ dom }) {
      find(dom);
      return { type: "linux" };
    },
    domainIsActive: ({ dom }) => ({ active: Number(isActive(find(dom))) }),
    domainIsPersistent: ({ dom }) => ({ persistent: Number(find(dom).persistent) }),
    domainIsUpdated({ dom }) {
      find(dom);
      return { updated: 0 };
    },
    domainGetAutostart: ({ dom }) => ({ autostart: Number(find(dom).autostart) }),
    domainSetAutostart({ dom, autostart }) {
      find(dom).autostart = autostart !== 0;
    },
    domainGetSecurityLabel({ dom }) {
      const active = isActive(find(dom));
      return { label: active ? "libvirt-test" : "", enforcing: Number(active) };
    },
    domainGetControlInfo({ dom, flags }) {
      checkFlags(flags, 0, "domainGetControlInfo", "TEST");
      find(dom);
      return { state: 0, details: 0, stateTime: 0n };
    },
    domainGetMessages({ dom, flags }) {
      checkFlags(flags, 3, "domainGetMessages", "TEST");
      find(dom);
      return { msgs: [] };
    },
  };
}
