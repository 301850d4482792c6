/** virsh as a person uses it: one that stays, and is told line by line. It costs far less than one for each line. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import type { Lifetime } from "../../helpers/tsvirtd.ts";

const prompt = "virsh # ";

export class VirshSession {
  readonly #child: ChildProcessWithoutNullStreams;
  #printed = "";

  /** Opens a connection; it is closed with the test. */
  static async start(t: Lifetime, uri: string): Promise<VirshSession> {
    const session = new VirshSession(uri);
    t.after(() => session.#child.kill());
    await session.#answer();
    return session;
  }

  private constructor(uri: string) {
    const env = { PATH: process.env.PATH, HOME: tmpdir(), LC_ALL: "C.UTF-8" };
    // What it complains of comes where it was printed.
    this.#child = spawn("sh", ["-c", 'exec virsh -c "$1" 2>&1', "sh", uri], { env });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#printed += text;
    });
  }

  /** Types a line; gives what virsh prints until it waits for the next one. */
  async run(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`);
    const text = await this.#answer();
    // It says the line again.
    return text.startsWith(`${line}\n`) ? text.slice(line.length + 1) : text;
  }

  async #answer(): Promise<string> {
    while (!this.#printed.endsWith(prompt)) {
      await once(this.#child.stdout, "data", { signal: AbortSignal.timeout(180_000) });
    }
    const text = this.#printed.slice(0, -prompt.length);
    this.#printed = "";
    return text;
  }
}
