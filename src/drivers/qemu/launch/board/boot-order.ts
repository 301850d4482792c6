/** In which order the firmware tries devices. */
import type { Disk, Domain, Hostdev, Interface, Redirdev } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";

/** A device that can be booted from. */
export type Bootable = Disk | Interface | Hostdev | Redirdev | { boot?: { order: number } | undefined };

/** `bootindex` of a device. */
export function bootProps(device: Bootable, domain: Domain): JsonObject {
  return { bootindex: bootIndex(device, domain) };
}

/** A device's own order, or the place of its kind in `<os>` when it is the first of the kind. */
export function bootIndex(device: Bootable, domain: Domain): number | undefined {
  if (device.boot !== undefined) return device.boot.order;
  const place = domain.os.boots.findIndex(({ dev }) => firstOf(dev, domain) === device);
  return place < 0 ? undefined : place + 1;
}

type BootKind = Domain["os"]["boots"][number]["dev"];

function firstOf(kind: BootKind, { devices }: Domain): Bootable | undefined {
  switch (kind) {
    case "network":
      return devices.interfaces[0];
    case "cdrom":
      return devices.disks.find((disk) => disk.device === "cdrom");
    case "fd":
      return devices.disks.find((disk) => disk.device === "floppy");
    case "hd":
      return devices.disks.find((disk) => disk.device === "disk" || disk.device === "lun");
  }
}
