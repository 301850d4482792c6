/** What the table of commands is made of. */
import type { Connection } from "../api/index.ts";
import type { Option, OptionTable, OptionValues } from "./option.ts";
import { flag, optionName } from "./option.ts";
import { toJson } from "./output/json.ts";
import type { Shell } from "./shell.ts";

/** What a command's code works with. */
export interface Context<V> {
  readonly options: V;
  /** The open connection; there is none in an `offline` command. */
  readonly connection: Connection;
  readonly shell: Shell;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  /** Writes to standard output as it stands. */
  print(text: string): void;
  /** Writes to standard output what `--quiet` leaves out. */
  notice(text: string): void;
  /** Writes an `error: ` line; the command goes on. */
  complain(message: string): void;
  /** Prints one piece of a running command's answer (an event, say): the text, or the data with `--json`. */
  report(data: unknown, text: string): void;
}

interface Description<T extends OptionTable> {
  readonly name: string;
  /** One line, for lists of commands. */
  readonly summary: string;
  /** A few lines for `help COMMAND`. */
  readonly description?: string;
  /** In the order in which positional words fill them; `hardLimit` is `--hard-limit`. */
  readonly options?: T;
  /** Other spellings: `kilobytes: "size"`; with a value when it stands for one: `shareable: "mode=shareable"`. */
  readonly aliases?: { readonly [alias: string]: string };
  /** Needs no connection. */
  readonly offline?: true;
}

/** A command that does something. */
interface Action<T extends OptionTable> extends Description<T> {
  run(context: Context<OptionValues<T>>): Promise<void> | void;
}

/** A command that reports while it runs, through `context.report`. */
interface Stream<T extends OptionTable> extends Action<T> {
  readonly streams: true;
}

/** A command that answers: `query` finds the data (undefined: nothing to say), `print` makes it text. */
interface Query<T extends OptionTable, D> extends Description<T> {
  query(context: Context<OptionValues<T>>): Promise<D | undefined> | D | undefined;
  print(data: D, context: Context<OptionValues<T>>): string;
}

/** An entry of the table, its types forgotten. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly description: string | undefined;
  /** By option name (`hard-limit`), in order. */
  readonly options: ReadonlyMap<string, CommandOption>;
  readonly aliases: ReadonlyMap<string, string>;
  readonly offline: boolean;
  /** Runs with converted options (by key) and prints what it has to say. */
  execute(context: Context<unknown>, json: boolean): Promise<void>;
}

/** An option in a command's table entry. */
export interface CommandOption extends Option<unknown> {
  readonly name: string;
  /** The key under which the command's code finds it. */
  readonly key: string;
}

/** The name of the option that every answering command has besides virsh's own. */
export const JSON_OPTION = "json";

const jsonOption: CommandOption = {
  ...flag("print the same data as JSON"),
  name: JSON_OPTION,
  key: JSON_OPTION,
};

/** Describes one command. Give `run`, or `query` and `print`; the latter adds `--json`. */
export function command<T extends OptionTable = Record<never, never>, D = never>(
  spec: Action<T> | Stream<T> | Query<T, D>,
): Command {
  const options = new Map<string, CommandOption>();
  for (const [key, option] of Object.entries(spec.options ?? {})) {
    const name = option.spelled ?? optionName(key);
    options.set(name, { ...option, name, key });
  }
  if ("query" in spec || "streams" in spec) options.set(JSON_OPTION, jsonOption);
  return {
    name: spec.name,
    summary: spec.summary,
    description: spec.description,
    options,
    aliases: new Map(Object.entries(spec.aliases ?? {})),
    offline: spec.offline ?? false,
    execute: "query" in spec ? answering(spec) : async (context) => spec.run(context as Context<OptionValues<T>>),
  };
}

function answering<T extends OptionTable, D>(spec: Query<T, D>): Command["execute"] {
  return async (untyped, json) => {
    const context = untyped as Context<OptionValues<T>>;
    const data = await spec.query(context);
    if (data === undefined) return;
    if (json) {
      context.print(`${toJson(data)}\n`);
    } else {
      context.print(spec.print(data, context));
    }
  };
}
