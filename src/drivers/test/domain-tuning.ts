/** Shares and limits of domains: scheduler, block devices, NUMA nodes, performance counters. */
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import {
  boolParam,
  countedParams,
  intParam,
  stringParam,
  takeParams,
  uintParam,
} from "../../driver/typed-parameters.ts";
import { LibvirtError } from "../../errors.ts";
import {
  DomainBlkio,
  DomainNuma,
  DomainNumatuneMemMode,
  type Domain as DomainRef,
  DomainScheduler,
  type TypedParameter,
  TypedParameterType,
} from "../../protocol/index.ts";
import { formatCpuset, parseCpuset } from "../../xml/index.ts";
import type { Definition } from "./definition.ts";
import { changeDefinition, definitionFor, impactFlags } from "./domain-impact.ts";
import { findDomain } from "./domain-state.ts";
import type { TestNode } from "./state.ts";

type TuningProcedures =
  | "domainGetSchedulerType"
  | "domainGetSchedulerParameters"
  | "domainGetSchedulerParametersFlags"
  | "domainSetSchedulerParameters"
  | "domainSetSchedulerParametersFlags"
  | "domainGetBlkioParameters"
  | "domainSetBlkioParameters"
  | "domainGetNumaParameters"
  | "domainSetNumaParameters"
  | "domainGetPerfEvents"
  | "domainSetPerfEvents";

/** Clients set this bit when they take string parameters. */
const typedParamStrings = 4;

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "TEST", detail);
}

const schedulerTypes = { [DomainScheduler.WEIGHT]: TypedParameterType.UINT };
/** The scheduler knows one parameter, which always is the same. */
const schedulerParams = [uintParam(DomainScheduler.WEIGHT, 50)];

type Blkiotune = NonNullable<Definition["blkiotune"]>;
type BlkioDevice = Blkiotune["devices"][number];

/** Parameters of single devices, as `path,value,path,value`: their keys in the model. */
const deviceLimits = [
  [DomainBlkio.DEVICE_WEIGHT, "weight"],
  [DomainBlkio.DEVICE_READ_IOPS, "read_iops_sec"],
  [DomainBlkio.DEVICE_WRITE_IOPS, "write_iops_sec"],
  [DomainBlkio.DEVICE_READ_BPS, "read_bytes_sec"],
  [DomainBlkio.DEVICE_WRITE_BPS, "write_bytes_sec"],
] as const satisfies readonly (readonly [string, keyof BlkioDevice])[];

const blkioTypes = {
  [DomainBlkio.WEIGHT]: TypedParameterType.UINT,
  ...Object.fromEntries(deviceLimits.map(([field]) => [field, TypedParameterType.STRING])),
};

function blkioParams({ blkiotune }: Definition): TypedParameter[] {
  const devices = blkiotune?.devices ?? [];
  const listed = deviceLimits.map(([field, key]) => {
    const set = devices.filter((device) => device[key]);
    return stringParam(field, set.map((device) => `${device.path},${device[key]}`).join(","));
  });
  return [uintParam(DomainBlkio.WEIGHT, blkiotune?.weight ?? 0), ...listed];
}

/** Pairs of device and number from `path,value,path,value`. */
function parseDeviceLimits(field: string, value: string): Map<string, bigint> {
  const parts = value === "" ? [] : value.split(",");
  const pairs = new Map<string, bigint>();
  for (let at = 0; at < parts.length; at += 2) {
    const path = parts[at] ?? "";
    const number = parts[at + 1] ?? "";
    if (!path.startsWith("/") || !/^\d{1,19}$/.test(number)) {
      throw new LibvirtError("INVALID_ARG", "DOMAIN", `unable to parse blkio device '${field}' '${value}'`);
    }
    pairs.set(path, BigInt(number));
  }
  return pairs;
}

function withDeviceLimit(
  devices: readonly BlkioDevice[],
  key: string,
  limits: ReadonlyMap<string, bigint>,
): BlkioDevice[] {
  const numeric = (value: bigint) => (key.endsWith("bytes_sec") ? value : Number(value));
  const changed = devices.map((device) => {
    const value = limits.get(device.path);
    return value === undefined ? device : { ...device, [key]: numeric(value) };
  });
  const known = new Set(devices.map(({ path }) => path));
  const added = [...limits].filter(([path]) => !known.has(path));
  return [...changed, ...added.map(([path, value]) => ({ path, [key]: numeric(value) }))];
}

function withBlkio(definition: Definition, given: ReadonlyMap<string, unknown>): Definition {
  const blkiotune: Blkiotune = { ...definition.blkiotune, devices: definition.blkiotune?.devices ?? [] };
  const weight = given.get(DomainBlkio.WEIGHT);
  if (typeof weight === "number") blkiotune.weight = weight;
  for (const [field, key] of deviceLimits) {
    const value = given.get(field);
    if (typeof value === "string") {
      blkiotune.devices = withDeviceLimit(blkiotune.devices, key, parseDeviceLimits(field, value));
    }
  }
  return { ...definition, blkiotune };
}

const numaModes = ["strict", "preferred", "interleave", "restrictive"] as const;
const numaTypes = {
  [DomainNuma.MODE]: TypedParameterType.INT,
  [DomainNuma.NODESET]: TypedParameterType.STRING,
};

