/** Runs command lines through tsvirt (in this process) and through the real virsh, to compare them. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { type Application, type Opener, shellApplication } from "./application.ts";
import { main } from "./main.ts";
import type { Terminal } from "./terminal.ts";

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

interface RunOptions {
  /** Standard input; the default is an empty one. */
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly open?: Opener;
  /** The program of the shell; tsvirt. */
  readonly application?: Application;
}

class Capture extends Writable {
  text = "";
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs tsvirt with these arguments. */
export async function tsvirt(
  argv: readonly string[],
  { stdin = "", env = {}, open, application = shellApplication }: RunOptions = {},
): Promise<Outcome> {
  const stdout = new Capture();
  const stderr = new Capture();
  const terminal: Terminal = { stdin: Readable.from(stdin === "" ? [] : [stdin]), stdout, stderr, env };
  const code = await main(argv, terminal, { ...application, ...(open && { open }) });
  return { stdout: stdout.text, stderr: stderr.text, code };
}

/**
 * Runs virsh with these arguments. Once in a while it waits forever for work that is done already (save, restore), so
 * a run that takes too long is run again.
 */
export async function virsh(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  for (let left = 5; ; left -= 1) {
    try {
      return await runVirsh(argv, options);
    } catch (error) {
      if (left === 0 || !(error as { killed?: boolean }).killed) throw error;
    }
  }
}

/** virsh keeps its history at home. */
const home = mkdtempSync(join(tmpdir(), "tsvirt-virsh-"));
process.once("exit", () => rmSync(home, { recursive: true, force: true }));

function runVirsh(argv: readonly string[], { stdin = "", env = {} }: RunOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      "virsh",
      [...argv],
      { env: { PATH: process.env.PATH, HOME: home, LC_ALL: "C.UTF-8", ...env }, timeout: 10_000 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== "number") reject(error);
        else resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code) });
      },
    );
    // A virsh that asks for nothing may have ended before.
    child.stdin?.on("error", () => {}).end(stdin);
  });
}

/** The reason to skip comparisons, or false when there is a virsh whose output is the one described here. */
export async function virshMissing(): Promise<string | false> {
  try {
    const { stdout } = await virsh(["--version"]);
    return stdout.startsWith("9.0.") ? false : `virsh is ${stdout.trim()}, comparisons are with 9.0`;
  } catch {
    return "virsh is not installed";
  }
}
