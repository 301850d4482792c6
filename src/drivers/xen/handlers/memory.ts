/** Memory of domains: how much they have and may have. In KiB. */
import { memoryOf, withCurrentMemory, withMaximumMemory } from "../../../driver/domain/amounts.ts";
import { impactFlags } from "../../../driver/domain/impact.ts";
import { changeDefinition } from "../../../driver/domain/kept/change.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { LibvirtError } from "../../../errors.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import { DomainMemoryModFlags, DomainMemoryStatTags, type Domain as DomainRef } from "../../../protocol/index.ts";
import type { LiveDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

type MemoryProcedures = "domainSetMemoryFlags" | "domainMemoryStats";

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "XEN", detail);
}

function withCurrent(definition: Definition, kib: bigint): Definition {
  if (kib > memoryOf(definition).maximum) throw invalidArg("cannot set memory higher than max memory");
  return withCurrentMemory(definition, kib);
}

/** What the guest may have at most, which the hypervisor enforces, and what it is told of. */
async function applyMaximum({ roads }: XenHost, { id, definition }: LiveDomain, kib: bigint): Promise<void> {
  if (kib < memoryOf(definition).current) {
    throw new LibvirtError(
      "OPERATION_INVALID",
      "XEN",
      "the maximum cannot be below what the guest has: set that first",
    );
  }
  await roads.setMaxMemory(id, kib);
  await roads.store.write(`/local/domain/${id}/memory/static-max`, String(kib));
}

async function setMemory(host: XenHost, dom: DomainRef, kib: bigint, flags: number): Promise<void> {
  if (kib === 0n) throw invalidArg("memory in virDomainSetMemoryFlags must not be zero");
  const isMaximum = (flags & DomainMemoryModFlags.MAXIMUM) !== 0;
  await changeDefinition(host, dom, "domainSetMemoryFlags", flags, {
    change: (definition) => (isMaximum ? withMaximumMemory(definition, kib) : withCurrent(definition, kib)),
    apply: (live) => (isMaximum ? applyMaximum(host, live, kib) : host.roads.tools.setMemory(live.id, kib)),
  });
}

export function memoryHandlers(host: XenHost): Handlers<MemoryProcedures> {
  return {
    async domainSetMemoryFlags({ dom, memory, flags }) {
      checkFlags(flags, impactFlags | DomainMemoryModFlags.MAXIMUM, "domainSetMemoryFlags", "XEN");
      await setMemory(host, dom, memory, flags);
    },
    async domainMemoryStats({ dom, maxStats, flags }) {
      checkFlags(flags, 0, "domainMemoryStats", "XEN");
      const { id, definition } = (await host.finder.seek(dom)).running();
      const target = await host.roads.store.read(`/local/domain/${id}/memory/target`);
      const balloon = target !== null && /^\d{1,18}$/.test(target) ? BigInt(target) : memoryOf(definition).current;
      const { ACTUAL_BALLOON, AVAILABLE } = DomainMemoryStatTags;
      const stats = [
        { tag: ACTUAL_BALLOON, val: balloon },
        { tag: AVAILABLE, val: memoryOf(definition).maximum },
      ];
      return { stats: stats.slice(0, maxStats) };
    },
  };
}
