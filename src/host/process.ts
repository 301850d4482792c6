/** Processes that outlive the program that starts them: an emulator goes on running when the program ends. */
import { type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { type ErrorDomainName, LibvirtError, systemError } from "../errors.ts";
import { isRunning, type ProcessId, processId } from "./proc.ts";

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it appends its standard output and error, an absolute path. */
  readonly log: string;
  /** Our descriptors that it inherits, from its descriptor 3 on, in this order. */
  readonly descriptors?: readonly number[];
  /** The user and group it runs as, when they are not our own. Supplementary groups are given up with them. */
  readonly identity?: { readonly uid: number; readonly gid: number };
  readonly domain: ErrorDomainName;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process started by {@link startDaemon}. */
export interface DaemonProcess {
  readonly id: ProcessId;
  /** Resolves when it has ended. Watching it does not keep our program from ending first. */
  readonly ended: Promise<ProcessEnd>;
  /** Waits until it has ended, and keeps our program there until then. */
  join(): Promise<ProcessEnd>;
  /** Reads what it has written to its log since it began, at most the last `limit` bytes. */
  logTail(limit?: number): Promise<string>;
}

/** Starts a process in a session of its own. It neither ends with us nor keeps us from ending. */
export async function startDaemon(options: DaemonOptions): Promise<DaemonProcess> {
  const { command, args, env, domain, identity } = options;
  const log = await open(options.log, "a", 0o600).catch((error) => {
    throw systemError(domain, `cannot open log '${options.log}'`, error);
  });
  try {
    const logStart = (await log.stat()).size;
    const stdio = ["ignore", log.fd, log.fd, ...(options.descriptors ?? [])] as StdioOptions;
    const child = spawn(command, args, { cwd: "/", detached: true, env, stdio, ...identity });
    const ended = new Promise<ProcessEnd>((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    await once(child, "spawn").catch((error) => {
      throw systemError(domain, `cannot execute '${command}'`, error);
    });
    child.unref();
    return {
      id: await identify(child.pid, domain),
      ended,
      join: () => {
        child.ref();
        return ended;
      },
      logTail: (limit) => readTail(options.log, logStart, limit),
    };
  } finally {
    await log.close();
  }
}

async function identify(pid: number | undefined, domain: ErrorDomainName): Promise<ProcessId> {
  if (pid === undefined) throw new LibvirtError("INTERNAL_ERROR", domain, "a started process has no number");
  // One that has already ended keeps its number; no start time matches 0, so it is never taken for another.
  return (await processId(pid)) ?? { pid, startTime: 0n };
}

/** The text of a file from `start` on, at most its last `limit` bytes. */
async function readTail(path: string, start: number, limit = 8 * 1024): Promise<string> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const from = Math.max(start, size - limit);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}

/** Sends a signal to this very process; false when it has ended, even if its number has been given away since. */
export async function signalProcess(id: ProcessId, signal: NodeJS.Signals): Promise<boolean> {
  if (id.pid <= 1 || !(await isRunning(id))) return false;
  try {
    return process.kill(id.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/**
 * Ends a process: SIGTERM, and SIGKILL when `ended` has not resolved within `patience` milliseconds. `ended` is what
 * tells its end: the process's own promise, or the end of a socket that it holds when it is not our child.
 */
export async function endProcess(id: ProcessId, ended: Promise<unknown>, patience: number): Promise<void> {
  if (!(await signalProcess(id, "SIGTERM"))) return;
  let timer: NodeJS.Timeout | undefined;
  const impatient = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, patience, "late");
  });
  const first = await Promise.race([ended, impatient]);
  clearTimeout(timer);
  if (first === "late" && (await signalProcess(id, "SIGKILL"))) await ended;
}
