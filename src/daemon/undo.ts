/** What has been begun and must be ended, newest first. */

export class Undo {
  readonly #steps: (() => unknown)[] = [];
  #running: Promise<void> | null = null;

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Ends all of it, once. A step that fails is told to `complain` and keeps no other from being done. */
  run(complain: (error: unknown) => void): Promise<void> {
    this.#running ??= this.#runAll(complain);
    return this.#running;
  }

  async #runAll(complain: (error: unknown) => void): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        complain(error);
      }
    }
  }
}
