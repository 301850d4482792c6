/** The interactive session: at a terminal with line editing, else line by line from standard input. */
import { createInterface, type Interface } from "node:readline";
import { completeLine, quoteCandidate } from "./completion.ts";
import { tokenize } from "./grammar/lexer.ts";
import { History } from "./history.ts";
import type { Shell } from "./shell.ts";

/** Reads and runs commands until `quit` or the end of the input. */
export async function runInteractively(shell: Shell): Promise<void> {
  shell.interactive = true;
  const { name, title } = shell.application;
  shell.notice(`Welcome to ${name}, ${title}.\n\nType:  'help' for help with commands\n       'quit' to quit\n\n`);
  if (shell.terminal.stdin.isTTY && shell.terminal.stdout.isTTY) await new LineSession(shell).run();
  else await runScript(shell);
}

/** Read-only sessions are recognized by their prompt. */
function promptOf(shell: Shell): string {
  return `${shell.application.name} ${shell.readonly ? ">" : "#"} `;
}

/** Commands from a pipe or file: the prompt and the line are echoed, so that the output reads like a session. */
async function runScript(shell: Shell): Promise<void> {
  const lines = createInterface({ input: shell.terminal.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  shell.terminal.stdout.write(promptOf(shell));
  for await (const line of lines) {
    shell.terminal.stdout.write(`${line}\n`);
    await shell.run(tokenize(line));
    if (shell.finished) break;
    shell.terminal.stdout.write(promptOf(shell));
  }
  lines.close();
  shell.terminal.stdout.write("\n");
}

/** Line editing, completion and history at a terminal. */
class LineSession {
  readonly #shell: Shell;
  readonly #history: History;
  readonly #lines: string[] = [];

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#history = new History(shell.application.name, shell.terminal.env);
  }

  async run(): Promise<void> {
    this.#lines.push(...(await this.#history.load()));
    try {
      while (!this.#shell.finished) {
        const line = await this.#readLine();
        if (line === undefined) break;
        await this.#runLine(line);
      }
    } finally {
      await this.#history.save(this.#lines).catch((error: Error) => this.#shell.complain(error.message));
    }
    this.#shell.terminal.stdout.write("\n");
  }

  async #runLine(line: string): Promise<void> {
    if (line.trim() === "") return;
    if (this.#lines.at(-1) !== line) this.#lines.push(line);
    await this.#shell.run(tokenize(line));
  }

  /**
   * One line, or undefined at the end of the input. The editor lives for one line only, so that a command (an editor,
   * a guest's console) has the terminal for itself.
   */
  #readLine(): Promise<string | undefined> {
    const { stdin, stdout } = this.#shell.terminal;
    const editor = createInterface({
      input: stdin,
      output: stdout,
      terminal: true,
      prompt: promptOf(this.#shell),
      history: this.#lines.slice(-Math.max(1, this.#history.size)).reverse(),
      historySize: Math.max(1, this.#history.size),
      completer: (line: string, done: CompleterCallback) => {
        void this.#complete(line).then((answer) => done(null, answer));
      },
    });
    return new Promise((resolve) => {
      editor.on("line", (line) => {
        resolve(line);
        editor.close();
      });
      editor.on("close", () => resolve(undefined));
      editor.on("SIGINT", () => clearLine(editor));
      editor.prompt();
    });
  }

  async #complete(line: string): Promise<[string[], string]> {
    const { candidates, start } = await completeLine(line, this.#shell.place);
    const typed = line.slice(start);
    const [only, ...others] = candidates.map((candidate) => quoteCandidate(candidate, typed));
    if (only === undefined || others.length > 0) return [only === undefined ? [] : [only, ...others], typed];
    // A word that is complete is closed, so that the next one can follow.
    const quote = /^["']/.exec(typed)?.[0] ?? "";
    return [[`${only}${quote} `], typed];
  }
}

type CompleterCallback = (error: Error | null, result?: [string[], string]) => void;

/** Ctrl-C at the prompt: forget what was typed. */
function clearLine(editor: Interface): void {
  editor.write(null, { ctrl: true, name: "e" });
  editor.write(null, { ctrl: true, name: "u" });
}
