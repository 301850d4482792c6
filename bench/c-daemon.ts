/** The C libvirtd beside ours: the same works, timed within its own client. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Figures, Work } from "./works.ts";

/** Python has to come from the system, for libvirt's module does. */
const python = "/usr/bin/python3";
const needed = [python, "/usr/sbin/libvirtd", "/usr/lib/python3/dist-packages/libvirt.py"];

/** Why there is no C daemon to compare with, or null. */
export function missing(): string | null {
  if (process.getuid?.() !== 0) return "a private libvirtd needs root";
  const lacking = needed.filter((path) => !existsSync(path));
  return lacking.length === 0 ? null : `not installed: ${lacking.join(", ")}`;
}

export class CDaemon {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error("the daemon's answers are not to be had");
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts the daemon with its whole state below `folder`, and waits until it answers. */
  static async start(folder: string): Promise<CDaemon> {
    const program = fileURLToPath(new URL("../../bench/c-daemon/daemon.py", import.meta.url));
    const daemon = new CDaemon(spawn(python, [program, folder], { stdio: ["pipe", "pipe", "inherit"] }));
    await daemon.#answer();
    return daemon;
  }

  async run(work: Work): Promise<Figures> {
    this.#child.stdin?.write(`${JSON.stringify(work)}\n`);
    return (await this.#answer()) as Figures;
  }

  /** Ends the daemon, and with its namespaces all that it started. */
  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin?.end();
    await gone;
  }

  async #answer(): Promise<unknown> {
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error("the C daemon has ended");
    const answer = JSON.parse(value) as { readonly error?: string };
    if (answer.error !== undefined) throw new Error(`the C daemon: ${answer.error}`);
    return answer;
  }
}
