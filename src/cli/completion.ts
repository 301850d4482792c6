/** What could stand where a person stopped typing. */
import type { Connection } from "../api/index.ts";
import type { CommandOption } from "./command.ts";
import type { CommandTable } from "./command-set.ts";
import { type Token, tokenize, type Word } from "./grammar/lexer.ts";
import { CommandBuilder } from "./grammar/parser.ts";

export interface Completion {
  /** Whole words that may take the place of the one being typed. */
  readonly candidates: readonly string[];
  /** Where in the line that word begins. */
  readonly start: number;
}

/** Where a line is typed. */
export interface Place {
  readonly table: CommandTable;
  readonly connection: () => Promise<Connection>;
}

const nothing = { candidates: [], start: 0 };

/** Completes the last word of `line`. Never rejects: where names cannot be had, there are none to offer. */
export async function completeLine(line: string, place: Place): Promise<Completion> {
  const words = lastCommand(tokenize(line, { lenient: true }));
  const last = words.at(-1);
  const current = last !== undefined && last.end === line.length && !line.endsWith("\n") ? last : undefined;
  const before = (current === undefined ? words : words.slice(0, -1)).map((word) => word.text);
  const candidates = await completeWord(before, current?.text ?? "", place);
  return { candidates, start: current?.start ?? line.length };
}

/** Completes the last of the words that the system's shell has split. */
export async function completeWords(words: readonly string[], place: Place): Promise<readonly string[]> {
  return completeWord(words.slice(0, -1), words.at(-1) ?? "", place);
}

function lastCommand(tokens: Iterable<Token>): Word[] {
  let words: Word[] = [];
  for (const token of tokens) {
    if (token.type === "separator") words = [];
    else words.push(token);
  }
  return words;
}

async function completeWord(before: readonly string[], prefix: string, place: Place): Promise<readonly string[]> {
  const { table } = place;
  const [name, ...rest] = before;
  if (name === undefined) return beginning(prefix, table.names());
  const command = await table.find(name);
  if (command === undefined) return nothing.candidates;
  const builder = new CommandBuilder(command);
  try {
    for (const word of rest) builder.take(word);
  } catch {
    return nothing.candidates;
  }
  if (prefix.startsWith("-") && !builder.awaitsValue) return completeOption(builder, prefix, place);
  const option = builder.next;
  const values = option === undefined ? [] : await completeValue(builder, option, prefix, place);
  if (prefix !== "" || builder.awaitsValue || values.length > 0) return beginning(prefix, values);
  return optionsLeft(builder);
}

async function completeOption(builder: CommandBuilder, prefix: string, place: Place): Promise<readonly string[]> {
  const [, name = "", value] = /^--([^=]*)=(.*)$/s.exec(prefix) ?? [];
  if (value === undefined) return beginning(prefix, optionsLeft(builder));
  const option = builder.command.options.get(name);
  if (option === undefined) return nothing.candidates;
  const values = await completeValue(builder, option, value, place);
  return beginning(value, values).map((candidate) => `--${name}=${candidate}`);
}

function optionsLeft(builder: CommandBuilder): string[] {
  const left = [...builder.command.options.values()].filter((o) => o.type === "words" || !builder.values.has(o.name));
  return left.map(({ name }) => `--${name}`);
}

async function completeValue(
  builder: CommandBuilder,
  option: CommandOption,
  prefix: string,
  place: Place,
): Promise<readonly string[]> {
  const given = new Map<string, string>();
  for (const [name, value] of builder.values) if (typeof value === "string") given.set(name, value);
  try {
    return (await option.complete?.({ ...place, given, prefix })) ?? [];
  } catch {
    return [];
  }
}

function beginning(prefix: string, candidates: readonly string[]): string[] {
  return candidates.filter((candidate) => candidate.startsWith(prefix));
}

/** A candidate as it must be typed to be one word: within the quote that is open, or with backslashes. */
export function quoteCandidate(candidate: string, typed: string): string {
  const quote = typed.startsWith('"') ? '"' : typed.startsWith("'") ? "'" : "";
  if (quote === "'") return `'${candidate}`;
  const special = quote === '"' ? /["\\]/g : /[\s"'\\;#]/g;
  return quote + candidate.replace(special, "\\$&");
}
