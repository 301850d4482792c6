/** Devices with little to say: leases, hubs, NVRAM, IOMMU, vsock. */
import {
  attr,
  child,
  fields,
  type Infer,
  leaf,
  oneOf,
  onOff,
  type Shape,
  text,
  uint,
  ulong,
  yesNo,
} from "../../xml/index.ts";
import { info } from "./info.ts";
import { virtio, virtioModel } from "./virtio.ts";

const leaseShape = fields({
  lockspace: leaf(text),
  key: leaf(text).required(),
  target: child({
    path: attr(text).required(),
    /** Bytes from the start of the file. */
    offset: attr(ulong).omit(0n),
  }).required(),
});
/** A lock that the guest holds while it runs (virtlockd, sanlock). */
export interface Lease extends Infer<typeof leaseShape> {}
export const lease: Shape<Lease> = leaseShape;

const hubShape = fields({ type: attr(oneOf("usb")).required("INTERNAL_ERROR"), ...info });
export interface Hub extends Infer<typeof hubShape> {}
export const hub: Shape<Hub> = hubShape;

const nvramShape = fields({ ...info });
/** The NVRAM of a pSeries guest. */
export interface Nvram extends Infer<typeof nvramShape> {}
export const nvram: Shape<Nvram> = nvramShape;

const iommuShape = fields({
  model: attr(oneOf("intel", "smmuv3", "virtio")).required(),
  driver: child({
    intremap: attr(onOff),
    caching_mode: attr(onOff),
    eim: attr(onOff),
    iotlb: attr(onOff),
    /** Bits of an IOVA. */
    aw_bits: attr(uint(255)).omit(0),
  }),
  ...info,
});
export interface Iommu extends Infer<typeof iommuShape> {}
export const iommu: Shape<Iommu> = iommuShape;

const vsockShape = fields({
  model: attr(virtioModel),
  /** The guest's context id: given, or chosen at start. */
  cid: child({ auto: attr(yesNo), address: attr(uint()).omit(0) }),
  ...info,
  driver: child({ ...virtio }),
});
export interface Vsock extends Infer<typeof vsockShape> {}
export const vsock: Shape<Vsock> = vsockShape;
