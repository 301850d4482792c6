/** Disks of files that a client has lent: QEMU inherits them as sets, and opens a set in place of a path. */
import { backingStoresOf, type Domain as Definition, type Storage } from "../../../../model/domain/index.ts";
import type { BorrowedFiles, LentFiles } from "../../domain/lent-files.ts";
import type { FdSet } from "../../launch/devices/context.ts";
import type { PlannedDescriptor } from "../../launch/plan.ts";

/** The files that a definition's disks need; {@link BorrowedFiles.release} gives them back. */
export function borrowFor(lent: LentFiles, uuid: string, definition: Definition): BorrowedFiles {
  return lent.borrow(uuid, groupsOf(definition));
}

function* groupsOf({ devices }: Definition): Generator<string> {
  for (const disk of devices.disks) {
    const { storage } = disk;
    yield* groupOf(storage);
    for (const below of backingStoresOf(disk)) yield* groupOf(below.storage);
  }
}

function* groupOf(storage: Storage | undefined): Generator<string> {
  const group = storage?.type === "file" ? storage.source?.fdgroup : undefined;
  if (group !== undefined) yield group;
}

export interface LentSets {
  readonly descriptors: readonly PlannedDescriptor[];
  readonly byGroup: ReadonlyMap<string, FdSet>;
}

/** The sets that QEMU gets: one for each group. */
export function lentSets(groups: BorrowedFiles["groups"]): LentSets {
  const descriptors: PlannedDescriptor[] = [];
  const byGroup = new Map<string, FdSet>();
  for (const [name, files] of groups) {
    const set = byGroup.size;
    byGroup.set(name, { set, descriptors: files.length });
    for (const descriptor of files) descriptors.push({ kind: "lent", descriptor, set });
  }
  return { descriptors, byGroup };
}
