/** What writes lines of the log somewhere. Writing never waits; what cannot be written in time is counted, not kept. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, open, write, writeSync } from "node:fs";
import { promisify } from "node:util";
import { systemError } from "../../errors.ts";
import type { LogLevel } from "./level.ts";
import type { OutputSetting } from "./outputs.ts";

export interface LogSink {
  /** @param line one line, without its end */
  write(level: LogLevel, line: string): void;
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
      return SyslogSink.open(argument);
  }
}

async function openFileSink(path: string): Promise<LogSink> {
  try {
    return new DescriptorSink(await openFile(path, "a", 0o600), true);
  } catch (error) {
    throw systemError("NONE", `failed to open ${path}`, error);
  }
}

/** syslog's numbers for the levels. */
const severities: Readonly<Record<LogLevel, number>> = { 1: 7, 2: 6, 3: 4, 4: 3 };
const severityPrefix = (level: LogLevel): string => `<${severities[level]}>`;

/** Where stderr goes to systemd's journal, each line begins with its severity. */
function journalPrefix(): (level: LogLevel) => string {
  return process.env.JOURNAL_STREAM === undefined ? () => "" : severityPrefix;
}

/** How much may wait to be written, in characters. */
const maxWaiting = 1024 * 1024;

/** Lines that wait for their turn, at most so many; what is lost is told as soon as there is room. */
class Waiting {
  #text = "";
  #lost = 0;

  add(line: string): void {
    if (this.#text.length + line.length > maxWaiting) this.#lost++;
    else this.#text += `${line}\n`;
  }

  take(): string {
    const lost =
      this.#lost === 0
        ? ""
        : `(${this.#lost} lines of the log were lost: they came faster than they could be written)\n`;
    const text = this.#text + lost;
    this.#text = "";
    this.#lost = 0;
    return text;
  }
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

  write(level: LogLevel, line: string): void {
    this.#waiting.add(this.#prefix(level) + line);
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

/** The system's log, through the program `logger`: Node.js has no datagram sockets of the unix kind. */
class SyslogSink implements LogSink {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #waiting = new Waiting();

  static open(name: string): Promise<SyslogSink> {
    const args = ["--prio-prefix", "--priority", "daemon.notice", `--id=${process.pid}`, "--tag", name];
    const child = spawn("logger", args, { stdio: ["pipe", "ignore", "ignore"] });
    return new Promise((resolve, reject) => {
      child.once("spawn", () => resolve(new SyslogSink(child)));
      child.once("error", (error) => reject(systemError("NONE", "syslog is reached by the program 'logger'", error)));
    });
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once("exit", () => resolve()));
    child.on("error", () => {});
    child.stdin?.on("error", () => {}).on("drain", () => this.#flush());
    child.unref();
  }

  write(level: LogLevel, line: string): void {
    this.#waiting.add(severityPrefix(level) + line);
    this.#flush();
  }

  async close(): Promise<void> {
    this.#child.ref();
    this.#child.stdin?.end(this.#waiting.take());
    await this.#ended;
  }

  #flush(): void {
    const stdin = this.#child.stdin;
    if (stdin?.writable && !stdin.writableNeedDrain) stdin.write(this.#waiting.take());
  }
}
