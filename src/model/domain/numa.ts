/** `<numa>` in `<cpu>`: the guest's NUMA nodes. */
import {
  attr,
  child,
  cpuset,
  fields,
  type Infer,
  kibAttr,
  many,
  oneOf,
  type Shape,
  uint,
  yesNo,
} from "../../xml/index.ts";
import { lineSizeAttr } from "./sizes.ts";

const reach = {
  initiator: attr(uint()).required(),
  target: attr(uint()).required(),
  /** Level of the cache that is reached, instead of the memory itself. */
  cache: attr(uint()).omit(0),
  type: attr(oneOf("access", "read", "write")).required(),
};

const cellShape = fields({
  /** Numbered in order when missing. */
  id: attr(uint()),
  cpus: attr(cpuset),
  /** KiB. */
  memory: kibAttr().required(),
  memAccess: attr(oneOf("shared", "private")),
  discard: attr(yesNo),
  /** Distance to other nodes, 10 to itself. */
  distances: child({
    siblings: many({ id: attr(uint()).required(), value: attr(uint(255)).required() }).named("sibling"),
  }),
  caches: many({
    level: attr(uint()).required(),
    associativity: attr(oneOf("none", "direct", "full")).required(),
    policy: attr(oneOf("none", "writeback", "writethrough")).required(),
    /** KiB. */
    size: child({ value: kibAttr().required() }).required(),
    /** Bytes. */
    line: child({ value: lineSizeAttr().required() }).required(),
  }).named("cache"),
});
export interface NumaCell extends Infer<typeof cellShape> {}
const cell: Shape<NumaCell> = cellShape;

const numaShape = fields({
  cells: many(cell).named("cell"),
  interconnects: child({
    /** Nanoseconds. */
    latencies: many({ ...reach, value: attr(uint()).required() }).named("latency"),
    /** KiB/s. */
    bandwidths: many({ ...reach, value: kibAttr().required() }).named("bandwidth"),
  }),
});
export interface Numa extends Infer<typeof numaShape> {}
export const numa: Shape<Numa> = numaShape;
