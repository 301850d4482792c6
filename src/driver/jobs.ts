/**
 * One change at a time per object: jobs that change a thing wait for each other in order, and whoever waits too long or
 * gives up is told who holds it (libvirt's domain job lock).
 */
import { type ErrorDomainName, LibvirtError } from "../errors.ts";

/** How long a caller waits for its turn before OPERATION_TIMEOUT, in milliseconds: libvirt's 30 s. */
const jobWaitLimit = 30_000;

/** How many callers may wait for one object; more are refused at once, as with libvirt's max_queued. */
const maxWaiting = 10_000;

interface Waiter {
  readonly name: string;
  readonly start: () => void;
}

/** A change that is under way. */
export interface RunningJob {
  /** What it does, in libvirt's words for procedures: `domainCreate`. */
  readonly name: string;
  /** When it began, in milliseconds since the epoch. */
  readonly since: number;
}

export class JobQueue {
  readonly #domain: ErrorDomainName;
  readonly #waiting: Waiter[] = [];
  #running: RunningJob | undefined;

  constructor(domain: ErrorDomainName) {
    this.#domain = domain;
  }

  /** The change that is under way now. */
  get running(): RunningJob | undefined {
    return this.#running;
  }

  /** Runs `work` when it is its turn; errors of `work` are its caller's own. */
  async run<T>(name: string, work: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#running) await this.#turn(name, signal);
    this.#running = { name, since: Date.now() };
    try {
      return await work();
    } finally {
      // The place is handed on, never free in between: nobody who comes now may overtake those who wait.
      const next = this.#waiting.shift();
      this.#running = next && { name: next.name, since: Date.now() };
      next?.start();
    }
  }

  /** Resolves when it is this caller's turn. The job before keeps the place taken until then. */
  #turn(name: string, signal?: AbortSignal): Promise<void> {
    if (this.#waiting.length >= maxWaiting) {
      throw new LibvirtError(
        "OPERATION_FAILED",
        this.#domain,
        "cannot acquire job mutex: too many callers wait for it",
      );
    }
    return new Promise((resolve, reject) => {
      const leave = (error: LibvirtError) => {
        const at = this.#waiting.indexOf(waiter);
        if (at >= 0) this.#waiting.splice(at, 1);
        settle();
        reject(error);
      };
      const onAbort = () => leave(new LibvirtError("OPERATION_ABORTED", this.#domain, `${name}: the caller gave up`));
      const timer = setTimeout(() => leave(this.#timeout(name)), jobWaitLimit);
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      const waiter: Waiter = {
        name,
        start: () => {
          settle();
          resolve();
        },
      };
      if (signal?.aborted) return onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  #timeout(name: string): LibvirtError {
    const holder = this.#running?.name ?? "nobody";
    return new LibvirtError(
      "OPERATION_TIMEOUT",
      this.#domain,
      `${name} cannot acquire state change lock (held by ${holder})`,
    );
  }
}
