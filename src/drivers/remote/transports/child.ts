/** A child process whose standard input and output are the connection: ssh, or a program of the user's. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { Duplex, type Readable, type Writable } from "node:stream";
import { LibvirtError, systemError } from "../../../errors.ts";

/** How much of what the program says to standard error is kept, in bytes: its last words are the reason. */
const keptWords = 4096;

/** How long a program that was told to end may take, in milliseconds. */
const patience = 2_000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Starts a program and gives its pipes as one stream. When they end, the stream fails with what the program said to
 * standard error; when the stream is destroyed, the program is ended.
 * @throws {LibvirtError} SYSTEM_ERROR when the program cannot be started
 */
export async function connectCommand(command: readonly [string, ...string[]], signal?: AbortSignal): Promise<Duplex> {
  const [program, ...args] = command;
  signal?.throwIfAborted();
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => reject(systemError("RPC", `cannot execute binary ${program}`, error)));
  });
  return new ChildStream(child);
}

class ChildStream extends Duplex {
  readonly #child: Child;
  #words = "";
  #over = false;

  constructor(child: Child) {
    super({ allowHalfOpen: true });
    this.#child = child;
    const { stdin, stdout, stderr } = child;
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#words = (this.#words + text).slice(-keptWords);
    });
    stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
    // A program that has gone takes nothing more; why it went is told by its end.
    stdin.on("error", () => {});
    child.once("error", () => {});
    child.once("close", () => this.#ended());
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#over || this.#child.stdin.destroyed) done();
    else if (this.#child.stdin.write(chunk)) done();
    else this.#whenTaken(done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#over) {
      done(error);
      return;
    }
    const { stdin, stdout } = this.#child;
    this.#child.once("close", () => done(error));
    stdin.destroy();
    stdout.destroy();
    this.#child.kill();
    const force = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    force.unref();
    this.#child.once("exit", () => clearTimeout(force));
  }

  #whenTaken(done: () => void): void {
    const { stdin } = this.#child;
    const go = () => {
      stdin.off("drain", go);
      stdin.off("close", go);
      done();
    };
    stdin.on("drain", go);
    stdin.on("close", go);
  }

  #ended(): void {
    this.#over = true;
    const words = this.#words.trim();
    if (words === "" || this.writableEnded || this.destroyed) this.push(null);
    else this.destroy(new LibvirtError("SYSTEM_ERROR", "RPC", `Cannot recv data: ${words}: Connection reset by peer`));
  }
}
