/** Changing how large a volume is. */
import { runTool } from "../../../host/tool.ts";
import { StorageVolResizeFlags } from "../../../protocol/index.ts";
import { failure } from "../failure.ts";
import { formatOf } from "../plan/qemu-img.ts";
import type { StoragePool } from "../pool.ts";
import { allocate, truncateFile } from "./raw-file.ts";
import type { FileVolume } from "./volume.ts";

const { ALLOCATE, DELTA, SHRINK } = StorageVolResizeFlags;

/** The capacity that a client asks for (virStorageVolResize), in bytes; what cannot be is refused. */
export function newCapacity({ definition }: FileVolume, pool: StoragePool, given: bigint, flags: number): bigint {
  const { capacity: before, allocation } = definition;
  const has = (flag: number) => (flags & flag) !== 0;
  // Never below nothing: a volume can be asked to shrink by more than it has.
  const less = before > given ? before - given : 0n;
  const capacity = !has(DELTA) ? given : has(SHRINK) ? less : before + given;
  if (capacity < allocation) {
    throw failure("INVALID_ARG", "can't shrink capacity below existing allocation");
  }
  if (capacity < before && !has(SHRINK)) {
    throw failure(
      "INVALID_ARG",
      "Can't shrink capacity below current capacity unless shrink flag explicitly specified",
    );
  }
  if (has(ALLOCATE) && capacity > allocation && capacity - allocation > pool.definition.available) {
    throw failure("OPERATION_FAILED", "Not enough space left in storage pool");
  }
  return capacity;
}

/** Makes a volume's image as large as that. */
export async function resizeImage(
  { path, definition }: FileVolume,
  capacity: bigint,
  flags: number,
  signal: AbortSignal,
): Promise<void> {
  const preallocate = (flags & ALLOCATE) !== 0;
  const format = formatOf(definition);
  if (format === "raw") {
    await truncateFile(path, capacity);
    if (preallocate && capacity > 0n) await allocate(path, 0n, capacity, signal);
    return;
  }
  if (format === "luks" || definition.target.encryption !== undefined) {
    throw failure("NO_SUPPORT", "resizing an encrypted volume is not supported");
  }
  if (preallocate) throw failure("OPERATION_UNSUPPORTED", "preallocate is only supported for raw type volume");
  const shrink = capacity < definition.capacity ? ["--shrink"] : [];
  await runTool("qemu-img", ["resize", ...shrink, path, `${capacity}`], { domain: "STORAGE", signal });
}
