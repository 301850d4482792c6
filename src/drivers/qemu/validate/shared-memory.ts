/** Whether a process beside QEMU can see the guest's memory. */
import type { Domain } from "../../../model/domain/index.ts";

/** The memory of all nodes is shared: vhost-user devices read and write it. */
export function sharesMemory({ memoryBacking, cpu }: Domain): boolean {
  const all = memoryBacking?.access === "shared";
  const cells = cpu?.numa?.cells ?? [];
  if (cells.length === 0) return all;
  return cells.every(({ memAccess }) => (memAccess === undefined ? all : memAccess === "shared"));
}
