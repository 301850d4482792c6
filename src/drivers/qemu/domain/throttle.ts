/** Limits of single disks, as QEMU's block layer keeps them. */
import type { Iotune, IotuneAmount } from "../../../driver/domain/iotune.ts";
import type { Disk } from "../../../model/domain/index.ts";
import { setIoThrottle } from "../monitor/commands/block.ts";
import type { JsonObject } from "../monitor/json.ts";
import type { QmpMonitor } from "../monitor/qmp.ts";
import { driveOf } from "./blocks.ts";

/** Limits a disk of a running guest; disks of one group share the limits that were given last. */
export async function throttleDisk(monitor: QmpMonitor, disk: Disk, iotune: Iotune): Promise<void> {
  // A group is named after its disk when nobody named it.
  const group = iotune.group_name ?? `drive-${disk.alias}`;
  await setIoThrottle(monitor, driveOf(disk), throttleOf({ ...iotune, group_name: group }));
}

/** Our limits by QEMU's names; QEMU wants the six plain ones always. */
function throttleOf(iotune: Iotune): JsonObject {
  const amount = (field: IotuneAmount) => iotune[field] ?? 0n;
  const optional = (field: IotuneAmount) => iotune[field];
  const names = [
    ["bps", "total_bytes_sec"],
    ["bps_rd", "read_bytes_sec"],
    ["bps_wr", "write_bytes_sec"],
    ["iops", "total_iops_sec"],
    ["iops_rd", "read_iops_sec"],
    ["iops_wr", "write_iops_sec"],
  ] as const;
  const plain = names.map(([qemu, field]) => [qemu, amount(field)]);
  const bursts = names.flatMap(([qemu, field]) => [
    [`${qemu}_max`, optional(`${field}_max`)],
    [`${qemu}_max_length`, optional(`${field}_max_length`)],
  ]);
  return {
    ...Object.fromEntries(plain),
    ...Object.fromEntries(bursts),
    iops_size: iotune.size_iops_sec,
    group: iotune.group_name,
  };
}
