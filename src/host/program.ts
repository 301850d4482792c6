/** Programs of the system that do one thing and end, such as `ip`: no shell, bounded output, errors that say what failed. */
import { execFile } from "node:child_process";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";

export interface ProgramOptions {
  /** What it reads from its standard input; nothing unless given. */
  readonly input?: string;
  /** In milliseconds; it is ended when it takes longer. */
  readonly timeout?: number;
  /** The user and group it runs as, when they are not our own. */
  readonly identity?: { readonly uid: number; readonly gid: number };
  /** Its environment, when it is not our own. */
  readonly env?: NodeJS.ProcessEnv;
  readonly domain: ErrorDomainName;
  readonly signal?: AbortSignal;
}

const defaultTimeout = 30_000;
const maxOutput = 1024 * 1024;
/** How much of what a failing program says goes into the message. */
const maxComplaint = 1000;

interface Failure extends Error {
  readonly code?: string | number | null;
  readonly killed?: boolean;
}

/**
 * Runs a program to its end and gives its standard output.
 * @throws {LibvirtError} SYSTEM_ERROR when it cannot be started, INTERNAL_ERROR with its standard error when it fails
 */
export function runProgram(command: string, args: readonly string[], options: ProgramOptions): Promise<string> {
  const { input = "", timeout = defaultTimeout, signal, identity, env = process.env } = options;
  return new Promise((resolve, reject) => {
    const settings = {
      ...{ timeout, maxBuffer: maxOutput, env: { ...env, LC_ALL: "C" } },
      ...(identity && { uid: identity.uid, gid: identity.gid, cwd: "/" }),
      ...(signal && { signal }),
    };
    const child = execFile(command, [...args], settings, (failure, stdout, stderr) => {
      if (failure === null) resolve(stdout);
      else reject(complaint(failure, [command, ...args], stderr, options));
    });
    // A program that does not read what it is given says why on its own.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

function complaint(failure: Failure, words: readonly string[], stderr: string, options: ProgramOptions): LibvirtError {
  const what = words.join(" ");
  if (typeof failure.code === "string") {
    return systemError(options.domain, `cannot run '${what}'`, failure as NodeJS.ErrnoException);
  }
  const why = failure.killed === true ? "it did not end in time" : stderr.trim().slice(0, maxComplaint);
  return new LibvirtError("INTERNAL_ERROR", options.domain, `'${what}' failed: ${why || failure.message}`, {
    cause: failure,
  });
}
