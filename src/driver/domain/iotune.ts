/** Limits on single disks (virDomainSetBlockIoTune). */
import type { Disk } from "../../model/domain/index.ts";
import { type TypedParameter, typesOf } from "../../protocol/index.ts";
import { stringParam, ullongParam } from "../typed-parameters.ts";

export type Iotune = NonNullable<Disk["iotune"]>;
export type IotuneAmount = Exclude<keyof Iotune, "group_name">;

/** The parameters in libvirt's order; each has the name of its key in the model. */
export const iotuneFields = [
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

export const iotuneTypes = typesOf(iotuneFields);

/** The limits as parameters. */
export function iotuneParams({ iotune = {} }: Disk): TypedParameter[] {
  return iotuneFields.map((field) =>
    field === "group_name" ? stringParam(field, iotune[field] ?? "") : ullongParam(field, iotune[field] ?? 0n),
  );
}

/** The disk with other limits; without any when there are none. */
export function tuned({ iotune: _, ...disk }: Disk, iotune: Iotune): Disk {
  return Object.keys(iotune).length === 0 ? disk : { ...disk, iotune };
}
