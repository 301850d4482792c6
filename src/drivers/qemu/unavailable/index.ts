/**
 * What a definition may say and this driver has no means for: it is refused at the start, for a guest that was promised
 * something must not run without it. What QEMU cannot do is in validate/. A means that comes takes its line away here.
 */
import type { Domain } from "../../../model/domain/index.ts";
import { refuseUnavailableDisk, refuseUnavailableFilesystem } from "./disks.ts";
import { refuseForeign } from "./foreign.ts";
import { refuseUnavailableHostdev, refuseUnavailableVideo } from "./hostdevs.ts";
import { refuseUnavailableInterface } from "./interfaces.ts";
import { refuseUnavailableLabels } from "./labels.ts";
import type { Means } from "./means.ts";
import { refuseUnavailableTuning } from "./tuning.ts";

export { refuseUnavailableDisk, refuseUnavailableFilesystem } from "./disks.ts";
export { refuseUnavailableHostdev, refuseUnavailableVideo } from "./hostdevs.ts";
export { refuseUnavailableInterface } from "./interfaces.ts";

/**
 * Checks a completed definition that is about to run.
 * @throws LibvirtError mostly CONFIG_UNSUPPORTED
 */
export function refuseUnavailable(domain: Domain, means: Means): void {
  const { devices } = domain;
  refuseForeign(domain);
  refuseUnavailableTuning(domain, means);
  refuseUnavailableLabels(domain);
  for (const disk of devices.disks) refuseUnavailableDisk(disk);
  for (const filesystem of devices.filesystems) refuseUnavailableFilesystem(filesystem, means);
  for (const card of devices.interfaces) refuseUnavailableInterface(card);
  for (const hostdev of devices.hostdevs) refuseUnavailableHostdev(hostdev);
  for (const video of devices.videos) refuseUnavailableVideo(video);
}
