/** The daemon's log: lines of a category and a level, to where the outputs say, unless the filters keep them back. */
import { LibvirtError } from "../../errors.ts";
import { formatFilters, type LogFilter, parseFilters } from "./filters.ts";
import { LogLevel, type LogLevelName, levelName } from "./level.ts";
import { openSink } from "./open-sink.ts";
import { formatOutputs, type OutputSetting, parseOutputs } from "./outputs.ts";
import type { LogSink } from "./sink.ts";

/** Text, or what makes it: called only if the line is wanted. */
export type LogText = string | (() => string);

/** Writes lines of one category. */
export type Logger = { readonly [Level in LogLevelName]: (text: LogText) => void } & {
  /** Whether a line of the level would go anywhere. */
  wants(level: LogLevelName): boolean;
};

export interface LogSettings {
  /** The least level where no filter says otherwise. */
  readonly level: LogLevel;
  readonly filters: string;
  readonly outputs: string;
}

interface Output {
  readonly setting: OutputSetting;
  readonly sink: LogSink;
}

export class Log {
  #level: LogLevel = LogLevel.warning;
  #filters: readonly LogFilter[] = [];
  #outputs: readonly Output[] = [];
  readonly #levels = new Map<string, LogLevel>();

  /** Opens a log. @throws LibvirtError when the settings are wrong or an output cannot be opened */
  static async open({ level, filters, outputs }: LogSettings): Promise<Log> {
    const log = new Log();
    log.level = level;
    log.setFilters(filters);
    await log.setOutputs(outputs);
    return log;
  }

  /** The least level that is logged where no filter says otherwise. */
  get level(): LogLevel {
    return this.#level;
  }

  set level(level: LogLevel) {
    this.#level = level;
    this.#levels.clear();
  }

  get filters(): string {
    return formatFilters(this.#filters);
  }

  get filterCount(): number {
    return this.#filters.length;
  }

  setFilters(text: string): void {
    this.#filters = parseFilters(text);
    this.#levels.clear();
  }

  get outputs(): string {
    return formatOutputs(this.#outputs.map(({ setting }) => setting));
  }

  get outputCount(): number {
    return this.#outputs.length;
  }

  /** Changes where lines go: all of it or, when one cannot be opened, nothing. Files are opened anew in any case. */
  async setOutputs(text: string): Promise<void> {
    const opened: Output[] = [];
    try {
      for (const setting of parseOutputs(text)) opened.push({ setting, sink: await openSink(setting) });
    } catch (error) {
      await Promise.all(opened.map(({ sink }) => sink.close()));
      throw error;
    }
    const former = this.#outputs;
    this.#outputs = opened;
    await Promise.all(former.map(({ sink }) => sink.close()));
  }

  /** A logger for a category: a word that filters match. */
  logger(category: string): Logger {
    const at = (level: LogLevelName) => (text: LogText) => this.#write(category, LogLevel[level], text);
    return {
      debug: at("debug"),
      info: at("info"),
      warning: at("warning"),
      error: at("error"),
      wants: (level) => this.#levelOf(category) <= LogLevel[level],
    };
  }

  /** Writes what waits and closes the outputs. */
  async close(): Promise<void> {
    const outputs = this.#outputs;
    this.#outputs = [];
    await Promise.all(outputs.map(({ sink }) => sink.close()));
  }

  #levelOf(category: string): LogLevel {
    let level = this.#levels.get(category);
    if (level === undefined) {
      level = this.#filters.find((filter) => filter.matches(category))?.level ?? this.#level;
      this.#levels.set(category, level);
    }
    return level;
  }

  #write(category: string, level: LogLevel, text: LogText): void {
    if (level < this.#levelOf(category)) return;
    const time = new Date().toISOString().replace("T", " ").replace("Z", "+0000");
    const line = formatLine(category, level, typeof text === "string" ? text : text());
    for (const { setting, sink } of this.#outputs) if (level >= setting.level) sink.write(level, line, time);
  }
}

/** `21081: error : rpc : what happened`, one line whatever the text holds. */
function formatLine(category: string, level: LogLevel, text: string): string {
  return `${process.pid}: ${levelName(level)} : ${category} : ${oneLine(text)}`;
}

const maxLine = 8192;

/** Nobody who chooses a name writes lines of the log with it. */
function oneLine(text: string): string {
  const cut = text.length > maxLine ? `${text.slice(0, maxLine)}...` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be taken out
  return cut.replace(/[\x00-\x1f\x7f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** An error for the log: its message, and the stack of one that nobody expected. */
export function errorText(error: unknown): string {
  if (error instanceof LibvirtError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
