/** How much memory and how many processors a guest has and may have, in its definition. */
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import type { Domain as Definition } from "../../model/domain/index.ts";

/** Memory in KiB: the most there can be, and what the guest has. */
export function memoryOf({ memory, currentMemory }: Definition): { maximum: bigint; current: bigint } {
  return { maximum: memory.value, current: currentMemory };
}

export function withCurrentMemory(definition: Definition, kib: bigint): Definition {
  return { ...definition, currentMemory: kib };
}

/** A smaller maximum takes the current amount down with it. */
export function withMaximumMemory(definition: Definition, kib: bigint): Definition {
  const { memory, currentMemory } = definition;
  return { ...definition, memory: { ...memory, value: kib }, currentMemory: currentMemory > kib ? kib : currentMemory };
}

/** Virtual processors: the most there can be, and how many there are. */
export function vcpusOf({ vcpu }: Definition): { maximum: number; current: number } {
  return { maximum: vcpu.value, current: vcpu.current ?? vcpu.value };
}

export function withVcpus(
  definition: Definition,
  { maximum, current }: { maximum: number; current: number },
): Definition {
  const { current: _, ...vcpu } = definition.vcpu;
  return { ...definition, vcpu: { ...vcpu, value: maximum, ...(current < maximum && { current }) } };
}

/** The definition with a balloon that reports so often, 0 for never; OPERATION_INVALID without a balloon. */
export function withStatsPeriod(definition: Definition, period: number, domain: ErrorDomainName): Definition {
  const { memballoon } = definition.devices;
  if (!memballoon || memballoon.model === "none") {
    throw new LibvirtError(
      "OPERATION_INVALID",
      domain,
      "Memory balloon model must be virtio to set the collection period",
    );
  }
  const { stats: _, ...others } = memballoon;
  const changed = period === 0 ? others : { ...others, stats: { period } };
  return { ...definition, devices: { ...definition.devices, memballoon: changed } };
}
