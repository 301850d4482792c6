/** The size of the host's smallest pages. */
import { readFile } from "node:fs/promises";

let known: Promise<bigint> | undefined;

/** In KiB. */
export function pageSize(): Promise<bigint> {
  known ??= readFile("/proc/self/smaps", "utf8").then(
    (text) => BigInt(/^KernelPageSize:\s+(\d{1,9}) kB$/m.exec(text)?.[1] ?? 4),
    () => 4n,
  );
  return known;
}
