/** Editing a text with the person's own editor. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../error.ts";
import { tokenize } from "../grammar/lexer.ts";
import type { Shell } from "../shell.ts";

/** More than any document has; an editor's file is read whole. */
const maxEdited = 16 * 1024 * 1024;

/** The text after a person has edited it. @throws {CommandError} when the editor fails */
export async function editText(shell: Shell, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-"));
  try {
    const file = join(folder, "tsvirt.xml");
    await writeFile(file, text, { mode: 0o600 });
    await runEditor(shell, file);
    if ((await stat(file)).size > maxEdited)
      throw new CommandError(`the edited text is longer than ${maxEdited} bytes`);
    return await readFile(file, "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `$VISUAL` or `$EDITOR` may hold arguments; they are split here, for no shell is used. */
function editorCommand(env: NodeJS.ProcessEnv): string[] {
  const command = env.VISUAL || env.EDITOR || "sensible-editor";
  const words: string[] = [];
  for (const token of tokenize(command, { lenient: true })) if (token.type === "word") words.push(token.text);
  return words;
}

async function runEditor(shell: Shell, file: string): Promise<void> {
  const [program, ...args] = editorCommand(shell.terminal.env);
  if (program === undefined) throw new CommandError("no editor is set: say which in $VISUAL or $EDITOR");
  const status = await new Promise<number | string>((resolve, reject) => {
    const child = spawn(program, [...args, file], { stdio: "inherit" });
    child.on("error", (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === "ENOENT" ? "it is not installed" : cause.message;
      reject(new CommandError(`cannot run the editor '${program}': ${reason}; $VISUAL or $EDITOR names another`));
    });
    child.on("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  if (status !== 0) throw new CommandError(`the editor '${program}' ended with status ${status}; nothing was changed`);
}
