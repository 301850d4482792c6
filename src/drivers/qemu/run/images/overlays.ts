/** Overlays of transient disks: made at the start of a guest, gone with it. */
import { access, rm } from "node:fs/promises";
import { LibvirtError } from "../../../../errors.ts";
import { runProgram } from "../../../../host/program.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import { overlayOf, overlayPath, withOverlay } from "../../launch/images/overlay.ts";
import { pathOf } from "../files/files.ts";

/**
 * Puts an overlay over the image of each transient disk, in the definition alone.
 * @throws LibvirtError OPERATION_UNSUPPORTED when such a file is there, which is then somebody's
 * @returns whether there are any
 */
export async function planOverlays(definition: Definition): Promise<boolean> {
  const { devices, name } = definition;
  const planned = await Promise.all(
    devices.disks.map(async (disk) => {
      const image = disk.transient === undefined ? undefined : pathOf(disk.storage);
      if (image === undefined) return disk;
      const path = overlayPath(image, name);
      if (await exists(path)) {
        const detail = `Overlay file '${path}' for transient disk '${disk.target.dev}' already exists`;
        throw new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", detail);
      }
      return withOverlay(disk, image, name);
    }),
  );
  const hasSome = planned.some((disk, at) => disk !== devices.disks[at]);
  devices.disks = planned;
  return hasSome;
}

/** Makes the overlays that are planned. */
export async function makeOverlays({ devices, name }: Definition): Promise<void> {
  for (const disk of devices.disks) {
    const overlay = overlayOf(disk, name);
    if (overlay === undefined) continue;
    const { storage, format } = disk.backingStore ?? {};
    const image = (storage && pathOf(storage)) ?? "";
    const words = ["create", "-q", "-f", "qcow2", "-F", format?.type ?? "raw", "-b", image, overlay];
    await runProgram("qemu-img", words, { domain: "QEMU" });
  }
}

/** Removes the overlays of a guest that has gone. */
export async function removeOverlays({ devices, name }: Definition): Promise<void> {
  for (const disk of devices.disks) {
    const overlay = overlayOf(disk, name);
    if (overlay !== undefined) await rm(overlay, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
