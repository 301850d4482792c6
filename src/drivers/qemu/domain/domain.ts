/** A domain of the QEMU driver: its definition, its running half, and one change at a time. */
import type { KeptDomain, StateWithReason } from "../../../driver/domain/kept.ts";
import { JobQueue } from "../../../driver/jobs.ts";
import { LibvirtError } from "../../../errors.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import { type Domain as DomainRef, DomainShutoffReason, DomainState } from "../../../protocol/index.ts";
import type { LiveDomain } from "./live.ts";

export class QemuDomain implements KeptDomain {
  readonly uuid: Uint8Array;
  /** What it will be at its next start; null for a transient domain, which is gone when it stops. */
  persistent: Definition | null = null;
  /** Whether the driver starts it when it opens its root. */
  autostart = false;
  /** Whether its memory lies in a managed save, from which it goes on at its next start. */
  managedSave = false;
  /** Changes wait for each other here; whoever only asks does not. */
  readonly jobs = new JobQueue("QEMU");
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

  /** The domain as clients refer to it. */
  get ref(): DomainRef {
    return { name: this.#name, uuid: this.uuid, id: this.#live?.id ?? -1 };
  }

  /** What it is now: running, or as it will start. */
  get current(): Definition {
    const definition = this.#live?.definition ?? this.persistent;
    if (!definition) throw new LibvirtError("INTERNAL_ERROR", "QEMU", `domain '${this.#name}' has no definition`);
    return definition;
  }

  get status(): StateWithReason {
    return this.#live?.status ?? this.#shutoff;
  }

  /** It has started, or was taken over running. */
  begin(live: LiveDomain): void {
    this.#live = live;
  }

  /** It is off now. */
  end(reason: DomainShutoffReason): void {
    this.#live = null;
    this.#shutoff = { state: DomainState.SHUTOFF, reason };
  }

  /** Its running half, or OPERATION_INVALID. */
  running(): LiveDomain {
    if (this.#live) return this.#live;
    throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "domain is not running");
  }

  /** Its stored definition, or OPERATION_INVALID. */
  stored(): Definition {
    if (this.persistent) return this.persistent;
    throw new LibvirtError(
      "OPERATION_INVALID",
      "QEMU",
      `domain '${this.#name}' is transient: it has no stored definition that could be changed`,
    );
  }
}
