/** Finding the domains that calls are about, and changing them when it is their turn. */
import { type ErrorDomainName, LibvirtError } from "../../../errors.ts";
import { ConnectListAllDomainsFlags, type Domain as DomainRef, DomainState } from "../../../protocol/index.ts";
import { type ListQuestion, yesOrNo } from "../../list-filter.ts";
import { formatUuid, type ObjectList } from "../../object-list.ts";
import type { KeptDomain } from "./domain.ts";

const Listed = ConnectListAllDomainsFlags;
const isIn = (state: DomainState) => (domain: KeptDomain) => domain.status.state === state;
const isOther = ({ status: { state } }: KeptDomain): boolean =>
  state !== DomainState.RUNNING && state !== DomainState.PAUSED && state !== DomainState.SHUTOFF;
/** For drivers that keep no snapshots and checkpoints. */
const none = (): boolean => false;

/** The questions of virConnectListAllDomains, of domains without snapshots. */
export const domainQuestions: readonly ListQuestion<KeptDomain>[] = [
  yesOrNo(Listed.ACTIVE, Listed.INACTIVE, ({ active }) => active),
  yesOrNo(Listed.PERSISTENT, Listed.TRANSIENT, ({ isPersistent }) => isPersistent),
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

export interface FinderOptions {
  /** The driver, as its errors name it. */
  readonly from: ErrorDomainName;
  /** Takes in how domains are now, where others than the driver change them too; undefined: nobody does. */
  readonly look: () => Promise<void> | undefined;
}

export class DomainFinder<D extends KeptDomain> {
  readonly #domains: ObjectList<D>;
  readonly #options: FinderOptions;

  constructor(domains: ObjectList<D>, options: FinderOptions) {
    this.#domains = domains;
    this.#options = options;
  }

  none(detail: string): LibvirtError {
    return new LibvirtError("NO_DOMAIN", this.#options.from, detail);
  }

  /** The domain a client means, or NO_DOMAIN. */
  find({ uuid, name }: DomainRef): D {
    const domain = this.#domains.byUuid(uuid);
    if (domain) return domain;
    throw this.none(`no domain with matching uuid '${formatUuid(uuid)}' (${name})`);
  }

  byName(name: string): D {
    const domain = this.#domains.byName(name);
    if (domain) return domain;
    throw this.none(`no domain with matching name '${name}'`);
  }

  byUuid(uuid: Uint8Array): D {
    const domain = this.#domains.byUuid(uuid);
    if (domain) return domain;
    throw this.none(`no domain with matching uuid '${formatUuid(uuid)}'`);
  }

  byId(id: number): D {
    const domain = [...this.#domains].find((one) => one.active && one.ref.id === id);
    if (domain) return domain;
    throw this.none(`no domain with matching id ${id}`);
  }

  /** Does work on the domains as they are now: at once where nobody but the driver changes them. */
  now<R>(work: () => R): R | Promise<Awaited<R>> {
    const looking = this.#options.look();
    return looking ? (looking.then(work) as Promise<Awaited<R>>) : work();
  }

  /** The domain a client means, as it is now, or NO_DOMAIN. */
  async seek(ref: DomainRef): Promise<D> {
    await this.#options.look();
    return this.find(ref);
  }

  /** Answers a question about the domain that a client means, as it is now. */
  ask<R>(ref: DomainRef, answer: (domain: D) => R): R | Promise<Awaited<R>> {
    return this.now(() => answer(this.find(ref)));
  }

  /**
   * Changes a domain when it is its turn; one that has gone while the change waited is not found.
   * @param name the procedure, as others see it who wait
   */
  async change<R>(ref: DomainRef, name: string, work: (domain: D) => R | Promise<R>, signal?: AbortSignal): Promise<R> {
    const looking = this.#options.look();
    if (looking) await looking;
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
