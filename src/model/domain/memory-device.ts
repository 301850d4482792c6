/** `<memory>` among the devices: memory modules that are plugged in. */
import {
  attr,
  child,
  cpuset,
  fields,
  flag,
  type Infer,
  kib,
  leaf,
  oneOf,
  type Shape,
  text,
  uint,
  uuid,
  yesNo,
} from "../../xml/index.ts";
import { info } from "./info.ts";

const memoryDeviceShape = fields({
  model: attr(oneOf("dimm", "nvdimm", "virtio-pmem", "virtio-mem", "sgx-epc")).required(),
  access: attr(oneOf("shared", "private")),
  /** Tell the host that the contents need not be kept when the module goes. */
  discard: attr(yesNo),
  uuid: leaf(uuid),
  /** What the host backs it with. Sizes in KiB. */
  source: child({
    nodemask: leaf(cpuset),
    pagesize: kib(),
    path: leaf(text),
    alignsize: kib(),
    /** The file is on real persistent memory. */
    pmem: flag(),
  }),
  /** What the guest sees. Sizes in KiB. */
  target: child({
    size: kib().required(),
    /** The guest's NUMA node. */
    node: leaf(uint()),
    label: child({ size: kib() }),
    /** virtio-mem: the granularity. */
    block: kib(),
    /** virtio-mem: how much the guest should use. */
    requested: kib(),
    /** virtio-mem: how much the guest uses. */
    current: kib().live(),
    readonly: flag(),
  }).required(),
  ...info,
});
export interface MemoryDevice extends Infer<typeof memoryDeviceShape> {}
export const memoryDevice: Shape<MemoryDevice> = memoryDeviceShape;
