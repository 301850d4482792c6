/** Commands on the shell session itself. */
import { homedir } from "node:os";
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
      throw new CommandError(`cd: ${systemMessage(error)}: ${folder}`);
    }
  },
});

/** The system's own words for the usual reasons why a directory cannot be entered. */
function systemMessage(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const known: Record<string, string> = {
    ENOENT: "No such file or directory",
    ENOTDIR: "Not a directory",
    EACCES: "Permission denied",
    ELOOP: "Too many levels of symbolic links",
    ENAMETOOLONG: "File name too long",
  };
  return known[code] ?? (code || String(error));
}

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
