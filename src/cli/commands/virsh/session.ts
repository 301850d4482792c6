/** Commands on the shell session itself. */
import { homedir } from "node:os";
import { systemReason } from "../../../errors.ts";
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { flag, text } from "../../option.ts";

export const cd = command({
  name: "cd",
  summary: "move to another directory",
  description: "Makes another directory the current one, for this session.",
  options: {
    dir: text("where to go; your home directory when left out", { complete: () => [] }),
  },
  offline: true,
  run({ options, shell }) {
    if (!shell.interactive) throw new CommandError("cd: command valid only in interactive mode");
    const folder = options.dir ?? homedir();
    try {
      process.chdir(folder);
    } catch (error) {
      throw new CommandError(`cd: ${systemReason(error)}: ${folder}`);
    }
  },
});

export const pwd = command({
  name: "pwd",
  summary: "show the current directory",
  description: "Shows the directory that relative file names start from.",
  offline: true,
  query: () => ({ directory: process.cwd() }),
  print: ({ directory }) => `${directory}\n`,
});

const leave = { offline: true, summary: "leave this session" } as const;

export const quit = command({
  ...leave,
  name: "quit",
  run({ shell }) {
    shell.finished = true;
  },
});

export const exit = command({
  ...leave,
  name: "exit",
  run({ shell }) {
    shell.finished = true;
  },
});

export const connect = command({
  name: "connect",
  summary: "connect (anew) to a hypervisor",
  description:
    "Opens a connection in place of the present one.\nWhen a session starts, it does so by itself at the first need.",
  options: {
    name: text("URI of the hypervisor", { empty: true }),
    readonly: flag("open it for reading only"),
  },
  offline: true,
  async run({ options, shell }) {
    await shell.reconnect(options.name, options.readonly);
  },
});
