/** A domain of the made-up node: its definitions, its state, and how it goes from one state to another. */
import type { MomentTree } from "../../../driver/moments.ts";
import { formatUuid } from "../../../driver/object-list.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  DomainEventType,
  type Domain as DomainRef,
  type DomainRunningReason,
  type DomainShutoffReason,
  DomainState,
} from "../../../protocol/index.ts";
import { type GuestState, newGuest } from "../guest/state.ts";
import type { Checkpoint } from "../moments/checkpoints.ts";
import type { Snapshot } from "../moments/snapshots.ts";
import type { TestNode } from "../state.ts";
import type { Definition } from "./definition.ts";

export interface TestDomain {
  name: string;
  readonly uuid: Uint8Array;
  /** What the next start uses; of a transient domain, what it was started with. */
  config: Definition;
  /** What a running domain is made of now. */
  live: Definition | null;
  /** -1 while it does not run. */
  id: number;
  state: DomainState;
  /** Why it is in that state: the meaning depends on the state. */
  reason: number;
  persistent: boolean;
  autostart: boolean;
  /** The definition that a managed save will start again; null without one. */
  managedSave: SavedGuest | null;
  readonly snapshots: MomentTree<Snapshot>;
  readonly checkpoints: MomentTree<Checkpoint>;
  /** What the made-up guest inside remembers while it runs; null before the first start. */
  guest: GuestState | null;
}

/** A domain that runs. */
export type ActiveDomain = TestDomain & { readonly live: Definition; readonly guest: GuestState };

/** A guest that was put away. */
export interface SavedGuest {
  readonly definition: Definition;
  readonly paused: boolean;
}

/** What the domain is at the moment: live if it runs, else as defined. */
export function currentDefinition(domain: TestDomain): Definition {
  return domain.live ?? domain.config;
}

export function isActive(domain: TestDomain): boolean {
  return domain.live !== null;
}

/** How clients refer to the domain. */
export function domainRef({ name, uuid, id }: DomainRef): DomainRef {
  return { name, uuid, id };
}

/** The domain a client means, or NO_DOMAIN. */
export function findDomain(node: TestNode, { uuid, name }: DomainRef): TestDomain {
  const domain = node.domains.byUuid(uuid);
  if (domain) return domain;
  throw new LibvirtError("NO_DOMAIN", "TEST", `no domain with matching uuid '${formatUuid(uuid)}' (${name})`);
}

/** The domain a client means, if it runs; else OPERATION_INVALID. */
export function findActiveDomain(node: TestNode, ref: DomainRef): ActiveDomain {
  const domain = findDomain(node, ref);
  if (!domain.live) throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "domain is not running");
  return domain as ActiveDomain;
}

/** Tells those who listen what became of a domain. */
export function emitLifecycle(node: TestNode, domain: TestDomain, event: DomainEventType, detail: number): void {
  node.events.emit("domainEventCallbackLifecycle", { dom: domainRef(domain), event, detail });
}

export function setState(domain: TestDomain, state: DomainState, reason: number): void {
  domain.state = state;
  domain.reason = reason;
}

/** Makes a domain run. */
export function start(
  node: TestNode,
  domain: TestDomain,
  reason: DomainRunningReason,
  definition: Definition = domain.config,
): void {
  domain.live = definition;
  domain.guest = newGuest();
  domain.id = node.nextDomainId++;
  setState(domain, DomainState.RUNNING, reason);
}

/** Ends a domain's run.. */
export function stop(domain: TestDomain, reason: DomainShutoffReason): void {
  domain.live = null;
  // The last event of a transient domain still tells which one it was.
  if (domain.persistent) domain.id = -1;
  setState(domain, DomainState.SHUTOFF, reason);
}

/** Ends a domain's run and tells about it; a transient domain is gone then. */
export function stopAndTell(node: TestNode, domain: TestDomain, reason: DomainShutoffReason, detail: number): void {
  stop(domain, reason);
  emitLifecycle(node, domain, DomainEventType.STOPPED, detail);
  if (!domain.persistent) node.domains.remove(domain);
}
