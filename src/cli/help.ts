/** The texts of `--help` and `help`, in virsh's layout. */
import type { Application } from "./application.ts";
import type { Command, CommandOption } from "./command.ts";
import { type CommandTable, commandsOf } from "./command-set.ts";
import type { Group } from "./group.ts";
import { optionsOf } from "./invocation.ts";
import { outerOptionLines } from "./outer-options.ts";

/** What `--help` prints. */
export async function programHelp(application: Application): Promise<string> {
  const { name, table } = application;
  return `
${name} [options]... [<command_string>]
${name} [options]... <command> [args...]

  options:
${outerOptionLines(optionsOf(application))}  commands (non interactive mode):

${await groupLists(table, "")}
  (help <group> tells about the commands of a group)

  (help <command> tells about one command)

`;
}

/** What `help` alone prints. */
export async function overview(table: CommandTable): Promise<string> {
  return `Grouped commands:\n\n${await groupLists(table, ":")}`;
}

async function groupLists({ groups }: CommandTable, ending: string): Promise<string> {
  const lists = await Promise.all(groups.map((group) => groupHelp(group, ending)));
  return lists.map((list) => `${list}\n`).join("");
}

/** The commands of one group. */
export async function groupHelp(group: Group, ending = ":"): Promise<string> {
  const lines = (await commandsOf(group)).map(({ name, summary }) => `    ${name.padEnd(30)} ${summary}\n`);
  return ` ${group.title} (help keyword '${group.keyword}')${ending}\n${lines.join("")}`;
}

/** One command's manual. */
export function commandHelp({ name, summary, description, options }: Command): string {
  const all = [...options.values()];
  const sections = [
    section("NAME", [`${name} - ${summary}`]),
    section("SYNOPSIS", [[name, ...all.map(synopsis)].join(" ")]),
  ];
  if (description !== undefined) sections.push(section("DESCRIPTION", description.split("\n")));
  if (all.length > 0) sections.push(section("OPTIONS", all.map(optionLine)));
  return `${sections.join("\n")}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return `  ${title}\n${lines.map((line) => (line === "" ? "\n" : `    ${line}\n`)).join("")}`;
}

/** How an option stands in the synopsis. */
function synopsis({ name, type, required, unnamed }: CommandOption): string {
  switch (type) {
    case "flag":
      return `[--${name}]`;
    case "data":
      return `<${name}>`;
    case "words":
      if (required) return `{[--${name}] <string>}...`;
      return unnamed ? `[<${name}>]...` : `[[--${name}] <string>]...`;
    default: {
      const value = `<${type === "number" ? "number" : "string"}>`;
      return required ? `<${name}>` : `[--${name} ${value}]`;
    }
  }
}

function optionLine(option: CommandOption): string {
  return `${optionTerm(option).padEnd(15)}  ${option.help}`;
}

function optionTerm({ name, type, required, unnamed }: CommandOption): string {
  if (type === "flag") return `--${name}`;
  if (unnamed) return `<${name}>`;
  const value = `<${type === "number" ? "number" : "string"}>`;
  return required || type === "words" ? `[--${name}] ${value}` : `--${name} ${value}`;
}
