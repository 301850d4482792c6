/** Procedures about memory of domains. */
import { savingDomain } from "./acl.ts";
import {
  DOMAIN_MEMORY_PARAMETERS_MAX,
  DOMAIN_MEMORY_PEEK_BUFFER_MAX,
  DOMAIN_MEMORY_STATS_MAX,
  DOMAIN_NUMA_PARAMETERS_MAX,
} from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { domain, typedParameter } from "./shapes.ts";
import { array, int, type Of, opaque, struct, type Type, uhyper, uint } from "./xdr/index.ts";

const memoryStatShape = struct({ tag: int, val: uhyper });
/** One memory statistic. `tag` is a `DomainMemoryStatTags`. */
export interface MemoryStat extends Of<typeof memoryStatShape> {}
const memoryStat: Type<MemoryStat> = memoryStatShape;

/** Memory of domains. */
export const domainMemoryProcedures = remote("domain", {
  domainGetMaxMemory: procedure(17, {
    args: { dom: domain },
    result: { memory: uhyper },
    cFunction: "virDomainGetMaxMemory",
    since: "0.0.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["domain:read"],
  }),

  domainSetMaxMemory: procedure(30, {
    args: { dom: domain, memory: uhyper },
    cFunction: "virDomainSetMaxMemory",
    since: "0.0.3",
    readOnly: "denied",
    priority: "high",
    acl: ["domain:write"],
  }),

  domainSetMemory: procedure(31, {
    args: { dom: domain, memory: uhyper },
    cFunction: "virDomainSetMemory",
    since: "0.1.1",
    readOnly: "denied",
    acl: ["domain:write"],
  }),

  domainMemoryPeek: procedure(104, {
    args: { dom: domain, offset: uhyper, size: uint, flags: uint },
    result: { buffer: opaque(DOMAIN_MEMORY_PEEK_BUFFER_MAX) },
    cFunction: "virDomainMemoryPeek",
    since: "0.4.2",
    readOnly: "denied",
    acl: ["domain:mem_read"],
  }),

  domainMemoryStats: procedure(159, {
    args: { dom: domain, maxStats: uint, flags: uint },
    result: { stats: array(memoryStat, DOMAIN_MEMORY_STATS_MAX) },
    cFunction: "virDomainMemoryStats",
    since: "0.7.5",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainSetMemoryParameters: procedure(197, {
    args: { dom: domain, params: array(typedParameter, DOMAIN_MEMORY_PARAMETERS_MAX), flags: uint },
    cFunction: "virDomainSetMemoryParameters",
    since: "0.8.5",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainGetMemoryParameters: procedure(198, {
    args: { dom: domain, nparams: int, flags: uint },
    result: { params: array(typedParameter, DOMAIN_MEMORY_PARAMETERS_MAX), nparams: int },
    cFunction: "virDomainGetMemoryParameters",
    since: "0.8.5",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainSetMemoryFlags: procedure(204, {
    args: { dom: domain, memory: uhyper, flags: uint },
    cFunction: "virDomainSetMemoryFlags",
    since: "0.9.0",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainSetNumaParameters: procedure(254, {
    args: { dom: domain, params: array(typedParameter, DOMAIN_NUMA_PARAMETERS_MAX), flags: uint },
    cFunction: "virDomainSetNumaParameters",
    since: "0.9.9",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainGetNumaParameters: procedure(255, {
    args: { dom: domain, nparams: int, flags: uint },
    result: { params: array(typedParameter, DOMAIN_NUMA_PARAMETERS_MAX), nparams: int },
    cFunction: "virDomainGetNumaParameters",
    since: "0.9.9",
    readOnly: "allowed",
    acl: ["domain:read"],
  }),

  domainSetMemoryStatsPeriod: procedure(308, {
    args: { dom: domain, period: int, flags: uint },
    cFunction: "virDomainSetMemoryStatsPeriod",
    since: "1.1.1",
    readOnly: "denied",
    acl: ["domain:write", ...savingDomain],
  }),

  domainStartDirtyRateCalc: procedure(427, {
    args: { dom: domain, seconds: int, flags: uint },
    cFunction: "virDomainStartDirtyRateCalc",
    since: "7.2.0",
    readOnly: "denied",
    acl: ["domain:write"],
  }),
});
