/** Names that changes hold while they work on them: whoever wants one of them meanwhile waits for its turn. */
export class Reservations {
  readonly #held = new Map<string, Promise<void>>();

  /** Runs `work` while it alone holds all of the keys. */
  async run<T>(keys: readonly string[], work: () => T | Promise<T>): Promise<T> {
    for (let holder = this.#holder(keys); holder; holder = this.#holder(keys)) await holder;
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    for (const key of keys) this.#held.set(key, held);
    try {
      return await work();
    } finally {
      for (const key of keys) this.#held.delete(key);
      release();
    }
  }

  #holder(keys: readonly string[]): Promise<void> | undefined {
    return keys.map((key) => this.#held.get(key)).find((held) => held !== undefined);
  }
}
