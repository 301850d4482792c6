/** Graphics cards: the models QEMU has, and how much each can do. */
import type { Domain, Video } from "../../../model/domain/index.ts";
import type { CapabilityFlag } from "../capabilities/flags.ts";
import type { ValidationContext } from "./context.ts";
import { hasAny, unsupported } from "./refuse.ts";

type Model = NonNullable<NonNullable<Video["model"]>["type"]>;

/** The devices of each model; any of them will do. */
const flags: { readonly [M in Model]?: readonly CapabilityFlag[] } = {
  vga: ["VGA"],
  cirrus: ["cirrus-vga"],
  vmvga: ["vmware-svga"],
  qxl: ["qxl"],
  virtio: ["virtio-gpu", "virtio-vga", "virtio-gpu-ccw", "vhost-user-gpu", "vhost-user-vga"],
  bochs: ["bochs-display"],
  ramfb: ["ramfb"],
};

export function validateVideos({ devices }: Domain, context: ValidationContext): void {
  for (const [at, video] of devices.videos.entries()) {
    validateVideo(video, at > 0 && video.model?.primary !== true, context);
  }
}

function validateVideo({ model, driver }: Video, secondary: boolean, context: ValidationContext): void {
  if (model?.type === undefined || model.type === "none") return;
  const { type, heads, vram, vgamem, acceleration } = model;
  if (driver?.name === "vhostuser") {
    if (!hasAny(context, "vhost-user-gpu")) {
      unsupported(`domain configuration does not support 'vhostuser' video driver`);
    }
  } else if (!hasAny(context, ...(flags[type] ?? []))) {
    unsupported(`domain configuration does not support video model '${type}'`);
  }
  if (secondary && type !== "qxl" && type !== "virtio") {
    unsupported(`video type '${type}' is only valid as primary video device`);
  }
  if (heads !== undefined && heads > 1 && type !== "qxl" && type !== "virtio") {
    unsupported(`video type '${type}' doesn't support multiple 'heads'`);
  }
  if (acceleration?.accel3d === true && type !== "virtio") {
    unsupported("3d acceleration is supported only with 'virtio' video device");
  }
  if ((type === "vga" || type === "vmvga") && vram !== undefined && vram > 0 && vram < 1024) {
    unsupported("value for 'vram' must be at least 1 MiB (1024 KiB)");
  }
  if (type === "qxl" && vgamem !== undefined) {
    if (vgamem < 1024) unsupported("value for 'vgamem' must be at least 1 MiB (1024 KiB)");
    if (Math.log2(vgamem) % 1 !== 0) unsupported("value for 'vgamem' must be power of two");
  }
}
