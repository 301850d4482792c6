/** Disks whose changes are thrown away: while the guest runs, an overlay is written, and the image itself only read. */
import type { Disk } from "../../../../model/domain/index.ts";

/** Where such a disk's changes go, named as libvirt names it. */
export const overlayPath = (image: string, domain: string): string => `${image}.TRANSIENT-${domain}`;

/** The overlay of a disk, once the start has put it over the image; never an image of somebody's own. */
export function overlayOf({ transient, storage, backingStore }: Disk, domain: string): string | undefined {
  const below = backingStore?.storage;
  if (transient === undefined || storage.type !== "file" || below?.type !== "file") return undefined;
  const path = storage.source?.file;
  const image = below.source?.file;
  return path !== undefined && image !== undefined && path === overlayPath(image, domain) ? path : undefined;
}

/** The disk with an overlay over its image. */
export function withOverlay(disk: Disk, image: string, domain: string): Disk {
  const { storage, backingStore = { index: 0 }, driver } = disk;
  const { type = "raw", metadata_cache, ...options } = driver ?? {};
  const format = { type: type === "aio" ? ("raw" as const) : type, ...(metadata_cache && { metadata_cache }) };
  return {
    ...disk,
    driver: { ...options, type: "qcow2" },
    storage: { type: "file", source: { file: overlayPath(image, domain), index: 0, seclabels: [] } },
    backingStore: { index: 0, format, storage, backingStore },
  };
}
