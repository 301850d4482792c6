/**
 * Files that must be on the disk, written by a thread of their own. What waits goes to it as one batch: one message for
 * all of them instead of a way through the thread pool for each system call, and one sync of the folder.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type FileToWrite, type Outcomes, writeThreadBody } from "./write-thread-body.ts";

/** Files that are open at the same time, at most. */
const maxBatch = 64;

/** How long the thread stays when there is nothing to write, in ms. */
const idleTime = 10_000;

/** `__name` stands for what some compilers wrap functions in. */
const text = `const __name = (value) => value;\n(${writeThreadBody.toString()})(require);`;

interface Waiting {
  readonly file: FileToWrite;
  /** Whether it is on the disk; false when the thread could not try. */
  resolve(written: boolean): void;
  reject(error: Error): void;
}

/** It begins when it is asked to, ends when it has nothing to do, and never keeps the program alive by itself. */
export class WriteThread {
  #worker: Worker | null = null;
  #ready = false;
  /** It cannot begin here, or died: what it was for is done without it. */
  #failed = false;
  #waiting: Waiting[] = [];
  #batch: Waiting[] = [];
  #idle: NodeJS.Timeout | undefined;

  /** Whether it takes files now. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Lets the thread begin; resolves when it takes files, or cannot. Nobody need wait for that. */
  async begin(): Promise<void> {
    if (this.#worker || this.#failed) return;
    try {
      const worker = new Worker(text, { eval: true, execArgv: [], name: "tsvirt-write" });
      worker.on("message", (outcomes: Outcomes) => this.#done(outcomes));
      worker.on("error", () => this.#gone(worker, true));
      worker.on("exit", () => this.#gone(worker, false));
      this.#worker = worker;
      const begun = once(worker, "message");
      worker.unref();
      await begun;
    } catch {
      this.#failed = true;
    }
  }

  /**
   * Writes a file and puts it and its name on the disk; gives false, with nothing changed for certain, when the thread
   * has gone: it is to be written in another way then.
   * @throws the system's error, with its code.
   */
  write(file: FileToWrite): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ file, resolve, reject });
      this.#send();
    });
  }

  /** Ends the thread; what it has not written is for others. */
  async end(): Promise<void> {
    this.#ready = false;
    await this.#worker?.terminate();
  }

  #send(): void {
    if (!this.#ready || !this.#worker) {
      this.#giveBack();
      return;
    }
    if (this.#batch.length > 0 || this.#waiting.length === 0) return;
    this.#batch = this.#waiting.splice(0, maxBatch);
    clearTimeout(this.#idle);
    // Whoever waits for a write waits with the program open.
    this.#worker.ref();
    this.#worker.postMessage(this.#batch.map(({ file }) => file));
  }

  #done(outcomes: Outcomes): void {
    this.#ready = true;
    const batch = this.#batch;
    this.#batch = [];
    this.#worker?.unref();
    for (const [index, { resolve, reject }] of batch.entries()) {
      const failure = outcomes[index];
      if (failure) reject(Object.assign(new Error(failure.message), failure));
      else resolve(true);
    }
    this.#send();
    if (this.#batch.length === 0) this.#idle = setTimeout(() => void this.end(), idleTime).unref();
  }

  #gone(worker: Worker, failed: boolean): void {
    if (failed) this.#failed = true;
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#ready = false;
    clearTimeout(this.#idle);
    this.#giveBack();
  }

  #giveBack(): void {
    const left = [...this.#batch, ...this.#waiting];
    this.#batch = [];
    this.#waiting = [];
    for (const { resolve } of left) resolve(false);
  }
}
