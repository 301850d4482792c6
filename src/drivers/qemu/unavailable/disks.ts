/** Disks and shared folders: what would need helpers that are not started, or another hypervisor. */
import type { Disk, Filesystem } from "../../../model/domain/index.ts";
import { reservationsOf } from "../launch/images/image.ts";
import type { Means } from "./means.ts";
import { refuseWishes } from "./refuse.ts";

/** Checks one disk, also one that is plugged in. */
export function refuseUnavailableDisk(disk: Disk): void {
  const { target, storage, transient, rawio, backenddomain, iotune, encryption } = disk;
  const name = `disk '${target.dev}'`;
  const unthrottled = target.bus === "sd" || storage.type === "vhostuser";
  refuseWishes([
    [backenddomain, `<backenddomain> of ${name} is not supported by QEMU, it is for Xen guests`],
    [rawio, `${name} cannot have rawio='yes': QEMU has no right to send any SCSI command`],
    [
      reservationsOf(disk)?.managed,
      `persistent reservations of ${name} cannot be managed: start qemu-pr-helper, and give its socket in <source> of them`,
    ],
    [
      storage.type === "nvme" && storage.source?.managed,
      `the NVMe controller of ${name} cannot be taken from the host: bind it to vfio-pci, and say managed='no'`,
    ],
    [unthrottled && iotune, `<iotune> of ${name} is not supported: QEMU's block layer does not serve it`],
    [transient && storage.type !== "file", `transient ${name} must lie in a file`],
    [
      transient && storage.type === "file" && (encryption ?? storage.source?.encryption ?? storage.source?.slices),
      `transient ${name} must be neither encrypted nor a slice of its file`,
    ],
  ]);
}

/** Checks one shared folder. */
export function refuseUnavailableFilesystem(filesystem: Filesystem, { isRoot }: Means): void {
  const { driver, origin, binary, space_hard_limit, space_soft_limit, target } = filesystem;
  const isVirtiofs = driver?.type === "virtiofs";
  const served = origin.type === "mount" && origin.source?.socket !== undefined;
  const name = `filesystem '${target}'`;
  refuseWishes([
    [
      isVirtiofs && !served,
      isRoot
        ? `virtiofsd of ${name} is not started by this driver: start it, and give its socket in <source socket=.../>`
        : "virtiofs is not yet supported in session mode",
    ],
    [!isVirtiofs && binary, `<binary> of ${name} is for virtiofs`],
    [space_hard_limit ?? space_soft_limit, `limits on the space of ${name} are for containers`],
  ]);
}
