/** Ends a daemon that nobody needs: no clients for so many seconds, and no guest that runs. */

import type { Logger } from "./log/log.ts";

export interface IdleOptions {
  /** Whether nobody is connected. */
  readonly isIdle: () => boolean;
  readonly runningGuests: () => Promise<number>;
  readonly onIdle: () => void;
  readonly log: Logger;
}

export class IdleWatch {
  readonly #options: IdleOptions;
  #seconds: number;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  /** @param seconds 0: it never ends by itself */
  constructor(seconds: number, options: IdleOptions) {
    this.#seconds = seconds;
    this.#options = options;
  }

  /** How long it waits; 0 turns it off. */
  set seconds(seconds: number) {
    this.#seconds = seconds;
    this.#stop();
    this.changed();
  }

  /** A client or a guest has come or gone. */
  changed(): void {
    if (this.#ended || this.#seconds === 0 || !this.#options.isIdle()) this.#stop();
    // The timer keeps no process alive: there are the sockets.
    else this.#timer ??= setTimeout(() => void this.#expire(), this.#seconds * 1000).unref();
  }

  end(): void {
    this.#ended = true;
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Guests are counted only now: whether one runs matters to nobody before. */
  async #expire(): Promise<void> {
    this.#timer = undefined;
    const guests = await this.#options.runningGuests().catch(() => 0);
    if (this.#ended || this.#seconds === 0 || !this.#options.isIdle()) return;
    if (guests === 0) this.#options.onIdle();
    // The end of a guest is news, and the wait begins anew then.
    else this.#options.log.info(`nobody is connected, but ${guests} guests run`);
  }
}
