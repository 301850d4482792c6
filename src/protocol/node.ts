/** Procedures about the host. */
import {
  CPUMAP_MAX,
  NODE_CPU_STATS_MAX,
  NODE_MAX_CELLS,
  NODE_MEMORY_PARAMETERS_MAX,
  NODE_MEMORY_STATS_MAX,
  NODE_SEV_INFO_MAX,
  SECURITY_DOI_MAX,
  SECURITY_MODEL_MAX,
} from "./limits.ts";
import { procedure, remote } from "./procedure.ts";
import { typedParameter } from "./shapes.ts";
import { array, fixedText, int, type Of, opaque, string, struct, type Type, text, uhyper, uint } from "./xdr/index.ts";

const nodeCpuStatShape = struct({ field: string, value: uhyper });
/** One of the host's processor statistics. */
export interface NodeCpuStat extends Of<typeof nodeCpuStatShape> {}
const nodeCpuStat: Type<NodeCpuStat> = nodeCpuStatShape;

const nodeMemoryStatShape = struct({ field: string, value: uhyper });
/** One of the host's memory statistics, in KiB. */
export interface NodeMemoryStat extends Of<typeof nodeMemoryStatShape> {}
const nodeMemoryStat: Type<NodeMemoryStat> = nodeMemoryStatShape;

/** The host: its processors, memory, pages and power. */
export const nodeProcedures = remote("node", {
  nodeGetInfo: procedure(6, {
    result: {
      model: fixedText(32),
      memory: uhyper,
      cpus: int,
      mhz: int,
      nodes: int,
      sockets: int,
      cores: int,
      threads: int,
    },
    cFunction: "virNodeGetInfo",
    since: "0.1.0",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  nodeGetCellsFreeMemory: procedure(101, {
    args: { startCell: int, maxcells: int },
    result: { cells: array(uhyper, NODE_MAX_CELLS) },
    cFunction: "virNodeGetCellsFreeMemory",
    since: "0.3.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  nodeGetFreeMemory: procedure(102, {
    result: { freeMem: uhyper },
    cFunction: "virNodeGetFreeMemory",
    since: "0.3.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  nodeGetSecurityModel: procedure(122, {
    result: { model: text(SECURITY_MODEL_MAX), doi: text(SECURITY_DOI_MAX) },
    cFunction: "virNodeGetSecurityModel",
    since: "0.6.1",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  nodeGetCpuStats: procedure(227, {
    args: { cpuNum: int, nparams: int, flags: uint },
    result: { params: array(nodeCpuStat, NODE_CPU_STATS_MAX), nparams: int },
    cFunction: "virNodeGetCPUStats",
    since: "0.9.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  nodeGetMemoryStats: procedure(228, {
    args: { nparams: int, cellNum: int, flags: uint },
    result: { params: array(nodeMemoryStat, NODE_MEMORY_STATS_MAX), nparams: int },
    cFunction: "virNodeGetMemoryStats",
    since: "0.9.3",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  nodeSuspendForDuration: procedure(250, {
    args: { target: uint, duration: uhyper, flags: uint },
    cFunction: "virNodeSuspendForDuration",
    since: "0.9.8",
    readOnly: "denied",
    acl: ["connect:pm_control"],
  }),

  nodeSetMemoryParameters: procedure(288, {
    args: { params: array(typedParameter, NODE_MEMORY_PARAMETERS_MAX), flags: uint },
    cFunction: "virNodeSetMemoryParameters",
    since: "0.10.2",
    readOnly: "denied",
    acl: ["connect:write"],
  }),

  nodeGetMemoryParameters: procedure(289, {
    args: { nparams: int, flags: uint },
    result: { params: array(typedParameter, NODE_MEMORY_PARAMETERS_MAX), nparams: int },
    cFunction: "virNodeGetMemoryParameters",
    since: "0.10.2",
    readOnly: "allowed",
    acl: ["connect:read"],
  }),

  nodeGetCpuMap: procedure(293, {
    args: { needMap: int, needOnline: int, flags: uint },
    result: { cpumap: opaque(CPUMAP_MAX), online: uint, ret: int },
    cFunction: "virNodeGetCPUMap",
    since: "1.0.0",
    readOnly: "allowed",
    acl: ["connect:read"],
  }),

  nodeGetFreePages: procedure(340, {
    args: { pages: array(uint, NODE_MAX_CELLS), startCell: int, cellCount: uint, flags: uint },
    result: { counts: array(uhyper, NODE_MAX_CELLS) },
    cFunction: "virNodeGetFreePages",
    since: "1.2.6",
    readOnly: "allowed",
    priority: "high",
    acl: ["connect:read"],
  }),

  nodeAllocPages: procedure(347, {
    args: {
      pageSizes: array(uint, NODE_MAX_CELLS),
      pageCounts: array(uhyper, NODE_MAX_CELLS),
      startCell: int,
      cellCount: uint,
      flags: uint,
    },
    result: { ret: int },
    cFunction: "virNodeAllocPages",
    since: "1.2.9",
    readOnly: "denied",
    acl: ["connect:write"],
  }),

  nodeGetSevInfo: procedure(395, {
    args: { nparams: int, flags: uint },
    result: { params: array(typedParameter, NODE_SEV_INFO_MAX), nparams: int },
    cFunction: "virNodeGetSEVInfo",
    since: "4.5.0",
    readOnly: "denied",
    acl: ["connect:read"],
  }),
});
