/** Limits on single disks. */
import { impactFlags } from "../../../../driver/domain/impact.ts";
import {
  type Iotune,
  type IotuneAmount,
  iotuneFields,
  iotuneParams,
  iotuneTypes,
  tuned,
} from "../../../../driver/domain/iotune.ts";
import { changeDefinition, definitionFor } from "../../../../driver/domain/kept/change.ts";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import {
  countedParams,
  stringParam,
  takeParams,
  typedParamStrings,
  ullongParam,
} from "../../../../driver/typed-parameters.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition, Disk } from "../../../../model/domain/index.ts";
import { findDisk } from "../../../../model/domain/index.ts";
import type { Domain as DomainRef } from "../../../../protocol/index.ts";
import { throttleDisk } from "../../domain/throttle.ts";
import type { QemuHost } from "../../host.ts";

type BlockTuneProcedures = "domainGetBlockIoTune" | "domainSetBlockIoTune";

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", detail);
}

function unsupported(detail: string): LibvirtError {
  return new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
}

function requireDisk(definition: Definition, name: string): Disk {
  const disk = findDisk(definition, name);
  if (disk) return disk;
  throw invalidArg(`disk '${name}' was not found in the domain config`);
}

/** What QEMU counts up to, for bytes and operations a second alike. */
const maxLimit = 1_000_000_000_000_000n;

/** Limits that belong together: one that is given takes the place of all. */
const groups = ["bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max"] as const;
const members = <G extends (typeof groups)[number]>(group: G) =>
  [`total_${group}`, `read_${group}`, `write_${group}`] as const satisfies readonly IotuneAmount[];

/** The limits that a disk has after some were given. */
export function mergeIotune(before: Iotune, given: ReadonlyMap<string, unknown>): Iotune {
  const after: Iotune = { ...before };
  for (const group of groups) {
    if (members(group).some((field) => given.has(field))) for (const field of members(group)) delete after[field];
  }
  for (const field of iotuneFields) {
    const value = given.get(field);
    if (field === "group_name") {
      if (typeof value === "string") after.group_name = value;
    } else if (typeof value === "bigint") {
      if (value > maxLimit) {
        throw new LibvirtError(
          "ARGUMENT_UNSUPPORTED",
          "QEMU",
          `block I/O throttle limit must be no more than ${maxLimit} using QEMU`,
        );
      }
      if (value === 0n) delete after[field];
      else after[field] = value;
    }
  }
  checkIotune(after);
  return after;
}

function checkIotune(iotune: Iotune): void {
  for (const group of groups) {
    const [total, read, write] = members(group);
    if (iotune[total] && (iotune[read] || iotune[write])) {
      throw invalidArg(`total and read/write of ${group} cannot be set at the same time`);
    }
  }
  for (const field of [...members("bytes_sec"), ...members("iops_sec")] as const) {
    const limit = iotune[field] ?? 0n;
    const burst = iotune[`${field}_max`];
    if (burst === undefined) {
      if (iotune[`${field}_max_length`]) throw unsupported(`a value greater than 0 is needed for '${field}_max'`);
    } else if (limit === 0n) throw unsupported(`cannot set '${field}_max' without setting '${field}'`);
    else if (burst < limit) throw unsupported(`the value '${field}_max' cannot be smaller than '${field}'`);
  }
}

/** The disk with other limits; disks of its group share them. */
function withIotune(definition: Definition, name: string, given: ReadonlyMap<string, unknown>): Definition {
  const disk = requireDisk(definition, name);
  const iotune = mergeIotune(disk.iotune ?? {}, given);
  const group = iotune.group_name;
  const shares = (other: Disk) => other === disk || (group !== undefined && other.iotune?.group_name === group);
  const disks = definition.devices.disks.map((each) => (shares(each) ? tuned(each, iotune) : each));
  return { ...definition, devices: { ...definition.devices, disks } };
}

export function blockTuneHandlers(host: QemuHost): Handlers<BlockTuneProcedures> {
  const tell = (dom: DomainRef, name: string, given: ReadonlyMap<string, unknown>) => {
    const domain = host.finder.find(dom);
    const { target } = requireDisk(domain.current, name);
    const params = [stringParam("blkdeviotune.disk", target.dev)];
    for (const [field, value] of given) {
      if (typeof value === "bigint") params.push(ullongParam(`blkdeviotune.${field}`, value));
      else if (typeof value === "string") params.push(stringParam(`blkdeviotune.${field}`, value));
    }
    host.hub.emit("domainEventCallbackTunable", { dom: domain.ref, params });
  };
  return {
    domainGetBlockIoTune({ dom, disk, nparams, flags }) {
      checkFlags(flags, typedParamStrings | impactFlags, "domainGetBlockIoTune", "QEMU");
      const definition = definitionFor(host.finder.find(dom), flags & impactFlags);
      if (disk === null) return { params: [], nparams: iotuneFields.length };
      return countedParams(iotuneParams(requireDisk(definition, disk)), nparams);
    },
    async domainSetBlockIoTune({ dom, disk: name, params, flags }) {
      checkFlags(flags, impactFlags, "domainSetBlockIoTune", "QEMU");
      const given = takeParams(params, iotuneTypes, "QEMU");
      const { live } = await changeDefinition(host, dom, "domainSetBlockIoTune", flags, {
        change: (definition) => withIotune(definition, name, given),
        async apply({ monitor, definition }) {
          const disk = requireDisk(definition, name);
          await throttleDisk(monitor, disk, mergeIotune(disk.iotune ?? {}, given));
        },
      });
      if (live) tell(dom, name, given);
    },
  };
}
