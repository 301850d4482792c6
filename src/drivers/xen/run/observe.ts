/** What happens to domains, whoever does it: the Xen Store says that something has, a look says what. */
import { formatUuid } from "../../../driver/object-list.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import {
  DomainEventResumedDetailType,
  DomainEventStartedDetailType,
  DomainEventSuspendedDetailType,
  DomainEventType,
  DomainPausedReason,
  DomainRunningReason,
  DomainState,
} from "../../../protocol/index.ts";
import { type LiveDomain, liveDomain, XenDomain } from "../domain/domain.ts";
import { describeForeign } from "../domain/foreign.ts";
import type { XenHost } from "../host.ts";
import type { Seen } from "../roads.ts";
import { afterShutdown } from "./after-shutdown.ts";
import { hasEnded } from "./end.ts";

/** What the store says when domains come and go. */
const signs = ["@introduceDomain", "@releaseDomain"];

/** How xl names a guest while it comes from another host. */
const incoming = "--incoming";

export class Observer {
  readonly #host: XenHost;
  readonly #endings: (() => Promise<void>)[] = [];
  /** Guests that are on their way from another host, under a name that they will lose. */
  readonly #incoming = new Set<number>();
  /** The look that is under way, and the one that begins after it. */
  #now: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(host: XenHost) {
    this.#host = host;
  }

  /** Finds the domains that run, and follows them from now on. */
  async start(): Promise<void> {
    await this.#lookOnce(await this.#host.noted());
    for (const sign of signs) {
      const onChange = () => void this.look().catch(warn);
      this.#endings.push(await this.#host.roads.store.watch(sign, onChange));
    }
  }

  async stop(): Promise<void> {
    for (const end of this.#endings.splice(0)) await end();
    await this.#now?.catch(() => {});
  }

  /** Takes in how domains are now: at the earliest when it was called. */
  look(): Promise<void> {
    if (this.#now === null) {
      this.#now = this.#lookOnce().finally(() => {
        this.#now = null;
      });
      return this.#now;
    }
    this.#next ??= this.#now
      .catch(() => {})
      .then(() => {
        this.#next = null;
        return this.look();
      });
    return this.#next;
  }

  async #lookOnce(noted: ReadonlyMap<number, Definition> = new Map()): Promise<void> {
    const before = new Map(
      [...this.#host.domains].map((domain) => [domain, domain.jobs.running ? null : domain.status]),
    );
    const seen = new Map((await this.#host.roads.domains()).map((one) => [one.id, one]));
    const known = new Set<number>();
    for (const domain of [...this.#host.domains]) {
      const { live } = domain;
      if (!live) continue;
      known.add(live.id);
      const now = seen.get(live.id);
      // What was seen of one that is being changed, or has been meanwhile, is old.
      const isFresh = !domain.jobs.running && before.get(domain) === domain.status;
      await this.#follow(domain, live, now && isFresh ? now : now && { ...now, isPaused: undefined });
    }
    for (const one of seen.values()) {
      if (!known.has(one.id) && !one.isDying) await this.#meet(one, noted.get(one.id));
    }
  }

  async #follow(domain: XenDomain, live: LiveDomain, seen: Seen | undefined): Promise<void> {
    if (!seen || seen.isDying) {
      // What we end ourselves is put away by whoever ends it.
      if (live.ending === null && !live.saving) await hasEnded(this.#host, domain, live);
      return;
    }
    if (seen.shutdown !== null) this.#shutDown(domain, live, seen);
    else if (seen.isPaused !== undefined) this.#takeState(domain, live, seen.isPaused);
  }

  /** The guest has shut down: what is ours gets what its definition says, when it is its turn. */
  #shutDown(domain: XenDomain, live: LiveDomain, { shutdown }: Seen): void {
    if (!live.isOurs || live.saving || live.preserved || live.ending !== null || shutdown === null) return;
    if (shutdown === "suspend" || live.shutdownSeen) return;
    live.shutdownSeen = true;
    domain.jobs
      .run("shutdown", async () => {
        if (domain.live === live && live.ending === null) await afterShutdown(this.#host, domain, live, shutdown);
      })
      .catch((error) => process.emitWarning(`domain '${domain.name}': ${String(error)}`, "TsvirtWarning"));
  }

  /** Others may pause a guest and let it go on. */
  #takeState(domain: XenDomain, live: LiveDomain, isPaused: boolean): void {
    const { PAUSED, RUNNING } = DomainState;
    if (live.preserved) return;
    if (isPaused && live.status.state === RUNNING) {
      live.status = { state: PAUSED, reason: DomainPausedReason.UNKNOWN };
      this.#host.emitLifecycle(domain, DomainEventType.SUSPENDED, DomainEventSuspendedDetailType.PAUSED);
    } else if (!isPaused && live.status.state === PAUSED) {
      live.status = { state: RUNNING, reason: DomainRunningReason.UNKNOWN };
      this.#host.emitLifecycle(domain, DomainEventType.RESUMED, DomainEventResumedDetailType.UNPAUSED);
    }
  }

  /** Looks again when a guest has come from another host, and got its name, or has not come at all. */
  async #awaitName(id: number): Promise<void> {
    if (this.#incoming.has(id)) return;
    this.#incoming.add(id);
    const { store } = this.#host.roads;
    const place = `/local/domain/${id}/name`;
    const onChange = async (): Promise<void> => {
      if ((await store.read(place))?.endsWith(incoming) || !this.#incoming.delete(id)) return;
      await (await watching)();
      await this.look();
    };
    const watching = store.watch(place, () => void onChange().catch(warn));
    await watching;
  }

  /** A domain runs that was not known to: ours from before, the host itself, or somebody else's. */
  async #meet(seen: Seen, noted: Definition | undefined): Promise<void> {
    const host = this.#host;
    if (host.isStarting(seen.uuid)) return;
    const name = seen.id === 0 ? "Domain-0" : await host.roads.nameOf(seen.id);
    if (name === null) return;
    if (name.endsWith(incoming)) return this.#awaitName(seen.id);
    const isOurs = noted?.name === name;
    const uuid = isOurs ? Uint8Array.from(Buffer.from(noted.uuid.replaceAll("-", ""), "hex")) : seen.uuid;
    const domain = host.domains.byUuid(uuid) ?? new XenDomain(name, uuid);
    const taken = host.domains.byName(name);
    if (domain.live || domain.name !== name || (taken && taken !== domain)) {
      const detail = `domain ${seen.id} has the name '${name}' or the UUID ${formatUuid(uuid)} of another one, and is not shown`;
      process.emitWarning(detail, "TsvirtWarning");
      return;
    }
    const definition = isOurs ? noted : await describeForeign(host, seen, domain);
    const state = seen.isPaused === true ? DomainState.PAUSED : DomainState.RUNNING;
    domain.begin(liveDomain(seen.id, definition, { state, reason: 0 }, isOurs));
    host.domains.add(domain);
    const isNew = !isOurs && seen.id !== 0;
    if (isNew) host.emitLifecycle(domain, DomainEventType.STARTED, DomainEventStartedDetailType.BOOTED);
    const { live } = domain;
    if (live) await this.#follow(domain, live, seen);
  }
}

const warn = (error: unknown): void => process.emitWarning(String(error), "TsvirtWarning");
