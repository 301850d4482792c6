/** Starting, stopping and pausing domains. */
import { checkFlags } from "../../../driver/flags.ts";
import type { CallContext, Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  DomainCreateFlags,
  DomainDestroyFlags,
  DomainEventResumedDetailType,
  DomainEventStartedDetailType,
  DomainEventStoppedDetailType,
  DomainEventSuspendedDetailType,
  DomainEventType,
  DomainPausedReason,
  DomainRebootFlags,
  type Domain as DomainRef,
  DomainRunningReason,
  DomainShutdownFlags,
  DomainShutoffReason,
  DomainState,
} from "../../../protocol/index.ts";
import type { TestNode } from "../state.ts";
import { adoptDefinition } from "./define.ts";
import { type LifecycleAction, parseDefinition } from "./definition.ts";
import {
  domainRef,
  emitLifecycle,
  findActiveDomain,
  findDomain,
  isActive,
  setState,
  start,
  stopAndTell,
  type TestDomain,
} from "./state.ts";

type LifecycleProcedures =
  | "domainCreateWithFlags"
  | "domainCreateXml"
  | "domainSuspend"
  | "domainResume"
  | "domainReboot"
  | "domainReset"
  | "domainShutdownFlags"
  | "domainDestroyFlags";

/** Starts a defined domain (virDomainCreate), from its managed save when it has one. */
function startDomain(node: TestNode, domain: TestDomain, flags = 0): void {
  if (isActive(domain)) throw new LibvirtError("INTERNAL_ERROR", "TEST", `Domain '${domain.name}' is already running`);
  const saved = (flags & DomainCreateFlags.START_FORCE_BOOT) === 0 ? domain.managedSave : null;
  start(node, domain, DomainRunningReason.BOOTED, saved?.definition);
  domain.managedSave = null;
  emitLifecycle(node, domain, DomainEventType.STARTED, DomainEventStartedDetailType.BOOTED);
  if (saved?.paused || (flags & DomainCreateFlags.START_PAUSED) !== 0) pause(node, domain);
}

/** Starts a domain from its document (virDomainCreateXML). */
function createDomain(node: TestNode, xml: string, flags = 0): TestDomain {
  const strict = (flags & DomainCreateFlags.START_VALIDATE) !== 0;
  const { definition, uuid } = parseDefinition(xml, { strict });
  const domain = adoptDefinition(node, definition, uuid, "start");
  start(node, domain, DomainRunningReason.BOOTED, definition);
  emitLifecycle(node, domain, DomainEventType.STARTED, DomainEventStartedDetailType.BOOTED);
  if ((flags & DomainCreateFlags.START_PAUSED) !== 0) pause(node, domain);
  return domain;
}

/** Ends a domain at once (virDomainDestroy). */
function destroyDomain(node: TestNode, domain: TestDomain): void {
  stopAndTell(node, domain, DomainShutoffReason.DESTROYED, DomainEventStoppedDetailType.DESTROYED);
}

function pause(node: TestNode, domain: TestDomain): void {
  setState(domain, DomainState.PAUSED, DomainPausedReason.USER);
  emitLifecycle(node, domain, DomainEventType.SUSPENDED, DomainEventSuspendedDetailType.PAUSED);
}

function suspend(node: TestNode, domain: TestDomain): void {
  if (domain.state !== DomainState.RUNNING) throw notIn(domain, "running");
  pause(node, domain);
}

function resume(node: TestNode, domain: TestDomain): void {
  if (domain.state !== DomainState.PAUSED) throw notIn(domain, "paused");
  setState(domain, DomainState.RUNNING, DomainRunningReason.UNPAUSED);
  emitLifecycle(node, domain, DomainEventType.RESUMED, DomainEventResumedDetailType.UNPAUSED);
}

function notIn({ name }: TestDomain, state: string): LibvirtError {
  return new LibvirtError("INTERNAL_ERROR", "TEST", `domain '${name}' not ${state}`);
}

const restarts: ReadonlySet<LifecycleAction> = new Set(["restart", "rename-restart"]);

/** What a guest that ends or reboots does by its definition: it goes on, or is over. */
function finish(node: TestNode, domain: TestDomain, action: LifecycleAction): void {
  if (restarts.has(action)) setState(domain, DomainState.RUNNING, DomainRunningReason.BOOTED);
  else stopAndTell(node, domain, DomainShutoffReason.SHUTDOWN, DomainEventStoppedDetailType.SHUTDOWN);
}

function shutdown(node: TestNode, dom: DomainRef): void {
  const domain = findDomain(node, dom);
  if (!domain.live) throw notIn(domain, "running");
  finish(node, domain, domain.live.on_poweroff);
}

const createFlags =
  DomainCreateFlags.START_PAUSED |
  DomainCreateFlags.START_AUTODESTROY |
  DomainCreateFlags.START_FORCE_BOOT |
  DomainCreateFlags.START_VALIDATE;

function anyOf(flags: Readonly<Record<string, number>>): number {
  return Object.values(flags).reduce((all, flag) => all | flag, 0);
}

/** Destroys the domain when the connection that asked for it ends (START_AUTODESTROY), if it is still the same run. */
function autodestroy(node: TestNode, domain: TestDomain, flags: number, { session }: CallContext): void {
  if ((flags & DomainCreateFlags.START_AUTODESTROY) === 0) return;
  const { id } = domain;
  session.onClose(() => {
    if (isActive(domain) && domain.id === id) destroyDomain(node, domain);
  });
}

export function domainLifecycleHandlers(node: TestNode): Handlers<LifecycleProcedures> {
  return {
    domainCreateWithFlags({ dom, flags }, call) {
      checkFlags(flags, createFlags, "domainCreateWithFlags", "TEST");
      const domain = findDomain(node, dom);
      startDomain(node, domain, flags);
      autodestroy(node, domain, flags, call);
      return { dom: domainRef(domain) };
    },
    domainCreateXml({ xmlDesc, flags }, call) {
      checkFlags(flags, createFlags, "domainCreateXml", "TEST");
      const domain = createDomain(node, xmlDesc, flags);
      autodestroy(node, domain, flags, call);
      return { dom: domainRef(domain) };
    },
    domainSuspend: ({ dom }) => suspend(node, findDomain(node, dom)),
    domainResume: ({ dom }) => resume(node, findDomain(node, dom)),
    domainReboot({ dom, flags }) {
      checkFlags(flags, anyOf(DomainRebootFlags), "domainReboot", "TEST");
      const domain = findActiveDomain(node, dom);
      finish(node, domain, domain.live.on_reboot);
    },
    domainReset({ dom, flags }) {
      checkFlags(flags, 0, "domainReset", "TEST");
      findActiveDomain(node, dom);
    },
    domainShutdownFlags({ dom, flags }) {
      checkFlags(flags, anyOf(DomainShutdownFlags), "domainShutdownFlags", "TEST");
      shutdown(node, dom);
    },
    domainDestroyFlags({ dom, flags }) {
      checkFlags(flags, DomainDestroyFlags.GRACEFUL, "domainDestroyFlags", "TEST");
      destroyDomain(node, findActiveDomain(node, dom));
    },
  };
}
