/** A group of commands: what `help` lists together. Its commands' code is loaded when one of them is needed. */
import type { Command } from "./command.ts";

/** Loads a file of commands: each of its exports that is a command. */
export type CommandModule = () => Promise<Readonly<Record<string, unknown>>>;

export interface Group {
  /** `help KEYWORD` lists it. */
  readonly keyword: string;
  readonly title: string;
  /** In the order of `help`. */
  readonly commands: ReadonlyMap<string, CommandModule>;
}

/** Finds a command in its file. */
export async function loadCommand(name: string, load: CommandModule): Promise<Command> {
  for (const candidate of Object.values(await load())) {
    if (isCommand(candidate) && candidate.name === name) return candidate;
  }
  throw new Error(`the file listed for the command '${name}' does not hold it`);
}

function isCommand(value: unknown): value is Command {
  return typeof value === "object" && value !== null && "execute" in value && "name" in value;
}

export function group(keyword: string, title: string, commands: { readonly [name: string]: CommandModule }): Group {
  return { keyword, title, commands: new Map(Object.entries(commands)) };
}
