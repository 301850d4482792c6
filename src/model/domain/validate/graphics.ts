/** Graphics and video cards. */
import type { Domain } from "../domain.ts";
import { invalidValue, malformed, unsupported } from "../refuse.ts";
import type { Video } from "../video.ts";

export function validateGraphics({ devices }: Domain): void {
  const { videos, graphics, audios } = devices;
  if (videos.length > 1 && videos.some(({ model }) => model?.type === "none")) {
    unsupported("a 'none' video type must be the only video device defined for the domain");
  }
  for (const video of videos) validateVideo(video);
  const ids = new Set<number>();
  for (const { id, backend } of audios) {
    if (id === 0) invalidValue("Invalid value for attribute 'id' in element 'audio': Zero is not permitted");
    validateSound(backend.input);
    validateSound(backend.output);
    if (ids.has(id)) malformed(`audio ID ${id} is used multiple times`);
    ids.add(id);
  }
  for (const one of graphics) {
    if (one.type === "vnc" && one.connected !== undefined && one.connected !== "keep") {
      unsupported("VNC supports connected='keep' only");
    }
    if (one.type === "dbus" && one.p2p === true && one.address !== undefined) {
      malformed("D-Bus p2p with an address is not supported");
    }
    if ("audio" in one && one.audio !== undefined && !ids.has(one.audio)) noAudio(one.audio);
  }
  for (const { audio } of devices.sounds) if (audio !== undefined && !ids.has(audio)) noAudio(audio);
}

interface Sound {
  readonly mixingEngine?: boolean | undefined;
  readonly fixedSettings?: boolean | undefined;
  readonly settings?: object | undefined;
}

/** Settings are for the mixer, and hold only where they are fixed. */
function validateSound(sound: Sound | undefined): void {
  if (sound === undefined) return;
  if (sound.settings !== undefined && sound.fixedSettings !== true) {
    unsupported("audio settings specified without fixed settings flag");
  }
  if (sound.fixedSettings === true && sound.mixingEngine === false) {
    unsupported("fixed audio settings requires mixing engine");
  }
}

function noAudio(id: number): never {
  return malformed(`no audio device with ID ${id}`);
}

function validateVideo({ model, driver, address }: Video): void {
  if (model?.acceleration?.rendernode !== undefined && driver?.name !== "vhostuser") {
    unsupported("unsupported rendernode accel attribute without 'vhostuser'");
  }
  for (const memory of ["ram", "vram64", "vgamem"] as const) {
    if (model?.type !== "qxl" && model?.[memory]) unsupported(`${memory} attribute only supported for video type qxl`);
  }
  if (model?.resolution !== undefined && (model.resolution.x === 0 || model.resolution.y === 0)) {
    unsupported("video resolution values must be greater than 0");
  }
  if (model?.type === "ramfb" && address !== undefined) {
    unsupported(`address not supported for video type ${model.type}`);
  }
  if (model?.type !== "virtio" && driver !== undefined) {
    for (const option of ["iommu", "ats", "packed", "page_per_vq"] as const) {
      if (driver[option] !== undefined) {
        unsupported(`${option} driver option is only supported for virtio devices`);
      }
    }
  }
  if (driver?.name === "vhostuser" && model?.type !== "virtio") {
    unsupported("'vhostuser' driver is only supported with 'virtio' device");
  }
}
