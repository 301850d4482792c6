/** Devices of the host's kernel that QEMU gets open, since it may not open them itself where it runs as somebody else. */
import type { Domain as Definition } from "../../../model/domain/index.ts";
import { firstDescriptor, type PlannedDescriptor } from "../launch/plan.ts";
import { mayUseVhost } from "./host-facts.ts";
import type { PlanOptions } from "./plan.ts";

export interface KernelDescriptors {
  readonly descriptors: readonly PlannedDescriptor[];
  /** Numbers of those for network cards, by alias. */
  readonly byAlias: ReadonlyMap<string, string>;
  /** Number of that for the guest's vsock. */
  readonly vsock: string | undefined;
}

/** Plans them for a guest whose devices have their aliases. */
export function kernelDescriptors(
  definition: Definition,
  { found, tapOf }: Pick<PlanOptions, "found" | "tapOf">,
): KernelDescriptors {
  const descriptors: PlannedDescriptor[] = [];
  const byAlias = new Map<string, string>();
  const add = (path: string): string => {
    descriptors.push({ kind: "open", path });
    return String(firstDescriptor + descriptors.length - 1);
  };
  const { interfaces, vsock } = definition.devices;
  for (const card of interfaces) {
    const { alias } = card;
    // QEMU takes one descriptor for a tap device that it opens by name; for more queues it opens the server itself.
    const single = (card.driver?.queues ?? 1) <= 1;
    if (!found.vhostNet || !single || alias === undefined || !mayUseVhost(card)) continue;
    if (tapOf(definition, alias) !== undefined) byAlias.set(alias, add("/dev/vhost-net"));
  }
  return { vsock: vsock ? add("/dev/vhost-vsock") : undefined, byAlias, descriptors };
}
