/** What virtio devices of all kinds have in common. */
import { attr, oneOf, onOff } from "../../xml/index.ts";

/** Whether the device speaks virtio 1.0 and newer, the older protocol, or both. */
export const virtioModel = oneOf("virtio", "virtio-transitional", "virtio-non-transitional");

/** Attributes of a virtio device's `<driver>`. */
export const virtio = {
  /** Let the device see the guest's IOMMU. */
  iommu: attr(onOff),
  /** Address translation service of the IOMMU. */
  ats: attr(onOff),
  /** Packed virtqueues. */
  packed: attr(onOff),
  page_per_vq: attr(onOff),
};
