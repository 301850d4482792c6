/**
 * Programs of the system that work as long as the work takes, such as qemu-img: they end with whoever gave up on them,
 * and what they complain of is the error.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";

/** Where programs for administrators are, which the PATH of others may lack. */
const administration = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

/** How much of what a program complains of goes into the message, in characters. */
const maxComplaint = 8 * 1024;
/** How much a program may say, in bytes. */
const maxOutput = 64 * 1024 * 1024;

export interface ToolOptions {
  readonly domain: ErrorDomainName;
  /** Ends the program when it fires: the promise is rejected with OPERATION_ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which it is ended: OPERATION_TIMEOUT. */
  readonly timeout?: number | undefined;
  /** The error that a failure of this program means; by default it says what the program complained of. */
  readonly failure?: (failure: ToolFailure) => LibvirtError;
  /** What it writes to its standard error when it has failed although its exit status is 0. */
  readonly complains?: RegExp;
}

/** How a program failed. */
export interface ToolFailure {
  readonly words: readonly string[];
  /** `exit status 1`, `fatal signal SIGSEGV` */
  readonly end: string;
  /** What it wrote to its standard error, its beginning when that is long. */
  readonly complaint: string;
}

/** Where a program is; SYSTEM_ERROR (ENOENT) when it is not installed. */
export async function findProgram(name: string, domain: ErrorDomainName): Promise<string> {
  const path = await whereIs(name);
  if (path !== null) return path;
  const cause = Object.assign(new Error(), { code: "ENOENT", errno: -2 });
  throw systemError(domain, `Cannot find '${name}' in path`, cause);
}

/** Where a program is; null when it is not installed. */
export async function whereIs(name: string): Promise<string | null> {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  for (const folder of new Set([...folders, ...administration])) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}

/**
 * Runs a program to its end and gives its standard output.
 * @param command its name, looked for where programs are
 * @throws {LibvirtError} INTERNAL_ERROR with what it complained of when it fails
 */
export async function runTool(command: string, args: readonly string[], options: ToolOptions): Promise<string> {
  const path = await findProgram(command, options.domain);
  const { signal, domain, timeout, failure = plainFailure(domain) } = options;
  const gaveUp = () => new LibvirtError("OPERATION_ABORTED", domain, `${command}: the caller gave up`);
  if (signal?.aborted) throw gaveUp();
  const child = spawn(path, [...args], { env: { ...process.env, LC_ALL: "C" }, stdio: ["ignore", "pipe", "pipe"] });
  const onAbort = () => void child.kill("SIGKILL");
  signal?.addEventListener("abort", onAbort, { once: true });
  let late = false;
  const onLate = () => {
    late = true;
    child.kill("SIGKILL");
  };
  const timer = timeout === undefined ? undefined : setTimeout(onLate, timeout);
  try {
    const { output, complaint, end } = await outcome(child, [path, ...args], domain);
    const failed = end ?? (options.complains?.test(complaint) === true ? "exit status 0" : null);
    if (failed === null) return output;
    if (signal?.aborted) throw gaveUp();
    if (late) throw new LibvirtError("OPERATION_TIMEOUT", domain, `${command} did not end in ${timeout} ms`);
    throw failure({ words: [path, ...args], end: failed, complaint });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

const plainFailure =
  (domain: ErrorDomainName) =>
  ({ words, end, complaint }: ToolFailure) =>
    new LibvirtError("INTERNAL_ERROR", domain, `Child process (${words.join(" ")}) unexpected ${end}: ${complaint}`);

interface Outcome {
  readonly output: string;
  readonly complaint: string;
  /** How it failed; null when it did not. */
  readonly end: string | null;
}

function outcome(child: ChildProcess, words: readonly string[], domain: ErrorDomainName): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    let size = 0;
    let complaint = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxOutput) child.kill("SIGKILL");
      else output.push(chunk);
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(0, maxComplaint);
    });
    child.on("error", (error) => reject(systemError(domain, `cannot run '${words.join(" ")}'`, error)));
    child.on("close", (code, signal) => {
      const end = code === 0 ? null : signal === null ? `exit status ${code}` : `fatal signal ${signal}`;
      resolve({ output: Buffer.concat(output).toString("utf8"), complaint, end });
    });
  });
}
