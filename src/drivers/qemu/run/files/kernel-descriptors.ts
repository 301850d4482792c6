/** Devices of the host's kernel that QEMU gets open, since it may not open them itself where it runs as somebody else. */
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import { firstDescriptor, type PlannedDescriptor } from "../../launch/plan.ts";
import { type HostFacts, mayUseVhost } from "../host/facts.ts";

export interface KernelDescriptors {
  readonly descriptors: readonly PlannedDescriptor[];
  /** Numbers of those for network cards, by alias. */
  readonly byAlias: ReadonlyMap<string, string>;
  /** Number of that for the guest's vsock. */
  readonly vsock: string | undefined;
}

/** What they depend on. */
export interface KernelOptions {
  /** What was found out about the host for this start. */
  readonly found: HostFacts;
  /** Makes the host's end of a network card, and gives its name; null for cards that need none. */
  readonly tapOf: (definition: Definition, alias: string) => string | undefined;
}

/** Plans them for a guest whose devices have their aliases. */
export function kernelDescriptors(definition: Definition, { found, tapOf }: KernelOptions): KernelDescriptors {
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
