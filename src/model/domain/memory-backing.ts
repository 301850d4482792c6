/** `<memoryBacking>`: what the guest's memory is made of on the host. */
import {
  attr,
  child,
  cpuset,
  fields,
  flag,
  type Infer,
  kibAttr,
  many,
  oneOf,
  only,
  type Shape,
  uint,
} from "../../xml/index.ts";

const memoryBackingShape = fields({
  hugepages: child({
    pages: many({
      /** KiB. */
      size: kibAttr().required(),
      /** The guest's NUMA nodes that use this size; all others use the page without nodes. */
      nodeset: attr(cpuset),
    }).named("page"),
  }).empty("keep"),
  /** Pages are not merged with those of other guests. */
  nosharepages: flag(),
  /** Pages are never swapped out. */
  locked: flag(),
  source: only("type", oneOf("file", "anonymous", "memfd")),
  access: only("mode", oneOf("shared", "private")),
  allocation: child({ mode: attr(oneOf("immediate", "ondemand")), threads: attr(uint()).omit(0) }),
  /** The host is told that contents need not be kept when the guest ends. */
  discard: flag(),
});
export interface MemoryBacking extends Infer<typeof memoryBackingShape> {}
export const memoryBacking: Shape<MemoryBacking> = memoryBackingShape;
