/** `<memballoon>`: gives memory back to the host and reports on the guest's memory. */
import { attr, child, fields, type Infer, oneOf, onOff, type Shape, uint } from "../../xml/index.ts";
import { info } from "./info.ts";
import { virtio } from "./virtio.ts";

const memballoonShape = fields({
  model: attr(oneOf("virtio", "xen", "none", "virtio-transitional", "virtio-non-transitional")).required(),
  /** Let the guest have memory back before it kills processes. */
  autodeflate: attr(onOff),
  freePageReporting: attr(onOff),
  /** Seconds between two reports of statistics. */
  stats: child({ period: attr(uint()).omit(0) }),
  ...info,
  driver: child({ ...virtio }),
});
export interface Memballoon extends Infer<typeof memballoonShape> {}
export const memballoon: Shape<Memballoon> = memballoonShape;
