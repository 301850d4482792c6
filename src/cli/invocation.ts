/** The outer command line: `tsvirt [options]... [command]`, with the rules of `getopt_long`. */
import { type Application, shellApplication } from "./application.ts";
import { CommandError } from "./error.ts";
import { type OuterOption, outerOptions } from "./outer-options.ts";
import { defaultSettings, type Settings } from "./settings.ts";

/** What the outer options ask for. */
export type Invocation =
  | { readonly kind: "help" }
  | { readonly kind: "version"; readonly long: boolean }
  | {
      readonly kind: "shell";
      readonly settings: Settings;
      /** The words after the options. */
      readonly words: readonly string[];
      /** Remarks to print before anything else. */
      readonly remarks: readonly string[];
    };

interface Given {
  readonly option: OuterOption | "long-version";
  readonly argument: string | undefined;
}

/** The outer options that a program has. */
export function optionsOf({ without }: Application): readonly OuterOption[] {
  return outerOptions.filter(({ long }) => !without.includes(long));
}

/** Reads the outer options. @throws {CommandError} */
export function parseInvocation(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  application: Application = shellApplication,
): Invocation {
  const known = optionsOf(application);
  const settings = { ...defaultSettings, ...fromEnvironment(env, application) };
  const remarks: string[] = [];
  let at = 0;
  while (at < argv.length) {
    const word = argv[at] as string;
    if (word === "--") {
      at += 1;
      break;
    }
    if (!word.startsWith("-") || word === "-") break;
    const { given, next } = word.startsWith("--") ? readLong(argv, at, known) : readShort(argv, at, known);
    at = next;
    for (const one of given) {
      const answer = apply(one, settings, remarks);
      if (answer !== undefined) return answer;
    }
  }
  return { kind: "shell", settings, words: argv.slice(at), remarks };
}

function fromEnvironment(env: NodeJS.ProcessEnv, { environment }: Application): Partial<Settings> {
  const level = env[`${environment}_DEBUG`] ?? "";
  const logFile = env[`${environment}_LOG_FILE`];
  const debug = /^[0-4]$/.test(level) ? { debug: Number(level) } : {};
  return logFile ? { ...debug, logFile } : debug;
}

function unsupported(spelled: string): CommandError {
  return new CommandError(`unsupported option '${spelled}'. See --help.`);
}

function argumentMissing({ short, long }: OuterOption): CommandError {
  return new CommandError(`option '-${short}'/'--${long}' requires an argument`);
}

/** A long option; a unique beginning of its name suffices. */
function readLong(
  argv: readonly string[],
  at: number,
  known: readonly OuterOption[],
): { given: Given[]; next: number } {
  const word = argv[at] as string;
  const [, name = "", argument] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const candidates = known.filter(({ long }) => long.startsWith(name));
  const option = candidates.find(({ long }) => long === name) ?? candidates[0];
  if (option === undefined || (candidates.length > 1 && option.long !== name)) throw unsupported(word);
  if (argument !== undefined && option.argument === "none") throw unsupported(`-${option.short ?? `-${option.long}`}`);
  if (argument !== undefined || option.argument !== "required") return { given: [{ option, argument }], next: at + 1 };
  const following = argv[at + 1];
  if (following === undefined) throw argumentMissing(option);
  return { given: [{ option, argument: following }], next: at + 2 };
}

/** A cluster of short options; the argument of the last may be attached or be the next word. */
function readShort(
  argv: readonly string[],
  at: number,
  known: readonly OuterOption[],
): { given: Given[]; next: number } {
  const letters = (argv[at] as string).slice(1);
  const given: Given[] = [];
  for (const [index, letter] of [...letters].entries()) {
    if (letter === "V") {
      given.push({ option: "long-version", argument: undefined });
      continue;
    }
    const option = known.find(({ short }) => short === letter);
    if (option === undefined) throw unsupported(`-${letter}`);
    if (option.argument !== "required") {
      given.push({ option, argument: undefined });
      continue;
    }
    const attached = letters.slice(index + 1);
    const argument = attached === "" ? argv[at + 1] : attached;
    if (argument === undefined) throw argumentMissing(option);
    return { given: [...given, { option, argument }], next: at + (attached === "" ? 2 : 1) };
  }
  return { given, next: at + 1 };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Puts one option into the settings; help and version answer at once, whatever follows. */
function apply(
  { option, argument = "" }: Given,
  settings: Writable<Settings>,
  remarks: string[],
): Invocation | undefined {
  if (option === "long-version") return { kind: "version", long: true };
  switch (option.long) {
    case "help":
      return { kind: "help" };
    case "version":
      return { kind: "version", long: argument === "long" };
    case "connect":
      settings.uri = argument;
      break;
    case "debug":
      settings.debug = debugLevel(argument, settings.debug, remarks);
      break;
    case "escape":
      settings.escape = escapeByte(argument);
      break;
    case "keepalive-interval":
      settings.keepaliveInterval = positive(argument, "k");
      break;
    case "keepalive-count":
      settings.keepaliveCount = positive(argument, "K");
      break;
    case "log":
      settings.logFile = argument;
      break;
    case "quiet":
    case "readonly":
    case "timing":
      settings[option.long] = true;
      break;
  }
  return undefined;
}

function debugLevel(text: string, before: number, remarks: string[]): number {
  if (!/^[+-]?[0-9]{1,9}$/.test(text)) throw new CommandError("option -d takes a numeric argument");
  const level = Number(text);
  if (level >= 0 && level <= 4) return level;
  remarks.push(`ignoring debug level ${level} out of range [0-4]`);
  return before;
}

/** Seconds or a count. @throws {CommandError} */
function positive(text: string, letter: string): number {
  const value = /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || Math.abs(value) > 0x7fffffff) {
    throw new CommandError(`Invalid value for option -${letter}`);
  }
  if (value < 0) throw new CommandError(`option -${letter} requires a positive integer argument`);
  return value;
}

/** `x` is itself, `^x` is Ctrl-x. @throws {CommandError} */
function escapeByte(text: string): number {
  if (/^[\x20-\x7e]$/.test(text) && text !== "^") return text.charCodeAt(0);
  const control = /^\^([@-_a-z])$/.exec(text);
  if (control !== null) return (control[1] as string).toUpperCase().charCodeAt(0) ^ 0x40;
  throw new CommandError(`Invalid string '${text}' for escape sequence`);
}
