/** The `edit` commands: fetch XML, let a person edit it, define it, and offer to try again. */
import { createInterface } from "node:readline/promises";
import { CommandError } from "../error.ts";
import type { Shell } from "../shell.ts";
import { editText } from "./edit.ts";

export interface Editing {
  readonly shell: Shell;
  /** The XML as it is now. */
  fetch(): Promise<string>;
  /** Stores the new XML. `relaxed` asks for fewer checks than the first try. */
  store(xml: string, relaxed: boolean): Promise<void>;
  /** Printed when nothing was changed. */
  readonly unchanged: string;
  /** Printed when the new XML is stored. */
  edited(): string;
  /** Whether storing with fewer checks can help. */
  readonly canRelax?: boolean;
}

/** Edits until the XML is stored, unchanged, or given up. @throws {CommandError} */
export async function editObject(editing: Editing): Promise<void> {
  const { shell } = editing;
  const original = await editing.fetch();
  let text = await editText(shell, original);
  for (;;) {
    if (text === original) {
      shell.notice(editing.unchanged);
      return;
    }
    const outcome = await tryToStore(editing, original, text);
    if (outcome === "stored") {
      shell.notice(editing.edited());
      return;
    }
    if (outcome === "again") text = await editText(shell, text);
  }
}

async function tryToStore(editing: Editing, original: string, text: string): Promise<"stored" | "again"> {
  try {
    // Somebody else may have changed it meanwhile.
    if ((await editing.fetch()) !== original) {
      throw new CommandError("The XML configuration was changed by another user.");
    }
    await editing.store(text, false);
    return "stored";
  } catch (error) {
    return handleFailure(editing, text, error);
  }
}

async function handleFailure(editing: Editing, text: string, error: unknown): Promise<"stored" | "again"> {
  editing.shell.complain(error);
  for (;;) {
    const answer = await ask(editing.shell, editing.canRelax ?? false);
    if (answer === "y") return "again";
    if (answer === "n") throw new CommandError([]);
    try {
      if (answer === "f" || answer === "i") {
        await editing.store(text, answer === "i");
        return "stored";
      }
    } catch (again) {
      editing.shell.complain(again);
    }
  }
}

/** What to do after a failure: y to edit again, n to give up, f to store anyway, i to store with fewer checks. */
async function ask(shell: Shell, canRelax: boolean): Promise<string> {
  const { stdin, stdout, stderr } = shell.terminal;
  // Without a person to ask, nothing is changed.
  if (!stdin.isTTY) return "n";
  const choices = canRelax ? "[y,n,i,f,?]" : "[y,n,f,?]";
  const reader = createInterface({ input: stdin, output: stderr, terminal: true });
  try {
    const answer = (await reader.question(`Failed. Try again? ${choices}: `)).trim().toLowerCase();
    if (answer === "?") stdout.write(explanation(canRelax));
    return answer;
  } finally {
    reader.close();
  }
}

function explanation(canRelax: boolean): string {
  return [
    "y - edit it again",
    "n - give up, and change nothing",
    ...(canRelax ? ["i - store it without checking it against its schema"] : []),
    "f - store it, whatever happened meanwhile",
    "? - this help",
  ]
    .map((line) => `${line}\n`)
    .join("");
}
