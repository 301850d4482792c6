/** Limits of single devices of domains: throughput of disks, bandwidth of interfaces. */
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { countedParams, stringParam, takeParams, uintParam, ullongParam } from "../../driver/typed-parameters.ts";
import { LibvirtError } from "../../errors.ts";
import type { Disk } from "../../model/domain/disk.ts";
import type { Interface } from "../../model/domain/interface.ts";
import {
  DomainBandwidth,
  type Domain as DomainRef,
  type TypedParameter,
  TypedParameterType,
} from "../../protocol/index.ts";
import type { Definition } from "./definition.ts";
import { changeDefinition, definitionFor, impactFlags } from "./domain-impact.ts";
import { findDomain } from "./domain-state.ts";
import { findDisk, findInterface } from "./domain-stats.ts";
import type { TestNode } from "./state.ts";

type DeviceTuningProcedures =
  | "domainGetBlockIoTune"
  | "domainSetBlockIoTune"
  | "domainGetInterfaceParameters"
  | "domainSetInterfaceParameters";

/** Clients set this bit when they take string parameters. */
const typedParamStrings = 4;

type Iotune = NonNullable<Disk["iotune"]>;
type Amount = Exclude<keyof Iotune, "group_name">;

/** The parameters in libvirt's order; each has the name of its key in the model. */
const iotuneFields = [
  "total_bytes_sec",
  "read_bytes_sec",
  "write_bytes_sec",
  "total_iops_sec",
  "read_iops_sec",
  "write_iops_sec",
  "total_bytes_sec_max",
  "read_bytes_sec_max",
  "write_bytes_sec_max",
  "total_iops_sec_max",
  "read_iops_sec_max",
  "write_iops_sec_max",
  "size_iops_sec",
  "group_name",
  "total_bytes_sec_max_length",
  "read_bytes_sec_max_length",
  "write_bytes_sec_max_length",
  "total_iops_sec_max_length",
  "read_iops_sec_max_length",
  "write_iops_sec_max_length",
] as const satisfies readonly (keyof Iotune)[];

const iotuneTypes = Object.fromEntries(
  iotuneFields.map((field) => [field, field === "group_name" ? TypedParameterType.STRING : TypedParameterType.ULLONG]),
);

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "TEST", detail);
}

function requireDisk(definition: Definition, name: string): Disk {
  const disk = findDisk(definition, name);
  if (!disk) throw invalidArg(`disk '${name}' was not found in the domain config`);
  return disk;
}

function iotuneParams({ iotune = {} }: Disk): TypedParameter[] {
  return iotuneFields.map((field) =>
    field === "group_name" ? stringParam(field, iotune[field] ?? "") : ullongParam(field, iotune[field] ?? 0n),
  );
}

/** What cannot be limited both together and apart, or beyond its own burst. */
function checkIotune(iotune: Iotune): void {
  for (const what of ["bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max"] as const) {
    const single = iotune[`read_${what}`] || iotune[`write_${what}`];
    if (iotune[`total_${what}`] && single) {
      throw invalidArg(`total and read/write of ${what} cannot be set at the same time`);
    }
  }
  for (const field of [
    "total_bytes_sec",
    "read_bytes_sec",
    "write_bytes_sec",
    "total_iops_sec",
    "read_iops_sec",
    "write_iops_sec",
  ] as const) {
    const limit = iotune[field] ?? 0n;
    if (limit !== 0n && limit > (iotune[`${field}_max`] ?? 0n)) {
      throw invalidArg(`${field} cannot be set higher than ${field}_max `);
    }
  }
}

function withIotune(definition: Definition, name: string, given: ReadonlyMap<string, unknown>): Definition {
  const disk = requireDisk(definition, name);
  const iotune: Iotune = { ...disk.iotune };
  for (const field of iotuneFields) {
    const value = given.get(field);
    if (field === "group_name" && typeof value === "string") iotune.group_name = value;
    if (field === "group_name" || typeof value !== "bigint") continue;
    if (value === 0n) delete iotune[field satisfies Amount];
    else iotune[field] = value;
  }
  checkIotune(iotune);
  const { iotune: _, ...bare } = disk;
  const tuned: Disk = Object.keys(iotune).length === 0 ? bare : { ...bare, iotune };
  return withDevices(definition, { disks: definition.devices.disks.map((each) => (each === disk ? tuned : each)) });
}

