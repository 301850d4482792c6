/** Limits of single devices of domains: throughput of disks, bandwidth of interfaces. */
import { bandwidthParams, bandwidthTypes, withBandwidth } from "../../../driver/domain/bandwidth.ts";
import {
  type Iotune,
  type IotuneAmount,
  iotuneFields,
  iotuneParams,
  iotuneTypes,
  tuned,
} from "../../../driver/domain/iotune.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import { countedParams, takeParams, typedParamStrings } from "../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../errors.ts";
import type { Disk } from "../../../model/domain/disk.ts";
import type { Domain as DomainRef } from "../../../protocol/index.ts";
import type { Definition } from "../domain/definition.ts";
import { changeDefinition, definitionFor, impactFlags } from "../domain/impact.ts";
import { findDomain } from "../domain/state.ts";
import { findDisk, findInterface } from "../guest/stats.ts";
import type { TestNode } from "../state.ts";

type DeviceTuningProcedures =
  | "domainGetBlockIoTune"
  | "domainSetBlockIoTune"
  | "domainGetInterfaceParameters"
  | "domainSetInterfaceParameters";

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "TEST", detail);
}

function requireDisk(definition: Definition, name: string): Disk {
  const disk = findDisk(definition, name);
  if (!disk) throw invalidArg(`disk '${name}' was not found in the domain config`);
  return disk;
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
    if (value === 0n) delete iotune[field satisfies IotuneAmount];
    else iotune[field] = value;
  }
  checkIotune(iotune);
  const changed = tuned(disk, iotune);
  return withDevices(definition, {
    disks: definition.devices.disks.map((each) => (each === disk ? changed : each)),
  });
}

function withRates(definition: Definition, device: string, given: ReadonlyMap<string, unknown>): Definition {
  const nic = findInterface(definition, device);
  const changed = withBandwidth(nic, given);
  return withDevices(definition, {
    interfaces: definition.devices.interfaces.map((each) => (each === nic ? changed : each)),
  });
}

function withDevices(definition: Definition, change: Partial<Definition["devices"]>): Definition {
  return { ...definition, devices: { ...definition.devices, ...change } };
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
      return countedParams(bandwidthParams(findInterface(definition, device).bandwidth), nparams);
    },
    domainSetInterfaceParameters({ dom, device, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetInterfaceParameters", "TEST");
      const given = takeParams(params, bandwidthTypes, "TEST");
      changeDefinition(find(dom), flags, (definition) => withRates(definition, device, given));
    },
  };
}
