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

/**
 * Node cannot set it; `taskset`, which is part of every Linux system (util-linux), can.
 * @param options.allThreads it is a process, all of whose threads are meant
 */
export async function setAffinity(
  thread: number,
  cpus: readonly number[],
  domain: ErrorDomainName,
  { allThreads = false }: { readonly allThreads?: boolean } = {},
): Promise<void> {
  const all = allThreads ? ["--all-tasks"] : [];
  await runProgram("taskset", [...all, "--pid", "--cpu-list", cpus.join(","), String(thread)], { domain });
}
