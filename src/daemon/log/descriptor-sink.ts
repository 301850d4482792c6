/** Lines that go to an open file, or to standard error. */
import { closeSync, write, writeSync } from "node:fs";
import { promisify } from "node:util";
import type { LogLevel } from "./level.ts";
import type { LogSink } from "./sink.ts";
import { Waiting } from "./waiting.ts";

const writeFile = promisify(write) as (fd: number, data: string) => Promise<unknown>;

export class DescriptorSink implements LogSink {
  readonly #fd: number;
  readonly #isOwn: boolean;
  readonly #prefix: (level: LogLevel) => string;
  readonly #waiting = new Waiting();
  #writing: Promise<void> | null = null;
  /** A process that ends has its last lines written, however it ends. */
  readonly #onExit = () => this.#flushNow();

  constructor(fd: number, isOwn: boolean, prefix: (level: LogLevel) => string = () => "") {
    this.#fd = fd;
    this.#isOwn = isOwn;
    this.#prefix = prefix;
    process.on("exit", this.#onExit);
  }

  write(level: LogLevel, line: string, time: string): void {
    this.#waiting.add(`${this.#prefix(level)}${time}: ${line}`);
    this.#writing ??= this.#writeAll();
  }

  async close(): Promise<void> {
    await this.#writing;
    process.off("exit", this.#onExit);
    this.#flushNow();
    if (this.#isOwn) closeSync(this.#fd);
  }

  async #writeAll(): Promise<void> {
    // All lines of one turn go out together.
    await Promise.resolve();
    for (let text = this.#waiting.take(); text !== ""; text = this.#waiting.take()) {
      // A full disk must not end the daemon.
      await writeFile(this.#fd, text).catch(() => {});
    }
    this.#writing = null;
  }

  #flushNow(): void {
    try {
      writeSync(this.#fd, this.#waiting.take());
    } catch {
      // There is nobody left to tell.
    }
  }
}
