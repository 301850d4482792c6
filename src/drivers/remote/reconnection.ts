/** Makes a lost connection anew: tries again and again, each time after a longer while. */
import { setTimeout as delayed } from "node:timers/promises";
import type { ReconnectOptions } from "../../driver/module.ts";
import { asLibvirtError, LibvirtError } from "../../errors.ts";

/** What to do, and who wants to know. */
export interface Attempts {
  /** Makes the connection. */
  attempt(signal: AbortSignal): Promise<void>;
  /** The connection is there again. */
  restored(): void;
  /** It is not tried any more. */
  failed(error: LibvirtError): void;
}

/** Milliseconds between attempts, at first and at most. */
const defaultDelays = { first: 500, most: 30_000 };

export class Reconnection {
  readonly #options: ReconnectOptions;
  readonly #attempts: Attempts;
  readonly #stop = new AbortController();
  #settled: Promise<void> | null = null;

  constructor(options: ReconnectOptions, attempts: Attempts) {
    this.#options = options;
    this.#attempts = attempts;
  }

  /** Whether the connection is being made anew. */
  get running(): boolean {
    return this.#settled !== null;
  }

  /** Begins to try, because of what ended the connection. */
  run(reason: LibvirtError): void {
    tell(() => this.#options.onLost?.(reason));
    const settled = this.#run(reason);
    settled.catch(() => {});
    this.#settled = settled;
  }

  /** Waits until the connection is there again. @throws {LibvirtError} when it is given up, or the caller gives up */
  restored(signal: AbortSignal): Promise<void> {
    const settled = this.#settled ?? Promise.resolve();
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(new LibvirtError("OPERATION_ABORTED", "RPC", "the caller gave up"));
      const settle = () => signal.removeEventListener("abort", onAbort);
      signal.addEventListener("abort", onAbort, { once: true });
      settled.then(resolve, reject).finally(settle);
      if (signal.aborted) onAbort();
    });
  }

  /** Does not try any more. */
  stop(): void {
    this.#stop.abort();
  }

  async #run(reason: LibvirtError): Promise<void> {
    try {
      await this.#try(reason);
      this.#settled = null;
      this.#attempts.restored();
    } catch (error) {
      this.#settled = null;
      const failure = this.#stop.signal.aborted ? reason : asLibvirtError(error, "RPC");
      this.#attempts.failed(failure);
      throw failure;
    }
    tell(() => this.#options.onRestored?.());
  }

  async #try(reason: LibvirtError): Promise<void> {
    const { signal } = this.#stop;
    const { firstDelay = defaultDelays.first, maxDelay = defaultDelays.most, attempts = Infinity } = this.#options;
    let failure: unknown = reason;
    for (let tried = 0, delay = firstDelay; tried < attempts; tried++, delay = Math.min(delay * 2, maxDelay)) {
      // Many clients of one daemon must not come back all at once.
      await delayed(delay * (0.5 + Math.random() / 2), undefined, { signal });
      try {
        await this.#attempts.attempt(signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        failure = error;
      }
    }
    throw failure;
  }
}

/** Tells the program, whose failures are its own. */
function tell(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
