/** A domain of the Xen driver: its definition, its running half, and one change at a time. */
import type { KeptDomain, StateWithReason } from "../../../driver/domain/kept.ts";
import { JobQueue } from "../../../driver/jobs.ts";
import { LibvirtError } from "../../../errors.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import { type Domain as DomainRef, DomainShutoffReason, DomainState } from "../../../protocol/index.ts";

/** What it means that a domain has ended: reason of the state, detail of the event. */
export interface Ending {
  readonly reason: number;
  readonly detail: number;
}

/** The running half of a domain. */
export interface LiveDomain {
  /** Its number; a guest that reboots gets another one. */
  readonly id: number;
  /** The guest as it runs. */
  definition: Definition;
  status: StateWithReason;
  /** Whether this driver started it and decides what comes after its end; others' domains have their own keepers. */
  readonly isOurs: boolean;
  /** What its end will mean, when we are the ones who end it. */
  ending: Ending | null;
  /** Whether its memory is being written away, for which the guest suspends itself. */
  saving: boolean;
  /** Whether it was seen that it has shut down, and what follows from that is on its way. */
  shutdownSeen: boolean;
  /** Whether it has ended and is kept as it was, to be looked at. */
  preserved: boolean;
  /** Resolves when it is no more. */
  readonly gone: Promise<void>;
  /** Resolves {@link gone}. */
  readonly end: () => void;
}

/** A running half that has just begun. */
export function liveDomain(id: number, definition: Definition, status: StateWithReason, isOurs: boolean): LiveDomain {
  let end = () => {};
  const gone = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    id,
    definition,
    status,
    isOurs,
    ending: null,
    saving: false,
    shutdownSeen: false,
    preserved: false,
    gone,
    end,
  };
}

export class XenDomain implements KeptDomain {
  readonly uuid: Uint8Array;
  /** What it will be at its next start; null for a transient domain, which is gone when it ends. */
  persistent: Definition | null = null;
  /** Whether the driver starts it when it opens its root. */
  autostart = false;
  /** Whether its memory lies in a managed save, from which it goes on at its next start. */
  managedSave = false;
  readonly jobs = new JobQueue("XEN");
  #name: string;
  #live: LiveDomain | null = null;
  #shutoff: StateWithReason = { state: DomainState.SHUTOFF, reason: DomainShutoffReason.UNKNOWN };

  constructor(name: string, uuid: Uint8Array) {
    this.#name = name;
    this.uuid = uuid;
  }

  get name(): string {
    return this.#name;
  }

  /** Only through the list that finds it by name. */
  rename(name: string): void {
    this.#name = name;
  }

  /** Its running half; null when it is off. */
  get live(): LiveDomain | null {
    return this.#live;
  }

  get active(): boolean {
    return this.#live !== null;
  }

  /** Whether it is the host itself. */
  get isHost(): boolean {
    return this.#live?.id === 0;
  }

  get ref(): DomainRef {
    return { name: this.#name, uuid: this.uuid, id: this.#live?.id ?? -1 };
  }

  /** What it is now: running, or as it will start. */
  get current(): Definition {
    const definition = this.#live?.definition ?? this.persistent;
    if (!definition) throw new LibvirtError("INTERNAL_ERROR", "XEN", `domain '${this.#name}' has no definition`);
    return definition;
  }

  get status(): StateWithReason {
    return this.#live?.status ?? this.#shutoff;
  }

  begin(live: LiveDomain): void {
    this.#live = live;
  }

  /** It is off now. */
  end(reason: number): void {
    const live = this.#live;
    this.#live = null;
    this.#shutoff = { state: DomainState.SHUTOFF, reason };
    live?.end();
  }

  /** Its running half, or OPERATION_INVALID. */
  running(): LiveDomain {
    if (this.#live) return this.#live;
    throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "domain is not running");
  }

  /** Its running half for what ends it or stops it; the host's own domain is refused. */
  guest(): LiveDomain {
    const live = this.running();
    if (live.id !== 0) return live;
    throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "this is the host itself (Domain-0), not a guest");
  }

  /** Its stored definition, or OPERATION_INVALID. */
  stored(): Definition {
    if (this.persistent) return this.persistent;
    throw new LibvirtError(
      "OPERATION_INVALID",
      "XEN",
      `domain '${this.#name}' is transient: it has no stored definition that could be changed`,
    );
  }
}