function withDevices(definition: Definition, change: Partial<Definition["devices"]>): Definition {
  return { ...definition, devices: { ...definition.devices, ...change } };
}

const bandwidthFields = [
  [DomainBandwidth.IN_AVERAGE, "inbound", "average"],
  [DomainBandwidth.IN_PEAK, "inbound", "peak"],
  [DomainBandwidth.IN_BURST, "inbound", "burst"],
  [DomainBandwidth.IN_FLOOR, "inbound", "floor"],
  [DomainBandwidth.OUT_AVERAGE, "outbound", "average"],
  [DomainBandwidth.OUT_PEAK, "outbound", "peak"],
  [DomainBandwidth.OUT_BURST, "outbound", "burst"],
] as const;
const bandwidthTypes = Object.fromEntries(bandwidthFields.map(([field]) => [field, TypedParameterType.UINT]));

type Rates = Readonly<Record<string, number | undefined>>;

function bandwidthParams({ bandwidth }: Interface): TypedParameter[] {
  return bandwidthFields.map(([field, way, key]) => uintParam(field, ((bandwidth?.[way] ?? {}) as Rates)[key] ?? 0));
}

function withBandwidth(definition: Definition, device: string, given: ReadonlyMap<string, unknown>): Definition {
  const nic = findInterface(definition, device);
  const rates = { inbound: { ...nic.bandwidth?.inbound }, outbound: { ...nic.bandwidth?.outbound } };
  for (const [field, way, key] of bandwidthFields) {
    const value = given.get(field);
    if (typeof value === "number") Object.assign(rates[way], { [key]: value });
  }
  // Without an average (or a guaranteed rate) a direction is not limited.
  const { inbound, outbound } = rates;
  const limited = {
    ...((inbound.average || inbound.floor) && { inbound: withoutZeros(inbound) }),
    ...(outbound.average && { outbound: withoutZeros(outbound) }),
  };
  const { bandwidth: _, ...bare } = nic;
  const tuned: Interface = Object.keys(limited).length === 0 ? bare : { ...bare, bandwidth: limited };
  return withDevices(definition, {
    interfaces: definition.devices.interfaces.map((each) => (each === nic ? tuned : each)),
  });
}

function withoutZeros<T extends object>(rates: T): T {
  return Object.fromEntries(Object.entries(rates).filter(([, rate]) => rate)) as T;
}

export function domainDeviceTuningHandlers(node: TestNode): Handlers<DeviceTuningProcedures> {
  const find = (dom: DomainRef) => findDomain(node, dom);
  return {
    domainGetBlockIoTune({ dom, disk, nparams, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetBlockIoTune", "TEST");
      const definition = definitionFor(find(dom), flags & impactFlags);
      if (disk === null) return { params: [], nparams: iotuneFields.length };
      return countedParams(iotuneParams(requireDisk(definition, disk)), nparams);
    },
    domainSetBlockIoTune({ dom, disk, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetBlockIoTune", "TEST");
      const given = takeParams(params, iotuneTypes, "TEST");
      changeDefinition(find(dom), flags, (definition) => withIotune(definition, disk, given));
    },
    domainGetInterfaceParameters({ dom, device, nparams, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetInterfaceParameters", "TEST");
      const definition = definitionFor(find(dom), flags & impactFlags);
      return countedParams(bandwidthParams(findInterface(definition, device)), nparams);
    },
    domainSetInterfaceParameters({ dom, device, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetInterfaceParameters", "TEST");
      const given = takeParams(params, bandwidthTypes, "TEST");
      changeDefinition(find(dom), flags, (definition) => withBandwidth(definition, device, given));
    },
  };
}
