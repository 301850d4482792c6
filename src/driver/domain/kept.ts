/** Domains as a driver keeps them, and what is the same about them whatever runs them: finding, listing, changing. */
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import type { Domain as Definition } from "../../model/domain/index.ts";
import { ConnectListAllDomainsFlags, type Domain as DomainRef, DomainState } from "../../protocol/index.ts";
import type { JobQueue } from "../jobs.ts";
import { type ListQuestion, yesOrNo } from "../list-filter.ts";
import { formatUuid, type NamedObject, type ObjectList } from "../object-list.ts";
import { asksLive, type Impact, impactOf } from "./impact.ts";

/** A state of a domain and why it is in it: values of DomainState and of the state's own reasons. */
export interface StateWithReason {
  readonly state: DomainState;
  readonly reason: number;
}

export interface KeptDomain extends NamedObject {
  /** The domain as clients refer to it. */
  readonly ref: DomainRef;
  /** Changes wait for each other here. */
  readonly jobs: JobQueue;
  readonly active: boolean;
  /** What it will be at its next start; null for one that is gone when it ends. */
  readonly persistent: Definition | null;
  readonly status: StateWithReason;
  readonly autostart: boolean;
  readonly managedSave: boolean;
}

const Listed = ConnectListAllDomainsFlags;
const isIn = (state: DomainState) => (domain: KeptDomain) => domain.status.state === state;
const isOther = ({ status: { state } }: KeptDomain): boolean =>
  state !== DomainState.RUNNING && state !== DomainState.PAUSED && state !== DomainState.SHUTOFF;
/** For drivers that keep no snapshots and checkpoints. */
const none = (): boolean => false;

/** The questions of virConnectListAllDomains, of domains without snapshots. */
export const domainQuestions: readonly ListQuestion<KeptDomain>[] = [
  yesOrNo(Listed.ACTIVE, Listed.INACTIVE, ({ active }) => active),
  yesOrNo(Listed.PERSISTENT, Listed.TRANSIENT, ({ persistent }) => persistent !== null),
  [
    [Listed.RUNNING, isIn(DomainState.RUNNING)],
    [Listed.PAUSED, isIn(DomainState.PAUSED)],
    [Listed.SHUTOFF, isIn(DomainState.SHUTOFF)],
    [Listed.OTHER, isOther],
  ],
  yesOrNo(Listed.MANAGEDSAVE, Listed.NO_MANAGEDSAVE, ({ managedSave }) => managedSave),
  yesOrNo(Listed.AUTOSTART, Listed.NO_AUTOSTART, ({ autostart }) => autostart),
  yesOrNo(Listed.HAS_SNAPSHOT, Listed.NO_SNAPSHOT, none),
  yesOrNo(Listed.HAS_CHECKPOINT, Listed.NO_CHECKPOINT, none),
];

/** Finds the domains that calls are about. */
export class DomainFinder<T extends KeptDomain> {
  readonly #domains: ObjectList<T>;
  readonly #from: ErrorDomainName;

  constructor(domains: ObjectList<T>, from: ErrorDomainName) {
    this.#domains = domains;
    this.#from = from;
  }

  none(detail: string): LibvirtError {
    return new LibvirtError("NO_DOMAIN", this.#from, detail);
  }

  /** The domain a client means, or NO_DOMAIN. */
  find({ uuid, name }: DomainRef): T {
    const domain = this.#domains.byUuid(uuid);
    if (domain) return domain;
    throw this.none(`no domain with matching uuid '${formatUuid(uuid)}' (${name})`);
  }

  byName(name: string): T {
    const domain = this.#domains.byName(name);
    if (domain) return domain;
    throw this.none(`no domain with matching name '${name}'`);
  }

  byUuid(uuid: Uint8Array): T {
    const domain = this.#domains.byUuid(uuid);
    if (domain) return domain;
    throw this.none(`no domain with matching uuid '${formatUuid(uuid)}'`);
  }

  byId(id: number): T {
    const domain = [...this.#domains].find((one) => one.active && one.ref.id === id);
    if (domain) return domain;
    throw this.none(`no domain with matching id ${id}`);
  }

  /**
   * Changes a domain when it is its turn; one that has gone while the change waited is not found.
   * @param name the procedure, as others see it who wait
   */
  change<R>(ref: DomainRef, name: string, work: (domain: T) => R | Promise<R>, signal?: AbortSignal): Promise<R> {
    const domain = this.find(ref);
    return domain.jobs.run(
      name,
      () => {
        if (this.#domains.byUuid(domain.uuid) === domain) return work(domain);
        throw this.none(`no domain with matching uuid '${formatUuid(domain.uuid)}' (${domain.name})`);
      },
      signal,
    );
  }
}

/** What the flags of a change mean for a domain as it is. */
export function impactOn({ active, persistent }: KeptDomain, flags: number): Impact {
  return impactOf({ active, persistent: persistent !== null }, flags);
}

/** Whether a question with such flags is about the running guest. */
export function isAboutRunning({ active, persistent }: KeptDomain, flags: number): boolean {
  return asksLive({ active, persistent: persistent !== null }, flags);
}
