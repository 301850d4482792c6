/**
 * The three roads to Xen: the hypervisor for fast questions and simple commands, the Xen Store for what domains share,
 * a tool stack for what takes many steps. Each may be missing; whoever needs one that is says so, or takes another.
 */
import { parseUuid } from "../../driver/object-list.ts";
import { LibvirtError } from "../../errors.ts";
import type { Hypervisor, ShutdownReason } from "./hypervisor/index.ts";
import type { ToolDomain, Toolstack } from "./toolstack/toolstack.ts";

/** What domains share with the host, as far as this driver needs it. */
export interface Store {
  /** The value at a path; null when there is none. */
  read(path: string): Promise<string | null>;
  write(path: string, value: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** The names below a path; none when there is no such path. */
  list(path: string): Promise<readonly string[]>;
  /** Tells of changes below a path, once at the beginning too. @returns a function that ends it */
  watch(path: string, changed: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** A domain as any road shows it; what only the hypervisor knows is missing from the others. */
export interface Seen {
  readonly id: number;
  readonly uuid: Uint8Array;
  readonly isDying: boolean;
  readonly isPaused: boolean | undefined;
  readonly shutdown: ShutdownReason | null;
}

export class Roads {
  readonly store: Store;
  readonly tools: Toolstack;
  readonly #hypervisor: Hypervisor | string;

  constructor(hypervisor: Hypervisor | string, store: Store, tools: Toolstack) {
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
