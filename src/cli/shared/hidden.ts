/** Asking for what must not be seen. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CommandError } from "../error.ts";
import type { Shell } from "../shell.ts";

/** A line from the terminal, which does not show it. @throws {CommandError} without a terminal */
export async function readHidden(shell: Shell, prompt: string): Promise<string> {
  const { stdin, stdout } = shell.terminal;
  if (!stdin.isTTY) throw new CommandError("there is no terminal to read from");
  stdout.write(prompt);
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: mute, terminal: true });
  try {
    return await reader.question("");
  } finally {
    reader.close();
    stdout.write("\n");
  }
}
