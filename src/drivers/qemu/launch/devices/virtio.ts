/** Virtio devices: which variant a device is, and the properties they all have. */
import type { Address } from "../../../../model/domain/index.ts";
import type { JsonObject } from "../../monitor/json.ts";
import type { DeviceContext } from "./context.ts";

/** What tells the variants of a virtio device apart. */
export interface VirtioDevice {
  readonly model?: string | undefined;
  readonly address?: Address | undefined;
}

const suffixes: { readonly [type in Address["type"]]?: string } = { ccw: "-ccw", "virtio-mmio": "-device" };

/** Name of a virtio device on its bus: `virtio-blk-pci`, `virtio-blk-ccw`, `virtio-blk-device`. */
export function virtioDriver(name: string, { address }: Pick<VirtioDevice, "address">): string {
  return `${name}${(address && suffixes[address.type]) ?? "-pci"}`;
}

/** Driver and properties of a virtio device that may be asked to speak the older protocol only, or the newer. */
export function versionedDriver(
  name: string,
  device: VirtioDevice,
  { capabilities }: DeviceContext,
): { readonly driver: string; readonly props: JsonObject } {
  const driver = virtioDriver(name, device);
  const variant = variantOf(device);
  if (variant === undefined) return { driver, props: {} };
  if (capabilities.has("virtio-pci-non-transitional")) return { driver: `${driver}-${variant}`, props: {} };
  // Emulators without the two variants say the same by what is switched off.
  return {
    driver,
    props: { "disable-legacy": variant === "non-transitional" ? "on" : "off", "disable-modern": false },
  };
}

function variantOf({ model }: VirtioDevice): "transitional" | "non-transitional" | undefined {
  if (model === "virtio-transitional") return "transitional";
  return model === "virtio-non-transitional" ? "non-transitional" : undefined;
}

export interface VirtioOptions {
  readonly iommu?: boolean | undefined;
  readonly ats?: boolean | undefined;
  readonly packed?: boolean | undefined;
  readonly page_per_vq?: boolean | undefined;
}

/** What `<driver>` of every virtio device may say. */
export function virtioProps(options: VirtioOptions | undefined): JsonObject {
  if (options === undefined) return {};
  const { iommu, ats, packed, page_per_vq } = options;
  return { iommu_platform: iommu, ats, packed, "page-per-vq": page_per_vq };
}
