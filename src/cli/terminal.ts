/** Where a shell reads and writes; the process's own streams, or a test's. */
import type { Readable, Writable } from "node:stream";

export interface Input extends Readable {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

export interface Output extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Terminal {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Environment variables. */
  readonly env: NodeJS.ProcessEnv;
}

export const processTerminal: Terminal = {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
};
