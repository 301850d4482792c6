/** Rules that every entry of the table of commands keeps. */
import type { Command } from "./command.ts";
import { type CommandTable, commandsOf } from "./command-set.ts";

async function allCommands({ groups }: CommandTable): Promise<Command[]> {
  return (await Promise.all(groups.map(commandsOf))).flat();
}

/** What is wrong with the table; empty when nothing is. */
export async function tableProblems(table: CommandTable): Promise<string[]> {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const command of await allCommands(table)) {
    if (seen.has(command.name)) problems.push(`${command.name}: is listed twice`);
    seen.add(command.name);
    problems.push(...commandProblems(command).map((problem) => `${command.name}: ${problem}`));
  }
  return problems;
}

function commandProblems({ name, summary, options, aliases }: Command): string[] {
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9-]*$/.test(name)) problems.push("its name is not lower case with dashes");
  if (summary.trim() === "" || summary.includes("\n")) problems.push("its summary is not one line");
  let optionalSeen = false;
  let wordsSeen = "";
  for (const option of options.values()) {
    if (option.help.trim() === "") problems.push(`--${option.name} has no help`);
    if (wordsSeen !== "" && option.positional)
      problems.push(`--${wordsSeen} takes the words meant for --${option.name}`);
    if (option.type === "data" && option.positional && optionalSeen) {
      problems.push(`--${option.name} is required but stands behind an optional word`);
    }
    optionalSeen ||= option.positional && !option.required;
    if (option.type === "words") wordsSeen = option.name;
  }
  for (const [alias, target] of aliases) {
    if (options.has(alias)) problems.push(`--${alias} is an option and an alias`);
    if (!options.has(target.split("=", 1)[0] as string)) problems.push(`--${alias} stands for nothing`);
  }
  return problems;
}

/** `COMMAND --OPTION` for each option whose values have no completer. */
export async function missingCompleters(table: CommandTable): Promise<string[]> {
  return (await allCommands(table)).flatMap(({ name, options }) =>
    [...options.values()]
      .filter(({ type, complete }) => type !== "flag" && complete === undefined)
      .map((option) => `${name} --${option.name}`),
  );
}
