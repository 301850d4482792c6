/** What /proc says of a process. */
import { readFile } from "node:fs/promises";

/** A process by more than its number, which the system gives away again: the number and when it began. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks between boot and the process's start; the same number with another start is another process. */
  readonly startTime: bigint;
}

/** The fields of /proc/PID/stat after the command's name, which may itself hold spaces and brackets. */
export function parseStat(text: string): readonly string[] {
  return text
    .slice(text.lastIndexOf(")") + 2)
    .trim()
    .split(" ");
}

const stateField = 0;
const startTimeField = 19;

async function stat(pid: number): Promise<readonly string[] | null> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return null;
  }
}

/** The identity of a running process; null when there is none with that number, or only its remains (a zombie). */
export async function processId(pid: number): Promise<ProcessId | null> {
  const fields = await stat(pid);
  const startTime = fields?.[startTimeField];
  if (!fields || startTime === undefined || fields[stateField] === "Z" || fields[stateField] === "X") return null;
  return { pid, startTime: BigInt(startTime) };
}

/** Whether this very process still runs. */
export async function isRunning(id: ProcessId): Promise<boolean> {
  const now = await processId(id.pid);
  return now !== null && now.startTime === id.startTime;
}

/** Whom a process runs as (its effective user and group); null when it has gone. */
export async function processIdentity({ pid }: ProcessId): Promise<{ uid: number; gid: number } | null> {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const uid = /^Uid:\t\d+\t(\d+)/m.exec(text)?.[1];
  const gid = /^Gid:\t\d+\t(\d+)/m.exec(text)?.[1];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}
