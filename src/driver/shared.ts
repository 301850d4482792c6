/** State that many users of this process share: the first one opens it, the last one closes it. */

interface Closable {
  close(): Promise<void>;
}

interface Shared<T> {
  readonly state: Promise<T>;
  users: number;
  /** Set while the last user leaves: who comes then waits and opens anew. */
  closing?: Promise<void>;
}

/** Shared state as one user has it. */
export interface Use<T> {
  readonly state: T;
  /** Ends this use; the last one closes the state. */
  release(): Promise<void>;
}

/** Shared state by a key, such as the folder that it is kept in. */
export class SharedByKey<T extends Closable> {
  readonly #open = new Map<string, Shared<T>>();

  /** Opens the state of a key, or joins those who have it open. */
  async join(key: string, open: () => Promise<T>): Promise<Use<T>> {
    // Another one that waited too may have opened it anew meanwhile, and closed it again.
    for (let closing = this.#open.get(key)?.closing; closing; closing = this.#open.get(key)?.closing) await closing;
    const shared = this.#open.get(key) ?? { state: open(), users: 0 };
    this.#open.set(key, shared);
    shared.users++;
    try {
      const state = await shared.state;
      return { state, release: () => this.#leave(key, shared, state) };
    } catch (error) {
      if (this.#open.get(key) === shared) this.#open.delete(key);
      throw error;
    }
  }

  async #leave(key: string, shared: Shared<T>, state: T): Promise<void> {
    if (--shared.users > 0) return;
    shared.closing = state.close().finally(() => this.#open.delete(key));
    await shared.closing;
  }
}
