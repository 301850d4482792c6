/** Numbers of images: they name nodes on the command line, and block jobs name images by them. */
import type { BackingStore, Disk, Domain, Hostdev, Storage, SubsystemHostdev } from "../../../../model/domain/index.ts";

/**
 * Numbers all images of a guest that is about to start, in the definition, as libvirt does: the last disk first, each
 * chain from its top. A drive without a medium takes a number too.
 * @returns the highest number given; the next is for what is plugged in later.
 */
export function numberImages({ devices }: Domain): number {
  let last = 0;
  for (const disk of devices.disks.toReversed()) last = numberDisk(disk, last);
  return last;
}

/** The highest number that an image of a running guest has. */
export function highestImage({ devices }: Domain): number {
  let highest = 0;
  for (const disk of devices.disks) {
    highest = Math.max(highest, disk.storage.source?.index ?? 0);
    for (let below = disk.backingStore; below?.storage !== undefined; below = below.backingStore) {
      highest = Math.max(highest, below.storage.source?.index ?? 0);
    }
  }
  return highest;
}

/** Numbers the images of one disk after `last`; returns the highest number given. */
export function numberDisk(disk: Disk, last: number): number {
  // SD cards are drives of the old kind, which have no nodes to name.
  if (disk.target.bus === "sd") return last;
  let next = last + 1;
  give(disk.storage, next);
  let below: BackingStore | undefined = disk.backingStore;
  for (; below?.storage !== undefined; below = below.backingStore) give(below.storage, ++next);
  return next;
}

function give(storage: Storage, index: number): void {
  if (storage.source !== undefined) storage.source.index = index;
}

/** Host devices on a SCSI bus are nodes too, which are numbered after those of the disks. */
export function hostdevNumber(hostdev: Hostdev, { devices }: Domain): number {
  const scsi = devices.hostdevs.filter((other) => other.mode === "subsystem" && other.device.type === "scsi");
  return (
    devices.disks.reduce((count, disk) => count + imageCount(disk), 0) + scsi.indexOf(hostdev as SubsystemHostdev) + 1
  );
}

function imageCount(disk: Disk): number {
  if (disk.target.bus === "sd") return 0;
  let count = 1;
  for (let below = disk.backingStore; below?.storage !== undefined; below = below.backingStore) count++;
  return count;
}
