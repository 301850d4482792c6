/** The command `help`. */
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { commandHelp, groupHelp, overview } from "../../help.ts";
import { text } from "../../option.ts";
import { commandNames, findCommand, findGroup, groups } from "../../table.ts";

export const help = command({
  name: "help",
  summary: "tell what commands there are",
  description: "Lists all commands, or those of one group,\nor explains one command.",
  options: {
    command: text("a command, or the keyword of a group", {
      complete: () => [...commandNames(), ...groups.map(({ keyword }) => keyword)],
    }),
  },
  offline: true,
  async run({ options, print }) {
    print(await helpOn(options.command));
  },
});

async function helpOn(topic: string | undefined): Promise<string> {
  if (topic === undefined) return overview();
  const group = findGroup(topic);
  if (group !== undefined) return groupHelp(group);
  const found = await findCommand(topic);
  if (found === undefined) throw new CommandError(`command or command group '${topic}' doesn't exist`);
  return commandHelp(found);
}
