/** The virtio devices of a guest, whatever bus they are on. */
import { type AnyDevice, type Controller, isVirtio, type ParsedDomain } from "../../../model/domain/index.ts";

/** In the order in which they get channel addresses. */
export function* virtioDevices({ devices }: ParsedDomain): Generator<AnyDevice> {
  for (const disk of devices.disks) if (disk.target.bus === "virtio") yield disk;
  for (const card of devices.interfaces) {
    if (card.connection.type !== "hostdev" && isVirtio(card.model)) yield card;
  }
  for (const hostdev of devices.hostdevs) {
    if (hostdev.mode === "subsystem" && hostdev.device.type === "scsi_host") yield hostdev;
  }
  for (const video of devices.videos) if (video.model?.type === "virtio") yield video;
  for (const controller of devices.controllers) if (isVirtioController(controller)) yield controller;
  for (const input of devices.inputs) if (input.bus === "virtio") yield input;
  yield* devices.filesystems;
  if (devices.memballoon !== undefined && isVirtio(devices.memballoon.model)) yield devices.memballoon;
  yield* devices.rngs;
  if (devices.vsock !== undefined) yield devices.vsock;
}

function isVirtioController(controller: Controller): boolean {
  if (controller.type === "virtio-serial") return true;
  if (controller.type !== "scsi") return false;
  return controller.model === "virtio-scsi" || isVirtio(controller.model);
}
