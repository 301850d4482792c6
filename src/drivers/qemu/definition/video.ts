/** Graphics cards: which one a guest gets, and the memory QXL has. */
import type { ParsedDomain, Video } from "../../../model/domain/index.ts";
import type { DefinitionContext } from "./context.ts";
import { isArmVirt, isPpc64, isRiscvVirt, isS390, isX86 } from "./machine.ts";

type VideoType = NonNullable<NonNullable<Video["model"]>["type"]>;

/** The card that graphics get when the definition has none, and what `<video/>` means. */
function defaultVideo(domain: ParsedDomain, { capabilities }: DefinitionContext): VideoType {
  if (isPpc64(domain)) return "vga";
  if (isArmVirt(domain) || isRiscvVirt(domain) || isS390(domain)) return "virtio";
  if (isX86(domain) && capabilities.has("cirrus-vga")) return "cirrus";
  if (capabilities.has("VGA")) return "vga";
  return "cirrus";
}

/** KiB. */
const qxlVgamem = 16 * 1024;

export function completeVideos(domain: ParsedDomain, context: DefinitionContext): void {
  const { videos, graphics } = domain.devices;
  const fallback = defaultVideo(domain, context);
  if (videos.length === 0 && graphics.length > 0) videos.push({ model: {} });
  for (const video of videos) {
    video.model ??= {};
    const { model } = video;
    if (model.type === undefined || model.type === "default") model.type = fallback;
    if (model.type === "qxl") model.vgamem ||= qxlVgamem;
  }
}