function numaParams({ numatune }: Definition): TypedParameter[] {
  const { mode = "strict", nodeset = [] } = numatune?.memory ?? {};
  const { STRICT } = DomainNumatuneMemMode;
  return [
    intParam(DomainNuma.MODE, Math.max(numaModes.indexOf(mode), STRICT)),
    stringParam(DomainNuma.NODESET, formatCpuset(nodeset)),
  ];
}

function withNuma(definition: Definition, given: ReadonlyMap<string, unknown>): Definition {
  const memory = { mode: "strict" as (typeof numaModes)[number], ...definition.numatune?.memory };
  const mode = given.get(DomainNuma.MODE);
  const nodeset = given.get(DomainNuma.NODESET);
  if (typeof mode === "number") {
    const name = numaModes[mode];
    if (!name) throw invalidArg(`unsupported numatune mode: '${mode}'`);
    memory.mode = name;
  }
  if (typeof nodeset === "string") memory.nodeset = parseNodeset(nodeset);
  return { ...definition, numatune: { memnodes: [], ...definition.numatune, memory } };
}

function parseNodeset(text: string): number[] {
  try {
    return parseCpuset(text);
  } catch (cause) {
    throw new LibvirtError("INVALID_ARG", "TEST", `invalid nodeset '${text}'`, { cause });
  }
}

type PerfEvent = NonNullable<Definition["perf"]>["events"][number];
/** Every performance counter that a domain may have on. */
const perfEvents: readonly PerfEvent["name"][] = [
  "cmt",
  "mbmt",
  "mbml",
  "cpu_cycles",
  "instructions",
  "cache_references",
  "cache_misses",
  "branch_instructions",
  "branch_misses",
  "bus_cycles",
  "stalled_cycles_frontend",
  "stalled_cycles_backend",
  "ref_cpu_cycles",
  "cpu_clock",
  "task_clock",
  "page_faults",
  "context_switches",
  "cpu_migrations",
  "page_faults_min",
  "page_faults_maj",
  "alignment_faults",
  "emulation_faults",
];
const perfTypes = Object.fromEntries(perfEvents.map((name) => [name, TypedParameterType.BOOLEAN]));

function withPerf(definition: Definition, given: ReadonlyMap<string, unknown>): Definition {
  const before = new Map(definition.perf?.events.map(({ name, enabled }) => [name, enabled]));
  const events = perfEvents.flatMap((name) => {
    const enabled = given.get(name) ?? before.get(name);
    return typeof enabled === "boolean" ? [{ name, enabled }] : [];
  });
  return { ...definition, perf: { events } };
}

export function domainTuningHandlers(node: TestNode): Handlers<TuningProcedures> {
  const find = (dom: DomainRef) => findDomain(node, dom);
  const schedulerOf = (dom: DomainRef, nparams: number) => {
    find(dom);
    return { params: schedulerParams.slice(0, nparams) };
  };
  /** The weight is taken, and as with libvirt's test driver has no effect. */
  const setScheduler = (dom: DomainRef, params: readonly TypedParameter[]) => {
    find(dom);
    takeParams(params, schedulerTypes, "TEST");
  };
  return {
    domainGetSchedulerType({ dom }) {
      find(dom);
      return { type: "fair", nparams: schedulerParams.length };
    },
    domainGetSchedulerParameters: ({ dom, nparams }) => schedulerOf(dom, nparams),
    domainGetSchedulerParametersFlags({ dom, nparams, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetSchedulerParametersFlags", "TEST");
      return schedulerOf(dom, nparams);
    },
    domainSetSchedulerParameters: ({ dom, params }) => setScheduler(dom, params),
    domainSetSchedulerParametersFlags({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetSchedulerParametersFlags", "TEST");
      setScheduler(dom, params);
    },
    domainGetBlkioParameters({ dom, nparams, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetBlkioParameters", "TEST");
      return countedParams(blkioParams(definitionFor(find(dom), flags & impactFlags)), nparams);
    },
    domainSetBlkioParameters({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetBlkioParameters", "TEST");
      const given = takeParams(params, blkioTypes, "TEST");
      changeDefinition(find(dom), flags, (definition) => withBlkio(definition, given));
    },
    domainGetNumaParameters({ dom, nparams, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetNumaParameters", "TEST");
      return countedParams(numaParams(definitionFor(find(dom), flags & impactFlags)), nparams);
    },
    domainSetNumaParameters({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetNumaParameters", "TEST");
      const given = takeParams(params, numaTypes, "TEST");
      changeDefinition(find(dom), flags, (definition) => withNuma(definition, given));
    },
    domainGetPerfEvents({ dom, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetPerfEvents", "TEST");
      const { perf } = definitionFor(find(dom), flags & impactFlags);
      const enabled = new Set(perf?.events.filter((event) => event.enabled).map(({ name }) => name));
      return { params: perfEvents.map((name) => boolParam(name, enabled.has(name))) };
    },
    domainSetPerfEvents({ dom, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetPerfEvents", "TEST");
      const given = takeParams(params, perfTypes, "TEST");
      changeDefinition(find(dom), flags, (definition) => withPerf(definition, given));
    },
  };
}
