/** The table of commands as Markdown, for docs/shell.md. */
import { JSON_OPTION } from "./command.ts";
import { commandsOf } from "./command-set.ts";
import type { Group } from "./group.ts";
import { shellTable } from "./table.ts";

/** All groups with their commands; `J` marks those that take `--json`. */
export async function commandTable({ groups } = shellTable): Promise<string> {
  return (await Promise.all(groups.map(groupTable))).join("\n");
}

async function groupTable(group: Group): Promise<string> {
  const rows = (await commandsOf(group)).map(
    ({ name, summary, options }) => `| \`${name}\` | ${options.has(JSON_OPTION) ? "J" : ""} | ${summary} |\n`,
  );
  return `### ${group.title} (\`help ${group.keyword}\`)\n\n| command | | |\n|---|---|---|\n${rows.join("")}`;
}
