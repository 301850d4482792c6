/** Sizes of memory modules that a machine can take. */
import type { ParsedDomain } from "../../../model/domain/index.ts";
import type { DefinitionContext } from "./context.ts";
import { isPpc64 } from "./machine.ts";
import { unsupported } from "./refuse.ts";

/** KiB. */
const ppcBlock = 256n * 1024n;

/**
 * POWER takes memory in blocks of 256 MiB. What a persistent module has beyond a whole number of them is cut off, since
 * more would not fit into the host's file; its label does not count. Guests that exist keep their size.
 */
export function alignMemoryModules(domain: ParsedDomain, { abiUpdate }: DefinitionContext): void {
  if (abiUpdate !== true || !isPpc64(domain)) return;
  for (const { model, target } of domain.devices.memories) {
    if (model !== "nvdimm") continue;
    const label = target.label?.size ?? 0n;
    const blocks = (target.size - label) / ppcBlock;
    if (blocks === 0n) unsupported("minimum target size for the NVDIMM must be 256MB plus the label size");
    target.size = label + blocks * ppcBlock;
  }
}
