/** A domain of the Xen driver, and its running half. */
import { KeptDomain, type StateWithReason } from "../../../driver/domain/kept/domain.ts";
import { LibvirtError } from "../../../errors.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";

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

export class XenDomain extends KeptDomain<LiveDomain> {
  constructor(name: string, uuid: Uint8Array) {
    super(name, uuid, "XEN");
  }

  /** Whether it is the host itself. */
  get isHost(): boolean {
    return this.live?.id === 0;
  }

  /** The host is always there. */
  override get isPersistent(): boolean {
    return super.isPersistent || this.isHost;
  }

  override end(reason: number): void {
    const { live } = this;
    super.end(reason);
    live?.end();
  }

  /** Its running half for what ends it or stops it; the host's own domain is refused. */
  guest(): LiveDomain {
    const live = this.running();
    if (live.id !== 0) return live;
    throw new LibvirtError("OPERATION_INVALID", "DOMAIN", "this is the host itself (Domain-0), not a guest");
  }
}
