/**
 * The three roads to Xen: the hypervisor for fast questions and simple commands, the Xen Store for what domains share,
 * a tool stack for what takes many steps. Each may be missing; whoever needs one that is says so, or takes another.
 */
import { parseUuid } from "../../driver/object-list.ts";
import { LibvirtError } from "../../errors.ts";
import type { Hypervisor, ShutdownReason } from "./hypervisor/index.ts";
import type { StoreClient } from "./store/index.ts";
import type { ToolDomain, Toolstack } from "./toolstack/toolstack.ts";

/** A domain as any road shows it; what only the hypervisor knows is missing from the others. */
export interface Seen {
  readonly id: number;
  readonly uuid: Uint8Array;
  readonly isDying: boolean;
  readonly isPaused: boolean | undefined;
  readonly shutdown: ShutdownReason | null;
}

export class Roads {
  readonly store: StoreClient;
  readonly tools: Toolstack;
  readonly #hypervisor: Hypervisor | string;

  constructor(hypervisor: Hypervisor | string, store: StoreClient, tools: Toolstack) {
    this.#hypervisor = hypervisor;
    this.store = store;
    this.tools = tools;
  }

  /** The hypervisor; null when it cannot be asked. */
  get hypervisor(): Hypervisor | null {
    return typeof this.#hypervisor === "string" ? null : this.#hypervisor;
  }

  /** The hypervisor for what there is no other road for, or OPERATION_UNSUPPORTED with what is missing. */
  requireHypervisor(what: string): Hypervisor {
    if (typeof this.#hypervisor !== "string") return this.#hypervisor;
    const detail = `${what} takes calls to the hypervisor, which cannot be made: ${this.#hypervisor}`;
    throw new LibvirtError("OPERATION_UNSUPPORTED", "XEN", detail);
  }

  /** All domains there are. */
  async domains(): Promise<readonly Seen[]> {
    if (typeof this.#hypervisor !== "string") return this.#hypervisor.domains();
    return (await this.tools.list()).map(seenByTools);
  }

  /** The name of a domain; null when it has none (yet). */
  nameOf(id: number): Promise<string | null> {
    return this.store.read(`/local/domain/${id}/name`);
  }

  async close(): Promise<void> {
    if (typeof this.#hypervisor !== "string") this.#hypervisor.close();
    await this.store.close();
  }
}

/** The tool stack does not tell why a guest has shut down, but for crashes. */
function seenByTools({ id, uuid, isDying, isPaused, isShutdown, isCrashed }: ToolDomain): Seen {
  const shutdown = isCrashed ? "crash" : isShutdown ? "poweroff" : null;
  return { id, uuid: parseUuid(uuid) ?? new Uint8Array(16), isDying, isPaused, shutdown };
}
