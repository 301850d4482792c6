/** Words -> commands with the options they were given. All of it is checked before any command runs. */
import type { Command, CommandOption } from "../command.ts";
import type { CommandTable } from "../command-set.ts";
import { CommandError } from "../error.ts";
import type { RawValue } from "../option.ts";
import type { Token } from "./lexer.ts";

/** One command as a person wrote it. */
export interface ParsedCommand {
  readonly command: Command;
  /** By option name. */
  readonly values: ReadonlyMap<string, RawValue>;
}

/**
 * Parses all commands of a line.
 * @throws {CommandError} with virsh's wording, at the first command that is wrong
 */
export async function parseCommands(tokens: Iterable<Token>, table: CommandTable): Promise<ParsedCommand[]> {
  const parsed: ParsedCommand[] = [];
  let builder: CommandBuilder | undefined;
  for (const token of tokens) {
    if (token.type === "separator") {
      if (builder !== undefined) parsed.push(await builder.finish(table));
      builder = undefined;
    } else if (builder === undefined) {
      builder = new CommandBuilder(await commandNamed(token.text, table));
    } else {
      builder.take(token.text);
    }
  }
  if (builder !== undefined) parsed.push(await builder.finish(table));
  return parsed;
}

async function commandNamed(name: string, table: CommandTable): Promise<Command> {
  const command = await table.find(name);
  if (command === undefined) throw new CommandError(`unknown command: '${name}'`);
  return command;
}

/** How an option is spelled when told that its value is missing. */
function expectedSyntax(option: CommandOption): string {
  return `expected syntax: --${option.name} <${option.type === "number" ? "number" : "string"}>`;
}

/** An option word: `--name`, perhaps with `=value`. A letter or digit must follow the dashes. */
const optionWord = /^--([A-Za-z0-9][^=]*)(?:=(.*))?$/s;

/** Collects the words of one command. */
export class CommandBuilder {
  readonly command: Command;
  readonly values = new Map<string, RawValue>();
  /** The option whose value the next word is. */
  #awaiting: CommandOption | undefined;
  #dataOnly = false;
  #help = false;

  constructor(command: Command) {
    this.command = command;
  }

  /** The option that the next word, if it is no option itself, goes to. */
  get next(): CommandOption | undefined {
    if (this.#awaiting !== undefined) return this.#awaiting;
    for (const option of this.command.options.values()) {
      if (option.positional && (option.type === "words" || !this.values.has(option.name))) return option;
    }
    return undefined;
  }

  /** Whether the next word is the value of an option named just before. */
  get awaitsValue(): boolean {
    return this.#awaiting !== undefined;
  }

  /** Takes one word. @throws {CommandError} */
  take(word: string): void {
    if (this.#awaiting !== undefined) {
      const option = this.#awaiting;
      this.#awaiting = undefined;
      this.#set(option, word);
      return;
    }
    const match = this.#dataOnly ? null : optionWord.exec(word);
    if (match !== null) {
      this.#takeOption(match[1] as string, match[2]);
    } else if (word === "--" && !this.#dataOnly) {
      this.#dataOnly = true;
    } else {
      this.#takeData(word);
    }
  }

  /** The finished command; `--help` turns it into `help COMMAND`. @throws {CommandError} */
  async finish(table: CommandTable): Promise<ParsedCommand> {
    if (this.#awaiting !== undefined) throw new CommandError(expectedSyntax(this.#awaiting));
    if (this.#help) {
      return { command: await commandNamed("help", table), values: new Map([["command", this.command.name]]) };
    }
    const missing = [...this.command.options.values()].filter((o) => o.required && !this.values.has(o.name));
    if (missing.length > 0) throw new CommandError(missing.map((option) => this.#requires(option)));
    return { command: this.command, values: this.values };
  }

  #requires({ name, type }: CommandOption): string {
    const spelled = type === "number" || type === "text" ? `--${name}` : `<${name}>`;
    return `command '${this.command.name}' requires ${spelled} option`;
  }

  #takeOption(written: string, value: string | undefined): void {
    const [name = written, implied] = (this.command.aliases.get(written) ?? written).split("=", 2);
    const option = this.command.options.get(name);
    if (option === undefined) {
      this.#takeUnknown(written, value, name === written && written === "help");
    } else if (option.type === "flag" || implied !== undefined) {
      if (value !== undefined) throw new CommandError(`invalid '=' after option --${implied ? written : name}`);
      this.#set(option, implied ?? true);
    } else if (value !== undefined) {
      this.#set(option, value);
    } else {
      this.#refuseTwice(option);
      this.#awaiting = option;
    }
  }

  #takeUnknown(written: string, value: string | undefined, asksHelp: boolean): void {
    if (asksHelp) {
      if (value !== undefined) throw new CommandError("invalid '=' after option --help");
      this.#help = true;
    } else if (this.command.name !== "help") {
      // `help --anything` is forgiving, for `help` is what a person types who does not know yet.
      throw new CommandError(`command '${this.command.name}' doesn't support option --${written}`);
    }
  }

  #takeData(word: string): void {
    const option = this.next;
    if (option !== undefined) this.#set(option, word);
    // More words after `help`'s own are ignored, as virsh does.
    else if (this.command.name !== "help") throw new CommandError(`unexpected data '${word}'`);
  }

  #refuseTwice(option: CommandOption): void {
    if (option.type !== "words" && this.values.has(option.name)) {
      throw new CommandError(`option --${option.name} already seen`);
    }
  }

  #set(option: CommandOption, value: true | string): void {
    this.#refuseTwice(option);
    if (option.type !== "words") {
      this.values.set(option.name, value);
    } else {
      const before = (this.values.get(option.name) as readonly string[] | undefined) ?? [];
      this.values.set(option.name, [...before, value as string]);
    }
  }
}
