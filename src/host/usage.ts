/** What a running process and its threads use of the host. */
import { closeSync, openSync, readSync } from "node:fs";
import { nanosecondsPerTick } from "./node/cpu-stats.ts";
import { parseStat } from "./proc.ts";

export interface ProcessUsage {
  /** Time on processors in ns, ended threads among it, to 10 ms. */
  readonly user: bigint;
  readonly system: bigint;
  /** Memory that is in RAM, in KiB. */
  readonly resident: bigint;
  /** The processor that it ran on last. */
  readonly lastCpu: number;
}

export interface ThreadUsage {
  /** Time on a processor in ns. */
  readonly run: bigint;
  /** Time in which it could run and got no processor, in ns; undefined where the kernel does not keep it. */
  readonly delay: bigint | undefined;
  /** The same as the scheduler's own statistics have it, where they are turned on. */
  readonly wait: bigint | undefined;
  readonly lastCpu: number;
}

/** Positions in /proc/PID/stat after the command's name. */
const field = { userTime: 11, systemTime: 12, lastCpu: 36 } as const;

/** Null when the process has ended. */
export async function processUsage(pid: number): Promise<ProcessUsage | null> {
  const [stat, status] = [readFields(`/proc/${pid}/stat`), readSmall(`/proc/${pid}/status`)];
  if (stat === null) return null;
  return {
    user: integer(stat[field.userTime]) * nanosecondsPerTick,
    system: integer(stat[field.systemTime]) * nanosecondsPerTick,
    resident: integer(/^VmRSS:\s*(\d+) kB$/m.exec(status ?? "")?.[1]),
    lastCpu: Number(stat[field.lastCpu] ?? 0),
  };
}

/** A thread of a process, such as a vCPU; null when it has ended. */
export async function threadUsage(pid: number, thread: number): Promise<ThreadUsage | null> {
  const folder = `/proc/${pid}/task/${thread}`;
  const [stat, schedule] = [readFields(`${folder}/stat`), readSmall(`${folder}/schedstat`)];
  if (stat === null) return null;
  const lastCpu = Number(stat[field.lastCpu] ?? 0);
  const [run, delay] = schedule === null ? [] : schedule.trim().split(" ");
  if (run !== undefined && delay !== undefined) {
    return { run: integer(run), delay: integer(delay), wait: waited(readSmall(`${folder}/sched`)), lastCpu };
  }
  const ticks = integer(stat[field.userTime]) + integer(stat[field.systemTime]);
  return { run: ticks * nanosecondsPerTick, delay: undefined, wait: undefined, lastCpu };
}

/** From a line like `se.statistics.wait_sum   :   12.345678`, in ms. */
function waited(statistics: string | null): bigint | undefined {
  const [, whole, rest = ""] = /\bwait_sum\s*:\s*(\d{1,14})(?:\.(\d{1,6}))?\s*$/m.exec(statistics ?? "") ?? [];
  return whole === undefined ? undefined : BigInt(whole + rest.padEnd(6, "0"));
}

function integer(text: string | undefined): bigint {
  return /^\d{1,20}$/.test(text ?? "") ? BigInt(text as string) : 0n;
}

function readFields(path: string): readonly string[] | null {
  const text = readSmall(path);
  return text === null ? null : parseStat(text);
}

/**
 * Statistics of many guests are read at once. These files are small, and the kernel makes them on the spot: reading one
 * takes 15 us, while handing it to another thread and back takes ten times as long.
 */
function readSmall(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return null;
  }
  try {
    return buffer.toString("utf8", 0, readSync(file, buffer, 0, buffer.length, 0));
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

const buffer = Buffer.allocUnsafeSlow(4096);
