/** The file that `--log` names: one line for each thing said, with time and process. */
import { closeSync, openSync, writeSync } from "node:fs";

/** In the order of `--debug`'s numbers. */
const levels = ["DEBUG", "INFO", "NOTICE", "WARNING", "ERROR"] as const;
export type LogLevel = (typeof levels)[number];

export class Log {
  #file: number | undefined;
  readonly #threshold: number;

  /** @param threshold the least level that is written, by its number */
  constructor(path: string | undefined, threshold: number) {
    this.#threshold = threshold;
    if (path !== undefined) this.#file = openSync(path, "a", 0o644);
  }

  write(level: LogLevel, message: string): void {
    if (this.#file === undefined || levels.indexOf(level) < this.#threshold) return;
    writeSync(this.#file, `[${timestamp(new Date())} tsvirt ${process.pid}] ${level} ${message.trimEnd()}\n`);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function timestamp(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join(".");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}
