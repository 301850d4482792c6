/** Options of commands: what the table says of each, and how its text becomes a value. */
import type { Completer } from "./completer.ts";
import { CommandError } from "./error.ts";
import { parseInteger, parseScaled } from "./grammar/numbers.ts";

/** The five shapes of virsh's grammar. `data` is a required word, `words` takes all that is left. */
export type OptionType = "flag" | "number" | "text" | "data" | "words";

/** One option of a command; `V` is the type its `run` gets. */
export interface Option<V> {
  readonly type: OptionType;
  readonly help: string;
  readonly required: boolean;
  /** May be given without its name. */
  readonly positional: boolean;
  /** May be the empty string. */
  readonly empty: boolean;
  /** Help shows it without its name, as virsh does for a few. */
  readonly unnamed: boolean;
  readonly complete: Completer | undefined;
  /** The name on the command line; undefined: the table's key, `hardLimit` as `hard-limit`. */
  readonly spelled: string | undefined;
  /** The value of what the person typed. @throws {CommandError} */
  convert(raw: RawValue | undefined, name: string): V;
}

/** What the parser found for an option: `true` for a flag, a list for `words`. */
export type RawValue = true | string | readonly string[];

export type OptionTable = { readonly [name: string]: Option<unknown> };

/** The options object that a command's code sees. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: T[K] extends Option<infer V> ? V : never };

/** `hardLimit` in the table is `--hard-limit` on the command line. */
export function optionName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

interface Settings {
  /** Only by its name. */
  readonly named?: true;
  readonly empty?: true;
  readonly complete?: Completer;
  readonly unnamed?: true;
  /** The name on the command line, where it is not the key in kebab case. */
  readonly name?: string;
}

interface Required extends Settings {
  readonly required: true;
}

function option<V>(
  type: OptionType,
  help: string,
  settings: Settings & { required?: true },
  convert: (raw: RawValue | undefined, name: string) => V,
): Option<V> {
  const { named = false, empty = false, unnamed = false, required = false, complete, name: spelled } = settings;
  return { type, help, required, positional: type !== "flag" && !named, empty, unnamed, complete, spelled, convert };
}

/** A switch: true when given. */
export function flag(help: string): Option<boolean> {
  return option("flag", help, {}, (raw) => raw === true);
}

/** An optional string. */
export function text(help: string, settings: Settings = {}): Option<string | undefined> {
  return option("text", help, settings, (raw, name) => {
    if (raw === "" && settings.empty !== true) throw emptyArgument(name);
    return raw as string | undefined;
  });
}

/** A required string, usually given without its name. */
export function data(help: string, settings: Settings = {}): Option<string> {
  return option("data", help, { ...settings, required: true }, (raw, name) => {
    if (raw === "" && settings.empty !== true) throw emptyArgument(name);
    return raw as string;
  });
}

function emptyArgument(name: string): CommandError {
  return new CommandError(`Failed to get option '${name}': Option argument is empty`);
}

/** All remaining words. */
export function words(help: string, settings: Settings & { required?: true } = {}): Option<readonly string[]> {
  return option("words", help, settings, (raw) => (raw === undefined ? [] : (raw as readonly string[])));
}

type NumberBuilder<N> = {
  (help: string, settings: Required): Option<N>;
  (help: string, settings?: Settings): Option<N | undefined>;
};

function numberOption<N>(parse: (raw: string, name: string) => N): NumberBuilder<N> {
  const build = (help: string, settings: Settings = {}) =>
    option<N | undefined>("number", help, settings, (raw, name) =>
      raw === undefined ? undefined : parse(raw as string, name),
    );
  return build as NumberBuilder<N>;
}

/** `VIR_DOMAIN_MEMORY_PARAM_UNLIMITED`. */
const UNLIMITED_KIB = 9007199254740991n;
const intMax = 0x7fffffffn;
const ulonglongMax = (1n << 64n) - 1n;

/** A 32-bit signed integer. */
export const int = numberOption((raw, name) => Number(parseInteger(raw, name, -intMax - 1n, intMax)));
/** A 32-bit unsigned integer. */
export const uint = numberOption((raw, name) => Number(parseInteger(raw, name, 0n, 0xffffffffn)));
/** A 64-bit signed integer. */
export const longlong = numberOption((raw, name) => parseInteger(raw, name, -(1n << 63n), (1n << 63n) - 1n));
/** A 64-bit unsigned integer. */
export const ulonglong = numberOption((raw, name) => parseInteger(raw, name, 0n, ulonglongMax));
/** An amount with an optional unit, in bytes; a bare number counts bytes. */
export const bytes = numberOption((raw, name) => parseScaled(raw, name, { unit: 1n, max: ulonglongMax }));
/** A limit in KiB with an optional unit; a negative number is libvirt's word for none. */
export const memoryLimit = numberOption((raw, name) => {
  if (/^\s*-[0-9]+$/.test(raw)) return UNLIMITED_KIB;
  try {
    return (parseScaled(raw, name, { unit: 1024n, max: ulonglongMax }) + 1023n) / 1024n;
  } catch {
    throw new CommandError(`Unable to parse integer parameter ${name}`);
  }
});
/** An amount with an optional unit, in bytes; a bare number counts KiB. */
export const kibibytes = numberOption((raw, name) => parseScaled(raw, name, { unit: 1024n, max: ulonglongMax }));
