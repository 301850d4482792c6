/** Waits for a daemon that has gone: its socket appears again with the next one. */
import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Pauses between attempts, in ms. */
const firstPause = 50;
const longestPause = 2000;

/**
 * Tries whenever something happens to the socket, and from time to time besides: nobody tells that a socket which is
 * there already begins to take connections, nor that the folder it lay in is another one. Keeps no program alive.
 */
export class Comeback {
  readonly #attempt: () => Promise<unknown>;
  #folder: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;
  #pause = firstPause;
  #over = false;

  /** @param attempt connects; whoever it succeeds for ends this */
  constructor(path: string, attempt: () => Promise<unknown>) {
    this.#attempt = attempt;
    const name = basename(path);
    try {
      this.#folder = watch(dirname(path), { persistent: false }, (_, file) => {
        if (file === name || file === null) void this.#try();
      });
      this.#folder.on("error", () => {});
    } catch {
      // There is no folder to watch: the pauses are left.
    }
    this.#wait();
  }

  end(): void {
    this.#over = true;
    this.#folder?.close();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #wait(): void {
    if (this.#over) return;
    this.#timer = setTimeout(() => void this.#try().then(() => this.#wait()), this.#pause).unref();
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }

  async #try(): Promise<void> {
    if (!this.#over) await this.#attempt().catch(() => {});
  }
}
