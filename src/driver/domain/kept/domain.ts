/** A domain as a driver keeps it: its definition, its running half, and one change at a time. */
import { type ErrorDomainName, LibvirtError } from "../../../errors.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import { type Domain as DomainRef, DomainShutoffReason, DomainState } from "../../../protocol/index.ts";
import { JobQueue } from "../../jobs.ts";
import type { NamedObject } from "../../object-list.ts";

/** A state of a domain and why it is in it: values of DomainState and of the state's own reasons. */
export interface StateWithReason {
  readonly state: DomainState;
  readonly reason: number;
}

/** What is the same about the running half of a domain, whatever runs it. */
export interface LiveHalf {
  readonly id: number;
  /** The guest as it runs. */
  definition: Definition;
  readonly status: StateWithReason;
}

/** The running half of a kind of domain. */
export type LiveOf<D extends KeptDomain> = ReturnType<D["running"]>;

export class KeptDomain<Live extends LiveHalf = LiveHalf> implements NamedObject {
  readonly uuid: Uint8Array;
  /** What it will be at its next start; null for a transient domain, which is gone when it ends. */
  persistent: Definition | null = null;
  /** Whether the driver starts it when it opens its root. */
  autostart = false;
  /** Whether its memory lies in a managed save, from which it goes on at its next start. */
  managedSave = false;
  /** Changes wait for each other here; whoever only asks does not. */
  readonly jobs: JobQueue;
  readonly #from: ErrorDomainName;
  #name: string;
  #live: Live | null = null;
  #shutoff: StateWithReason = { state: DomainState.SHUTOFF, reason: DomainShutoffReason.UNKNOWN };

  /** @param from the driver, as its errors name it */
  constructor(name: string, uuid: Uint8Array, from: ErrorDomainName) {
    this.#name = name;
    this.uuid = uuid;
    this.#from = from;
    this.jobs = new JobQueue(from);
  }

  get name(): string {
    return this.#name;
  }

  /** Only through the list that finds it by name. */
  rename(name: string): void {
    this.#name = name;
  }

  /** Its running half; null when it is off. */
  get live(): Live | null {
    return this.#live;
  }

  get active(): boolean {
    return this.#live !== null;
  }

  /** Whether it is there when it is off, too. */
  get isPersistent(): boolean {
    return this.persistent !== null;
  }

  /** The domain as clients refer to it. */
  get ref(): DomainRef {
    return { name: this.#name, uuid: this.uuid, id: this.#live?.id ?? -1 };
  }

  /** What it is now: running, or as it will start. */
  get current(): Definition {
    const definition = this.#live?.definition ?? this.persistent;
    if (!definition) throw new LibvirtError("INTERNAL_ERROR", this.#from, `domain '${this.#name}' has no definition`);
    return definition;
  }

  get status(): StateWithReason {
    return this.#live?.status ?? this.#shutoff;
  }

  /** It has started, or was found running. */
  begin(live: Live): void {
    this.#live = live;
  }

  /** It is off now. */
  end(reason: number): void {
    this.#live = null;
    this.#shutoff = { state: DomainState.SHUTOFF, reason };
  }

  /** Its running half, or OPERATION_INVALID. */
  running(): Live {
    if (this.#live) return this.#live;
    throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "domain is not running");
  }

  /** Its stored definition, or OPERATION_INVALID. */
  stored(): Definition {
    if (this.persistent) return this.persistent;
    throw new LibvirtError(
      "OPERATION_INVALID",
      this.#from,
      `domain '${this.#name}' is transient: it has no stored definition that could be changed`,
    );
  }
}
