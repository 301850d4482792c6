/** Clients of a daemon in processes of their own, by libvirt's Python module or by ours. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export type Request =
  | { readonly work: "lookup"; readonly name: string; readonly count: number; readonly repeat: number }
  | {
      readonly work: "inFlight";
      readonly name: string;
      readonly count: number;
      readonly callers: number;
      readonly repeat: number;
    }
  | { readonly work: "list" | "connect"; readonly repeat: number }
  | { readonly work: "define"; readonly xml: string; readonly first: number; readonly count: number }
  | { readonly work: "hold" };

export class PythonClient {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  /** @param folder where our module lies; null for libvirt's */
  constructor(folder: string | null = null) {
    const program = fileURLToPath(new URL("../../../bench/wire/client.py", import.meta.url));
    this.#child = spawn("/usr/bin/python3", [program, ...(folder === null ? [] : ["tsvirt", folder])], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (this.#child.stdout === null) throw new Error("the client's answers are not to be had");
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** The seconds that each repetition took. */
  async run(uri: string, request: Request): Promise<number[]> {
    this.#child.stdin?.write(`${JSON.stringify({ uri, ...request })}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error("a client has ended");
    const answer = JSON.parse(value) as number[] | { readonly error: string };
    if (!Array.isArray(answer)) throw new Error(`a client of ${uri}: ${answer.error}`);
    return answer;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin?.end();
    await gone;
  }
}
