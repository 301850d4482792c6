/** On which of the host's processors a thread may run. */
import { readFile } from "node:fs/promises";
import type { ErrorDomainName } from "../errors.ts";
import { parseNumberList } from "./node/file-tree.ts";
import { runProgram } from "./program.ts";

/** Null when the thread has ended. */
export async function affinityOf(pid: number, thread: number): Promise<readonly number[] | null> {
  const status = await readFile(`/proc/${pid}/task/${thread}/status`, "utf8").catch(() => null);
  if (status === null) return null;
  return parseNumberList(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "");
}

/** Node cannot set it; `taskset`, which is part of every Linux system (util-linux), can. */
export async function setAffinity(thread: number, cpus: readonly number[], domain: ErrorDomainName): Promise<void> {
  await runProgram("taskset", ["--pid", "--cpu-list", cpus.join(","), String(thread)], { domain });
}
