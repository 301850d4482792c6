/** The command `help`. */
import { command } from "../../command.ts";
import type { CommandTable } from "../../command-set.ts";
import { CommandError } from "../../error.ts";
import { commandHelp, groupHelp, overview } from "../../help.ts";
import { text } from "../../option.ts";

export const help = command({
  name: "help",
  summary: "tell what commands there are",
  description: "Lists all commands, or those of one group,\nor explains one command.",
  options: {
    command: text("a command, or the keyword of a group", {
      complete: ({ table }) => [...table.names(), ...table.groups.map(({ keyword }) => keyword)],
    }),
  },
  offline: true,
  async run({ options, print, shell }) {
    print(await helpOn(options.command, shell.application.table));
  },
});

async function helpOn(topic: string | undefined, table: CommandTable): Promise<string> {
  if (topic === undefined) return overview(table);
  const group = table.findGroup(topic);
  if (group !== undefined) return groupHelp(group);
  const found = await table.find(topic);
  if (found === undefined) throw new CommandError(`command or command group '${topic}' doesn't exist`);
  return commandHelp(found);
}
