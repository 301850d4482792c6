/** File systems that are mounted in a guest, and which of the domain's disks they lie on. */
import type { Domain as Definition, Disk } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import { array, fields, int, int64, type Of, optional, type Shape, string } from "../../monitor/shape.ts";

/** Asks a guest's agent. */
export type Ask = <T>(command: string, shape: Shape<T>, args?: JsonObject) => Promise<T>;

const pciController = fields({ domain: int, bus: int, slot: int, function: int });

/** Where the guest sees a disk. */
export const guestDiskAddress = fields({
  "pci-controller": pciController,
  "bus-type": string,
  bus: int,
  target: int,
  unit: int,
  serial: optional(string),
  dev: optional(string),
});
export type GuestDiskAddress = Of<typeof guestDiskAddress>;

const filesystem = fields({
  name: string,
  mountpoint: string,
  type: string,
  disk: array(guestDiskAddress),
  "total-bytes": optional(int64),
  "used-bytes": optional(int64),
});

export interface GuestFilesystem {
  readonly name: string;
  readonly mountpoint: string;
  readonly type: string;
  readonly totalBytes: bigint | undefined;
  readonly usedBytes: bigint | undefined;
  readonly disks: readonly {
    /** The disk's name in the definition, where it is found there. */
    readonly target: string | undefined;
    readonly serial: string | undefined;
    /** What the guest calls it. */
    readonly device: string | undefined;
  }[];
}

export async function readFilesystems(ask: Ask, definition: Definition): Promise<GuestFilesystem[]> {
  const filesystems = await ask("guest-get-fsinfo", array(filesystem));
  return filesystems.map(({ disk, ...told }) => ({
    name: told.name,
    mountpoint: told.mountpoint,
    type: told.type,
    totalBytes: told["total-bytes"],
    usedBytes: told["used-bytes"],
    disks: disk.map((address) => ({
      target: diskAt(definition, address)?.target.dev,
      serial: address.serial,
      device: address.dev,
    })),
  }));
}

/** The disk of a definition that a guest sees at an address. */
export function diskAt({ devices }: Definition, seen: GuestDiskAddress): Disk | undefined {
  const onBoard = (device: { readonly address?: Disk["address"] }) => isAt(device.address, seen["pci-controller"]);
  return devices.disks.find((disk) => {
    if (disk.address?.type !== "drive") return onBoard(disk);
    const { controller: index, bus, target, unit } = disk.address;
    const controller = devices.controllers.find((one) => one.type === disk.target.bus && one.index === index);
    return (
      controller !== undefined &&
      onBoard(controller) &&
      bus === seen.bus &&
      target === seen.target &&
      unit === seen.unit
    );
  });
}

function isAt(address: Disk["address"], seen: Of<typeof pciController>): boolean {
  if (address?.type !== "pci") return false;
  const { domain = 0, bus = 0, slot = 0, function: part = 0 } = address;
  return domain === seen.domain && bus === seen.bus && slot === seen.slot && part === seen.function;
}
