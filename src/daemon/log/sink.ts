/** What writes lines of the log somewhere. Writing never waits; what cannot be written in time is counted, not kept. */
import { closeSync, open, write, writeSync } from "node:fs";
import { promisify } from "node:util";
import { systemError } from "../../errors.ts";
import { openJournal } from "./journal.ts";
import type { LogLevel } from "./level.ts";
import type { OutputSetting } from "./outputs.ts";
import { severityPrefix } from "./severity.ts";
import { openSyslog } from "./syslog.ts";
import { Waiting } from "./waiting.ts";

export interface LogSink {
  /**
   * @param line one line, without its end
   * @param time when that was; for those who do not note it themselves
   */
  write(level: LogLevel, line: string, time: string): void;
  /** Writes what waits, and gives the place back. */
  close(): Promise<void>;
}

const openFile = promisify(open);
const writeFile = promisify(write) as (fd: number, data: string) => Promise<unknown>;

/** Opens the place of an output. @throws LibvirtError SYSTEM_ERROR when it cannot be written to */
export async function openSink({ destination, argument }: OutputSetting): Promise<LogSink> {
  switch (destination) {
    case "stderr":
      return new DescriptorSink(2, false, journalPrefix());
    case "file":
      return openFileSink(argument);
    case "syslog":
      return openSyslog(argument);
    case "journald":
      return openJournal();
  }
}

async function openFileSink(path: string): Promise<LogSink> {
  try {
    return new DescriptorSink(await openFile(path, "a", 0o600), true);
  } catch (error) {
    throw systemError("NONE", `failed to open ${path}`, error);
  }
}

/** Where stderr goes to systemd's journal, each line begins with its severity. */
function journalPrefix(): (level: LogLevel) => string {
  return process.env.JOURNAL_STREAM === undefined ? () => "" : severityPrefix;
}

/** A file, or stderr. */
class DescriptorSink implements LogSink {
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
