/** All commands of one program, by group and name. */
import type { Command } from "./command.ts";
import { type CommandModule, type Group, loadCommand } from "./group.ts";

interface Contents {
  /** In the order of `help`. */
  readonly groups: readonly Group[];
  /** What is found but not listed. */
  readonly hidden: Group;
  /** Former names of commands, and the present ones. */
  readonly aliases: Readonly<Record<string, string>>;
}

export class CommandTable {
  readonly groups: readonly Group[];
  readonly #hidden: Group;
  readonly #aliases: ReadonlyMap<string, string>;

  constructor({ groups, hidden, aliases }: Contents) {
    this.groups = groups;
    this.#hidden = hidden;
    this.#aliases = new Map(Object.entries(aliases));
  }

  /** The command of that name or former name. */
  async find(name: string): Promise<Command | undefined> {
    const present = this.#aliases.get(name) ?? name;
    const load = this.#moduleOf(present);
    return load === undefined ? undefined : loadCommand(present, load);
  }

  findGroup(keyword: string): Group | undefined {
    return this.groups.find((candidate) => candidate.keyword === keyword);
  }

  /** Names of all commands that help lists. */
  names(): string[] {
    return this.groups.flatMap(({ commands }) => [...commands.keys()]);
  }

  #moduleOf(name: string): CommandModule | undefined {
    for (const { commands } of [...this.groups, this.#hidden]) {
      const load = commands.get(name);
      if (load !== undefined) return load;
    }
    return undefined;
  }
}

/** All commands of a group, in order. */
export function commandsOf({ commands }: Group): Promise<Command[]> {
  return Promise.all([...commands].map(([name, load]) => loadCommand(name, load)));
}
