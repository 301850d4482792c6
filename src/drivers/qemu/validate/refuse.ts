/** Errors that checking a QEMU definition ends in. */
import { type CapabilityFlag, isCapabilityFlag } from "../capabilities/flags.ts";
import { refuse, unsupported } from "../definition/refuse.ts";
import type { ValidationContext } from "./context.ts";

export { malformed, refuse, unsupported } from "../definition/refuse.ts";

/** What libvirt reports under "internal error" although the document is to blame. */
export function broken(detail: string): never {
  return refuse("INTERNAL_ERROR", detail);
}

/** Refuses what needs an ability that the emulator does not have. */
export function need(flag: CapabilityFlag, { capabilities }: ValidationContext, detail: string): void {
  if (!capabilities.has(flag)) unsupported(detail);
}

/** Whether the emulator has the ability, where it is one we know. */
export function hasAny({ capabilities }: ValidationContext, ...flags: readonly CapabilityFlag[]): boolean {
  return flags.some((flag) => isCapabilityFlag(flag) && capabilities.has(flag));
}
