/** Memory of domains: how much they have and may have. */
import { memoryOf, withCurrentMemory, withMaximumMemory, withStatsPeriod } from "../../../../driver/domain/amounts.ts";
import { impactFlags } from "../../../../driver/domain/impact.ts";
import { changeDefinition } from "../../../../driver/domain/kept/change.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import { DomainMemoryModFlags, type Domain as DomainRef } from "../../../../protocol/index.ts";
import type { QemuHost } from "../../host.ts";
import { balloon, setGuestStatsInterval } from "../../monitor/commands/memory.ts";
import { balloonPath, memoryStats } from "../../stats/balloon.ts";

type MemoryProcedures = "domainSetMemoryFlags" | "domainSetMemoryStatsPeriod" | "domainMemoryStats";

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", detail);
}

function invalid(detail: string): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "QEMU", detail);
}

function withMaximum(definition: Definition, kib: bigint, live: boolean): Definition {
  if (live) throw invalid("cannot resize the maximum memory on an active domain");
  if ((definition.cpu?.numa?.cells.length ?? 0) > 0) {
    throw invalid("initial memory size of a domain with NUMA nodes cannot be modified with this API");
  }
  return withMaximumMemory(definition, kib);
}

function withCurrent(definition: Definition, kib: bigint, live: boolean): Definition {
  if (kib > memoryOf(definition).maximum) throw invalidArg("cannot set memory higher than max memory");
  if (!live) return withCurrentMemory(definition, kib);
  if (balloonPath(definition) === null) {
    throw invalid("Unable to change memory of active domain without the balloon device and guest OS balloon driver");
  }
  // How far the guest follows, its balloon tells.
  return definition;
}

async function setMemory(host: QemuHost, dom: DomainRef, kib: bigint, flags: number): Promise<void> {
  if (kib === 0n) throw invalidArg("memory in virDomainSetMemoryFlags must not be zero");
  const maximum = (flags & DomainMemoryModFlags.MAXIMUM) !== 0;
  const change = maximum ? withMaximum : withCurrent;
  await changeDefinition(host, dom, "domainSetMemoryFlags", flags, {
    change: (definition, live) => change(definition, kib, live),
    apply: ({ monitor }) => balloon(monitor, kib * 1024n),
  });
}

export function memoryHandlers(host: QemuHost): Handlers<MemoryProcedures> {
  return {
    async domainSetMemoryFlags({ dom, memory, flags }) {
      checkFlags(flags, impactFlags | DomainMemoryModFlags.MAXIMUM, "domainSetMemoryFlags", "QEMU");
      await setMemory(host, dom, memory, flags);
    },
    async domainSetMemoryStatsPeriod({ dom, period, flags }) {
      checkFlags(flags, impactFlags, "domainSetMemoryStatsPeriod", "QEMU");
      if (period < 0) throw invalidArg("the period of memory statistics must not be negative");
      await changeDefinition(host, dom, "domainSetMemoryStatsPeriod", flags, {
        change: (definition) => withStatsPeriod(definition, period, "QEMU"),
        async apply({ monitor, definition }) {
          const path = balloonPath(definition);
          if (path !== null) await setGuestStatsInterval(monitor, path, period);
        },
      });
    },
    async domainMemoryStats({ dom, maxStats, flags }) {
      checkFlags(flags, 0, "domainMemoryStats", "QEMU");
      const stats = await memoryStats(host.finder.find(dom).running());
      return { stats: stats.slice(0, maxStats).map(([tag, val]) => ({ tag, val })) };
    },
  };
}
