/** Graphics cards. */
import { LibvirtError } from "../../../../errors.ts";
import type { Video } from "../../../../model/domain/index.ts";
import type { QemuCapabilities } from "../../capabilities/capabilities.ts";
import type { JsonObject } from "../../monitor/json.ts";
import { addressProps, aliasOf } from "../address.ts";
import type { DeviceContext } from "../devices/context.ts";
import { virtioDriver, virtioProps } from "../devices/virtio.ts";
import { chardev, device } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

type Model = NonNullable<Video["model"]>;

export function videoParts(video: Video, context: DeviceContext): Part[] {
  const model = video.model ?? {};
  if (model.type === "none") return [];
  return model.type === "virtio" ? virtioParts(video, model, context) : [plainPart(video, model, context)];
}

/** The card that the firmware uses: the first, unless another one says so. */
function isPrimary(video: Video, { domain }: DeviceContext): boolean {
  const { videos } = domain.devices;
  const chosen = videos.find(({ model }) => model?.primary === true) ?? videos[0];
  return video === chosen;
}

function plainPart(video: Video, model: Model, context: DeviceContext): Part {
  const { driver, props } = plainCard(video, model, context);
  return device(driver, {
    id: aliasOf(video),
    ...props,
    ...resolution(model),
    ...addressProps(video, context.domain),
  });
}

/** Bytes of KiB. */
const bytes = (kib: number | undefined): number | undefined => (kib ? kib * 1024 : undefined);
/** MiB of KiB. */
const mebibytes = (kib: number | undefined): number | undefined => (kib ? Math.trunc(kib / 1024) : undefined);

function plainCard(video: Video, model: Model, context: DeviceContext): { driver: string; props: JsonObject } {
  const { capabilities } = context;
  switch (model.type) {
    case "cirrus":
      return { driver: "cirrus-vga", props: {} };
    case "vga":
      return {
        driver: "VGA",
        props: capabilities.has("VGA.vgamem_mb") ? { vgamem_mb: mebibytes(model.vram) } : {},
      };
    case "vmvga":
      return {
        driver: "vmware-svga",
        props: capabilities.has("vmware-svga.vgamem_mb") ? { vgamem_mb: mebibytes(model.vram) } : {},
      };
    case "qxl":
      return { driver: isPrimary(video, context) ? "qxl-vga" : "qxl", props: qxlProps(model, capabilities) };
    case "bochs":
      return { driver: "bochs-display", props: { vgamem: bytes(model.vram) } };
    case "ramfb":
      return { driver: "ramfb", props: {} };
    default:
      throw new LibvirtError(
        "CONFIG_UNSUPPORTED",
        "QEMU",
        `video type '${model.type ?? "default"}' is not supported with QEMU`,
      );
  }
}

function qxlProps({ heads, ram, vram, vram64, vgamem }: Model, capabilities: QemuCapabilities): JsonObject {
  return {
    max_outputs: heads || undefined,
    ram_size: bytes(ram),
    vram_size: bytes(vram),
    vram64_size_mb: capabilities.has("qxl.vram64_size_mb") ? (mebibytes(vram64) ?? 0) : undefined,
    vgamem_mb: capabilities.has("qxl.vgamem_mb") ? mebibytes(vgamem) : undefined,
  };
}

const resolution = ({ resolution: size }: Model): JsonObject =>
  size === undefined ? {} : { xres: size.x, yres: size.y };

/** A virtio card, drawn by QEMU or by a process behind a socket. */
function virtioParts(video: Video, model: Model, context: DeviceContext): Part[] {
  const { domain, folder } = context;
  const id = aliasOf(video);
  const outside = video.driver?.name === "vhostuser";
  const { driver, isVga, props } = outside ? vhostUserCard(video, context) : virtioCard(video, model, context);
  const socket = outside ? `chr-vu-${id}` : undefined;
  const card = device(driver, {
    ...(isVga && outside ? {} : virtioProps(video.driver)),
    id,
    ...props,
    max_outputs: model.heads || undefined,
    ...resolution(model),
    chardev: socket,
    ...addressProps(video, domain),
  });
  if (socket === undefined) return [card];
  const addr = { type: "unix", data: { path: `${folder}/${id}-vhost-user-gpu.sock` } };
  return [chardev(socket, "socket", { addr, server: false }), card];
}

interface VirtioCard {
  readonly driver: string;
  /** A VGA card too; one that another process draws takes none of virtio's own options then. */
  readonly isVga: boolean;
  readonly props: JsonObject;
}

function vhostUserCard(video: Video, context: DeviceContext): VirtioCard {
  const isVga = isPrimary(video, context) && context.capabilities.has("vhost-user-vga");
  return { driver: isVga ? "vhost-user-vga" : virtioDriver("vhost-user-gpu", video), isVga, props: {} };
}

function virtioCard(video: Video, { acceleration }: Model, context: DeviceContext): VirtioCard {
  const { capabilities } = context;
  const isVga = isPrimary(video, context) && capabilities.has("virtio-vga");
  const accelerated = acceleration?.accel3d;
  const variant = isVga ? "virtio-vga-gl" : "virtio-gpu-gl-pci";
  if (accelerated === true && capabilities.has(variant)) return { driver: variant, isVga, props: {} };
  const driver = isVga ? "virtio-vga" : virtioDriver("virtio-gpu", video);
  const switchable = capabilities.has("virtio-gpu.virgl") && !capabilities.has(variant);
  return { driver, isVga, props: switchable ? { virgl: accelerated } : {} };
}
