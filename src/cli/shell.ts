/** A shell session: its connection, its streams, and the running of parsed commands. */
import type { Connection } from "../api/index.ts";
import type { Application } from "./application.ts";
import type { Command, Context } from "./command.ts";
import { JSON_OPTION } from "./command.ts";
import type { Place } from "./completion.ts";
import { CommandError, errorLines } from "./error.ts";
import type { Token } from "./grammar/lexer.ts";
import { type ParsedCommand, parseCommands } from "./grammar/parser.ts";
import { Log } from "./log.ts";
import { toJson } from "./output/json.ts";
import type { Settings } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

export class Shell {
  readonly terminal: Terminal;
  readonly settings: Settings;
  /** Whether a person (or a script on standard input) is asked for commands. */
  interactive = false;
  /** Set by `quit`: no further command runs. */
  finished = false;
  readonly application: Application;
  readonly #log: Log;
  #uri: string | undefined;
  #readonly: boolean;
  #connection: Connection | undefined;
  #running: AbortController | undefined;

  constructor(terminal: Terminal, settings: Settings, application: Application) {
    this.terminal = terminal;
    this.settings = settings;
    this.application = application;
    this.#log = new Log(settings.logFile, settings.debug);
    this.#uri = settings.uri ?? terminal.env[application.uriVariable];
    this.#readonly = settings.readonly;
  }

  get connected(): boolean {
    return this.#connection !== undefined;
  }

  /** For completion. */
  get place(): Place {
    return { table: this.application.table, connection: () => this.connection() };
  }

  get readonly(): boolean {
    return this.#readonly;
  }

  /** The open connection, opened now if there is none. @throws {CommandError} */
  async connection(): Promise<Connection> {
    this.#connection ??= await this.#connect(this.#uri);
    return this.#connection;
  }

  /** Opens a connection in place of the present one, which is closed either way. @throws {CommandError} */
  async reconnect(uri: string | undefined, readonly: boolean, failure = this.application.failure): Promise<void> {
    this.#readonly ||= readonly;
    await this.disconnect();
    this.#connection = await this.#connect(uri ?? this.#uri, failure);
    this.#uri = uri ?? this.#uri;
  }

  async #connect(uri: string | undefined, failure = this.application.failure): Promise<Connection> {
    const { keepaliveInterval, keepaliveCount } = this.settings;
    try {
      return await this.application.open({ uri, readonly: this.#readonly, keepaliveInterval, keepaliveCount });
    } catch (cause) {
      throw new CommandError(failure, { cause });
    }
  }

  async disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  /** Ends the session. */
  async close(): Promise<void> {
    this.interrupt();
    await this.disconnect();
    this.#log.close();
  }

  /** Aborts the running command, if it listens. */
  interrupt(): void {
    this.#running?.abort();
  }

  print(text: string): void {
    this.terminal.stdout.write(text);
    this.#log.write("INFO", text);
  }

  notice(text: string): void {
    if (!this.settings.quiet) this.print(text);
  }

  /** Writes `error: ` lines for an error or a message. */
  complain(error: unknown): void {
    for (const line of typeof error === "string" ? [error] : errorLines(error)) {
      this.terminal.stderr.write(`error: ${line}\n`);
      this.#log.write("ERROR", line);
    }
  }

  /** Parses and runs a whole line; nothing runs when any part of it is malformed. True when the last command succeeded. */
  async run(tokens: Iterable<Token>): Promise<boolean> {
    let commands: ParsedCommand[];
    try {
      commands = await parseCommands(tokens, this.application.table);
      // A connection asked for by name must come about, whatever the commands are.
      if (!this.interactive && this.settings.uri !== undefined && commands.length > 0) await this.connection();
    } catch (error) {
      this.complain(error);
      return false;
    }
    let success = true;
    for (const parsed of commands) {
      success = await this.#runTimed(parsed);
      if (this.finished) break;
    }
    return success;
  }

  async #runTimed(parsed: ParsedCommand): Promise<boolean> {
    const start = performance.now();
    const success = await this.#runOne(parsed);
    const elapsed = performance.now() - start;
    if (this.finished) return success;
    if (this.settings.timing) this.print(`\n(Time: ${elapsed.toFixed(3)} ms)\n\n`);
    else this.notice("\n");
    return success;
  }

  async #runOne({ command, values }: ParsedCommand): Promise<boolean> {
    this.#log.write("DEBUG", `command: ${command.name}`);
    try {
      const connection = command.offline ? undefined : await this.connection();
      const options = convertOptions(command, values);
      const json = values.has(JSON_OPTION);
      await command.execute(this.#context(options, connection, json), json);
      return true;
    } catch (error) {
      this.complain(error);
      return false;
    } finally {
      process.off("SIGINT", this.#onInterrupt);
      this.#running = undefined;
    }
  }

  readonly #onInterrupt = () => this.interrupt();

  /** From the first time a command asks for this, Ctrl-C is the command's; before, it ends the program. */
  #listen(): AbortSignal {
    if (this.#running === undefined) {
      this.#running = new AbortController();
      process.on("SIGINT", this.#onInterrupt);
    }
    return this.#running.signal;
  }

  #context(options: unknown, connection: Connection | undefined, json: boolean): Context<unknown> {
    const listen = () => this.#listen();
    return {
      options,
      get signal() {
        return listen();
      },
      shell: this,
      get connection(): Connection {
        if (connection === undefined) throw new Error("an offline command asked for its connection");
        return connection;
      },
      print: (text) => this.print(text),
      notice: (text) => this.notice(text),
      complain: (message) => this.complain(message),
      report: (data, text) => this.print(json ? `${toJson(data, 0)}\n` : text),
    };
  }
}

function convertOptions(command: Command, values: ParsedCommand["values"]): Record<string, unknown> {
  const converted: Record<string, unknown> = {};
  for (const [name, option] of command.options) converted[option.key] = option.convert(values.get(name), name);
  return converted;
}
