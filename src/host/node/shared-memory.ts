/** How the kernel merges equal pages of memory (KSM). */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The numbers that the kernel has of it, in the order in which libvirt tells them. */
export const sharedMemoryNames = [
  "pages_to_scan",
  "sleep_millisecs",
  "pages_shared",
  "pages_sharing",
  "pages_unshared",
  "pages_volatile",
  "full_scans",
  "merge_across_nodes",
] as const;

export type SharedMemoryName = (typeof sharedMemoryNames)[number];

const folder = "/sys/kernel/mm/ksm";

/** Those that this kernel has. */
export async function readSharedMemory(): Promise<ReadonlyMap<SharedMemoryName, bigint>> {
  const found = new Map<SharedMemoryName, bigint>();
  for (const name of sharedMemoryNames) {
    const text = (await readFile(join(folder, name), "utf8").catch(() => "")).trim();
    if (/^\d{1,20}$/.test(text)) found.set(name, BigInt(text));
  }
  return found;
}

/** Sets one of them for the whole host. */
export function writeSharedMemory(name: SharedMemoryName, value: number): Promise<void> {
  return writeFile(join(folder, name), String(value));
}
