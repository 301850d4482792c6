/** Memory of domains: how much they have, how it is limited, what it seems to be used for. */
import { memoryOf, withCurrentMemory, withMaximumMemory, withStatsPeriod } from "../../../driver/domain/amounts.ts";
import { memoryLimitParams, memoryLimitTypes, withMemoryLimits } from "../../../driver/domain/memory-limits.ts";
import { checkFlags, zeroArgument } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { countedParams, takeParams, typedParamStrings } from "../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  DomainMemoryFlags,
  DomainMemoryModFlags,
  DomainMemoryStatTags,
  type Domain as DomainRef,
} from "../../../protocol/index.ts";
import type { Definition } from "../domain/definition.ts";
import { changeDefinition, definitionFor, impactFlags, impactOf } from "../domain/impact.ts";
import { currentDefinition, findActiveDomain, findDomain, type TestDomain } from "../domain/state.ts";
import type { TestNode } from "../state.ts";

type MemoryProcedures =
  | "domainGetMaxMemory"
  | "domainSetMemoryFlags"
  | "domainSetMemoryStatsPeriod"
  | "domainGetMemoryParameters"
  | "domainSetMemoryParameters"
  | "domainMemoryStats"
  | "domainMemoryPeek";

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "TEST", detail);
}

function setMemory(domain: TestDomain, kib: bigint, flags: number): void {
  if (kib === 0n) throw zeroArgument("memory", "virDomainSetMemoryFlags");
  if ((flags & DomainMemoryModFlags.MAXIMUM) !== 0) {
    if (impactOf(domain, flags).live) {
      throw new LibvirtError("OPERATION_INVALID", "TEST", "cannot resize the maximum memory on an active domain");
    }
    changeDefinition(domain, flags, (definition) => withMaximumMemory(definition, kib));
    return;
  }
  changeDefinition(domain, flags, (definition) => {
    if (kib > memoryOf(definition).maximum) throw invalidArg("cannot set memory higher than max memory");
    return withCurrentMemory(definition, kib);
  });
}

/** Statistics in KiB, made from what the guest has. */
function memoryStats(definition: Definition, maxStats: number) {
  const { current, maximum } = memoryOf(definition);
  const Tag = DomainMemoryStatTags;
  const stats: readonly (readonly [number, bigint])[] = [
    [Tag.ACTUAL_BALLOON, current],
    [Tag.SWAP_IN, 0n],
    [Tag.SWAP_OUT, 0n],
    [Tag.MAJOR_FAULT, 0n],
    [Tag.MINOR_FAULT, 0n],
    [Tag.UNUSED, current / 2n],
    [Tag.AVAILABLE, current < maximum ? current : maximum],
    [Tag.USABLE, current / 2n],
    [Tag.LAST_UPDATE, 627_319_920n],
    [Tag.DISK_CACHES, current / 8n],
    [Tag.HUGETLB_PGALLOC, 0n],
    [Tag.HUGETLB_PGFAIL, 0n],
    [Tag.RSS, current / 2n],
  ];
  return stats.slice(0, maxStats).map(([tag, val]) => ({ tag, val }));
}

export function domainMemoryHandlers(node: TestNode): Handlers<MemoryProcedures> {
  const find = (dom: DomainRef) => findDomain(node, dom);
  const modFlags = impactFlags | DomainMemoryModFlags.MAXIMUM;
  return {
    domainGetMaxMemory: ({ dom }) => ({ memory: memoryOf(currentDefinition(find(dom))).maximum }),
    domainSetMemoryFlags({ dom, memory, flags }) {
      checkFlags(flags, modFlags, "domainSetMemoryFlags", "TEST");
      setMemory(find(dom), memory, flags);
    },
    domainSetMemoryStatsPeriod({ dom, period, flags }) {
      checkFlags(flags, impactFlags, "domainSetMemoryStatsPeriod", "TEST");
      if (period < 0) throw invalidArg("the period of memory statistics must not be negative");
      changeDefinition(find(dom), flags, (definition) => withStatsPeriod(definition, period, "TEST"));
    },
    domainGetMemoryParameters({ dom, nparams, flags }) {
      checkFlags(flags, impactFlags | typedParamStrings, "domainGetMemoryParameters", "TEST");
      return countedParams(memoryLimitParams(definitionFor(find(dom), flags & impactFlags)), nparams);
    },
    domainSetMemoryParameters({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetMemoryParameters", "TEST");
      const given = takeParams(params, memoryLimitTypes, "TEST");
      changeDefinition(find(dom), flags, (definition) => withMemoryLimits(definition, given, "TEST"));
    },
    domainMemoryStats({ dom, maxStats, flags }) {
      checkFlags(flags, 0, "domainMemoryStats", "TEST");
      return { stats: memoryStats(findActiveDomain(node, dom).live, maxStats) };
    },
    domainMemoryPeek({ dom, offset, size, flags }) {
      const { VIRTUAL, PHYSICAL } = DomainMemoryFlags;
      if (flags !== VIRTUAL && flags !== PHYSICAL) {
        throw invalidArg("flags parameter must be VIR_MEMORY_VIRTUAL or VIR_MEMORY_PHYSICAL");
      }
      findActiveDomain(node, dom);
      return { buffer: Uint8Array.from({ length: size }, (_, at) => Number((offset + BigInt(at)) & 0xffn)) };
    },
  };
}
