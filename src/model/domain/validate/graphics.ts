/** Graphics and video cards. */
import type { Domain } from "../domain.ts";
import { malformed, unsupported } from "../refuse.ts";
import type { Video } from "../video.ts";

export function validateGraphics({ devices }: Domain): void {
  const { videos, graphics, audios } = devices;
  if (videos.length > 1 && videos.some(({ model }) => model?.type === "none")) {
    unsupported("a 'none' video type must be the only video device defined for the domain");
  }
  for (const video of videos) validateVideo(video);
  const ids = new Set<number>();
  for (const { id } of audios) {
    if (ids.has(id)) malformed(`audio device ID ${id} is used more than once`);
    ids.add(id);
  }
  for (const one of graphics) {
    if (one.type === "vnc" && one.connected !== undefined && one.connected !== "keep") {
      unsupported("VNC supports connected='keep' only");
    }
    if ("audio" in one && one.audio !== undefined && !ids.has(one.audio)) noAudio(one.audio);
  }
  for (const { audio } of devices.sounds) if (audio !== undefined && !ids.has(audio)) noAudio(audio);
}

function noAudio(id: number): never {
  return malformed(`no audio device with ID ${id}`);
}

function validateVideo({ model, driver }: Video): void {
  if (model?.acceleration?.rendernode !== undefined && driver?.name !== "vhostuser") {
    unsupported("unsupported rendernode accel attribute without 'vhostuser'");
  }
  if (model?.type !== "qxl" && (model?.ram || model?.vram64 || model?.vgamem)) {
    unsupported("ram, vram64 and vgamem attributes are only supported for video type qxl");
  }
  if (model?.type !== "virtio" && driver !== undefined) {
    for (const option of ["iommu", "ats", "packed", "page_per_vq"] as const) {
      if (driver[option] !== undefined) {
        unsupported(`${option} driver option is only supported for virtio devices`);
      }
    }
  }
  if (driver?.name === "vhostuser" && model?.type !== "virtio") {
    unsupported("driver 'vhostuser' is only supported for virtio video");
  }
}
