/** The program `tsvirt`. */
import { type Application, shellApplication } from "./application.ts";
import { CommandError, errorLines } from "./error.ts";
import { tokenize, wordsOf } from "./grammar/lexer.ts";
import { type Invocation, parseInvocation } from "./invocation.ts";
import type { Settings } from "./settings.ts";
import { Shell } from "./shell.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** Runs the program. @returns its exit code */
export async function main(
  argv: readonly string[] = process.argv.slice(2),
  terminal: Terminal = processTerminal,
  application = shellApplication,
): Promise<number> {
  try {
    const invocation = parseInvocation(argv, terminal.env, application);
    if (invocation.kind === "shell") return await runShell(invocation, terminal, application);
    terminal.stdout.write(await answer(invocation, application));
    return 0;
  } catch (error) {
    for (const line of errorLines(error)) terminal.stderr.write(`error: ${line}\n`);
    return 1;
  }
}

async function answer(invocation: Exclude<Invocation, { kind: "shell" }>, application: Application): Promise<string> {
  if (invocation.kind === "help") {
    const { programHelp } = await import("./help.ts");
    return programHelp(application);
  }
  const { packageVersion } = await import("../host/package-version.ts");
  if (!invocation.long) return `${packageVersion()}\n`;
  const { longVersion } = await import("./long-version.ts");
  return longVersion(application.name, packageVersion());
}

async function runShell(
  { settings, words, remarks }: Extract<Invocation, { kind: "shell" }>,
  terminal: Terminal,
  application: Application,
): Promise<number> {
  const shell = createShell(terminal, settings, application);
  try {
    for (const remark of remarks) shell.complain(remark);
    return (await runWords(shell, words)) ? 0 : 1;
  } finally {
    await shell.close();
  }
}

function createShell(terminal: Terminal, settings: Settings, application: Application): Shell {
  try {
    return new Shell(terminal, settings, application);
  } catch {
    // Only the log file is opened there; the words are virsh's.
    throw new CommandError("failed to open the log file. check the log file path");
  }
}

/** No word: a session. One word: a command string. Several: one command, split by the system's shell. */
async function runWords(shell: Shell, words: readonly string[]): Promise<boolean> {
  const [first, ...rest] = words;
  if (first === undefined) {
    const { runInteractively } = await import("./interactive.ts");
    // A connection asked for by name must come about.
    if (shell.settings.uri !== undefined) await shell.connection();
    await runInteractively(shell);
    return true;
  }
  if (rest.length > 0) return shell.run(wordsOf(words));
  return first !== "" && shell.run(tokenize(first));
}
