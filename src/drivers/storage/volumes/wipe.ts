/** Making what is in a volume unreadable. */
import { open, stat } from "node:fs/promises";
import { systemError } from "../../../errors.ts";
import { runTool } from "../../../host/tool.ts";
import { StorageVolWipeAlgorithm } from "../../../protocol/index.ts";
import { failure } from "../failure.ts";
import { truncateFile, writeZeros } from "./raw-file.ts";

const { ZERO, TRIM } = StorageVolWipeAlgorithm;

/** scrub(1)'s names of the patterns. */
const patterns: ReadonlyMap<number, string> = new Map(
  Object.entries(StorageVolWipeAlgorithm)
    .filter(([, algorithm]) => algorithm !== ZERO && algorithm !== TRIM)
    .map(([name, algorithm]) => [algorithm, name.toLowerCase()]),
);

/** Refuses an algorithm that there is not. */
export function checkAlgorithm(algorithm: number): void {
  if (algorithm === ZERO || patterns.has(algorithm)) return;
  if (algorithm === TRIM) throw failure("ARGUMENT_UNSUPPORTED", "'trim' algorithm not supported");
  throw failure("INVALID_ARG", `wiping algorithm ${algorithm} not supported`);
}

/** Overwrites a file with a pattern. */
export async function wipeFile(path: string, algorithm: number, signal: AbortSignal): Promise<void> {
  const pattern = patterns.get(algorithm);
  if (pattern === undefined) return zeroFile(path, signal);
  await runTool("scrub", ["-f", "-p", pattern, path], { domain: "STORAGE", signal });
}

async function zeroFile(path: string, signal: AbortSignal): Promise<void> {
  const { size, blocks } = await stat(path, { bigint: true }).catch((error) => {
    throw systemError("STORAGE", `failed to stat storage volume with path '${path}'`, error);
  });
  // What is sparse stays so: cut off and made longer again, it is all zeros.
  if (blocks * 512n < size) {
    await truncateFile(path, 0n);
    await truncateFile(path, size);
    return;
  }
  const file = await open(path, "r+");
  try {
    await writeZeros(file, path, 0n, size, signal);
    await file.datasync();
  } finally {
    await file.close();
  }
}
