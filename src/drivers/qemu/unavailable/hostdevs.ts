/** Devices of the host, and helpers that stand in for devices. */
import type { Hostdev, Video } from "../../../model/domain/index.ts";
import { refuse } from "../definition/refuse.ts";
import { refuseWishes } from "./refuse.ts";

/** Checks one device of the host, also one that is plugged in. */
export function refuseUnavailableHostdev(hostdev: Hostdev): void {
  if (hostdev.mode !== "subsystem") return;
  const { device, managed } = hostdev;
  refuseWishes([
    [
      device.type === "pci" && managed,
      "a PCI device cannot be taken from the host: bind it to vfio-pci, and say managed='no'",
    ],
    [
      device.type === "scsi" && device.rawio,
      "rawio='yes' is not available: QEMU has no right to send any SCSI command",
    ],
  ]);
}

/** Checks one graphics card. */
export function refuseUnavailableVideo({ driver }: Video): void {
  if (driver?.name === "vhostuser") refuse("OPERATION_FAILED", "Unable to find a satisfying vhost-user-gpu");
  refuseWishes([[driver?.vgaconf, "vgaconf is not supported by QEMU, it is for bhyve guests"]]);
}
