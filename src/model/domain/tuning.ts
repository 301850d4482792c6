/** Shares of the host's resources: CPU, memory, block devices, NUMA nodes, partitions. */
import {
  attr,
  child,
  cpuset,
  fields,
  type Infer,
  kibLimit,
  leaf,
  long,
  many,
  oneOf,
  only,
  type Shape,
  text,
  uint,
  ulong,
} from "../../xml/index.ts";
import { cacheSizeAttr } from "./sizes.ts";

const scheduler = {
  scheduler: attr(oneOf("batch", "idle", "fifo", "rr")).required(),
  /** Of the real-time schedulers, 1 to 99. */
  priority: attr(uint()),
};
const period = leaf(ulong);
const quota = leaf(long);

const cputuneShape = fields({
  /** Weight against other domains. */
  shares: leaf(ulong),
  /** Microseconds; a quota is how many of the period's microseconds may be used, -1 is no limit. */
  period,
  quota,
  global_period: period,
  global_quota: quota,
  emulator_period: period,
  emulator_quota: quota,
  iothread_period: period,
  iothread_quota: quota,
  vcpupins: many({ vcpu: attr(uint()).required(), cpuset: attr(cpuset).required() }).named("vcpupin"),
  emulatorpin: child({ cpuset: attr(cpuset).required() }),
  iothreadpins: many({ iothread: attr(uint()).required(), cpuset: attr(cpuset).required() }).named("iothreadpin"),
  emulatorsched: child(scheduler),
  vcpuscheds: many({ vcpus: attr(cpuset).required(), ...scheduler }).named("vcpusched"),
  iothreadscheds: many({ iothreads: attr(cpuset).required(), ...scheduler }).named("iothreadsched"),
  cachetunes: many({
    vcpus: attr(cpuset).required(),
    /** Name of the group in the resctrl file system. */
    id: attr(text).live(),
    caches: many({
      /** The host's cache. */
      id: attr(uint()).required(),
      level: attr(uint()).required(),
      type: attr(oneOf("both", "code", "data")).required(),
      /** Bytes. */
      size: cacheSizeAttr().required(),
    }).named("cache"),
    monitors: many({ level: attr(uint()).required(), vcpus: attr(cpuset).required() }).named("monitor"),
  }).named("cachetune"),
  memorytunes: many({
    vcpus: attr(cpuset).required(),
    id: attr(text).live(),
    /** Bandwidth in percent. */
    nodes: many({ id: attr(uint()).required(), bandwidth: attr(uint()).required() }).named("node"),
    monitors: many({ vcpus: attr(cpuset).required() }).named("monitor"),
  }).named("memorytune"),
});
export interface Cputune extends Infer<typeof cputuneShape> {}
export const cputune: Shape<Cputune> = cputuneShape;

/** All in KiB. */
const memtuneShape = fields({
  hard_limit: kibLimit(),
  soft_limit: kibLimit(),
  min_guarantee: kibLimit(),
  swap_hard_limit: kibLimit(),
});
export interface Memtune extends Infer<typeof memtuneShape> {}
export const memtune: Shape<Memtune> = memtuneShape;

const blkiotuneShape = fields({
  weight: leaf(uint()),
  devices: many({
    path: leaf(text).required(),
    weight: leaf(uint()),
    read_iops_sec: leaf(uint()),
    write_iops_sec: leaf(uint()),
    read_bytes_sec: leaf(ulong),
    write_bytes_sec: leaf(ulong),
  }).named("device"),
});
export interface Blkiotune extends Infer<typeof blkiotuneShape> {}
export const blkiotune: Shape<Blkiotune> = blkiotuneShape;

const numaMode = attr(oneOf("strict", "preferred", "interleave", "restrictive"));

const numatuneShape = fields({
  memory: child({
    mode: numaMode.default("strict"),
    /** `auto`: numad chooses the nodes. */
    placement: attr(oneOf("static", "auto")),
    nodeset: attr(cpuset),
  }),
  memnodes: many({
    cellid: attr(uint()).required(),
    mode: numaMode.default("strict"),
    nodeset: attr(cpuset).required(),
  }).named("memnode"),
});
export interface Numatune extends Infer<typeof numatuneShape> {}
export const numatune: Shape<Numatune> = numatuneShape;

const resourceShape = fields({
  /** The cgroup to stand under. */
  partition: leaf(text),
  /** Marks the guest's traffic in the fabric. */
  fibrechannel: only("appid", text),
});
export interface Resource extends Infer<typeof resourceShape> {}
export const resource: Shape<Resource> = resourceShape;
