/** Slots of memory modules. */
import type { MemoryDevice, ParsedDomain } from "../../../model/domain/index.ts";
import { refuse, unsupported } from "../definition/refuse.ts";

const isModule = ({ model }: MemoryDevice): boolean => model === "dimm" || model === "nvdimm";

export function assignMemorySlots({ maxMemory, devices }: ParsedDomain): void {
  const slots = maxMemory?.slots ?? 0;
  const modules = devices.memories.filter(isModule);
  if (slots === 0 || modules.length === 0) return;
  const taken = new Set<number>();
  for (const { address } of modules) {
    if (address?.type !== "dimm") continue;
    if (address.slot >= slots) unsupported(`memory device slot '${address.slot}' exceeds slots count '${slots}'`);
    if (taken.has(address.slot))
      unsupported(`memory device slot '${address.slot}' is already being used by another memory device`);
    taken.add(address.slot);
  }
  for (const module of modules) {
    if (module.address !== undefined) continue;
    let slot = 0;
    while (taken.has(slot)) slot++;
    if (slot >= slots) refuse("INTERNAL_ERROR", "failed to find an empty memory slot");
    taken.add(slot);
    module.address = { type: "dimm", slot };
  }
}
