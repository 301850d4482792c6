/** What completion may ask while a person is typing. */
import type { Connection } from "../api/index.ts";
import type { CommandTable } from "./command-set.ts";

export interface CompletionContext {
  /** All commands there are. */
  readonly table: CommandTable;
  /** The connection to ask for names; rejects when there is none to be had. */
  connection(): Promise<Connection>;
  /** What has been typed so far for the command's other options, by option name without dashes. */
  readonly given: ReadonlyMap<string, string>;
  /** The word being completed, quotes resolved. */
  readonly prefix: string;
}

/** All candidates for an option's value; those that do not begin with the prefix are dropped by the caller. */
export type Completer = (context: CompletionContext) => Promise<readonly string[]> | readonly string[];

/** Candidates from a fixed list. */
export function oneOf(...candidates: readonly string[]): Completer {
  return () => candidates;
}

/** Candidates from a fixed list, several separated by commas, each once. */
export function someOf(...candidates: readonly string[]): Completer {
  return ({ prefix }) => {
    const head = prefix.slice(0, prefix.lastIndexOf(",") + 1);
    const used = new Set(head.split(","));
    return candidates.filter((candidate) => !used.has(candidate)).map((candidate) => head + candidate);
  };
}
