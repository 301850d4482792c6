/** `<disk>`: disks, CD-ROM and floppy drives, LUNs passed through. */
import {
  attr,
  child,
  fields,
  flag,
  type Infer,
  inline,
  leaf,
  oneOf,
  only,
  onOff,
  type Shape,
  text,
  uint,
  ulong,
  yesNo,
} from "../../xml/index.ts";
import { imageFormats } from "../common/image-format.ts";
import { bootable } from "./info.ts";
import { auth, encryption } from "./secret.ts";
import { anyStorage, backingStore, innerFormat, metadataCache, storage } from "./storage.ts";
import { virtio, virtioModel } from "./virtio.ts";

const diskBus = oneOf("ide", "fdc", "scsi", "virtio", "xen", "usb", "uml", "sata", "sd");

const driver = child({
  /** The host's program or kernel part that serves the disk: `qemu`, or Xen's `phy`, `tap2`. */
  name: attr(text),
  type: attr(oneOf("aio", ...imageFormats)),
  cache: attr(oneOf("default", "none", "writethrough", "writeback", "directsync", "unsafe")),
  error_policy: attr(oneOf("stop", "report", "ignore", "enospace")),
  rerror_policy: attr(oneOf("stop", "report", "ignore")),
  io: attr(oneOf("native", "threads", "io_uring")),
  ioeventfd: attr(onOff),
  event_idx: attr(onOff),
  copy_on_read: attr(onOff),
  discard: attr(oneOf("ignore", "unmap")),
  /** Id of the IOThread that serves the disk. */
  iothread: attr(uint()),
  detect_zeroes: attr(oneOf("off", "on", "unmap")),
  /** Number of virtqueues. */
  queues: attr(uint()),
  /** Requests a virtqueue holds. */
  queue_size: attr(uint()),
  ...virtio,
  metadata_cache: metadataCache,
});

/** Zero is no limit, as if nothing were said. */
const amount = leaf({ parse: (from: string) => ulong.parse(from) || undefined, format: ulong.format });

/** Limits of throughput, in bytes and operations a second. */
const iotune = child({
  total_bytes_sec: amount,
  read_bytes_sec: amount,
  write_bytes_sec: amount,
  total_iops_sec: amount,
  read_iops_sec: amount,
  write_iops_sec: amount,
  total_bytes_sec_max: amount,
  read_bytes_sec_max: amount,
  write_bytes_sec_max: amount,
  total_iops_sec_max: amount,
  read_iops_sec_max: amount,
  write_iops_sec_max: amount,
  /** Bytes that count as one operation. */
  size_iops_sec: amount,
  /** Disks of one group share the limits. */
  group_name: leaf(text),
  /** Seconds a burst may last; likewise below. */
  total_bytes_sec_max_length: amount,
  read_bytes_sec_max_length: amount,
  write_bytes_sec_max_length: amount,
  total_iops_sec_max_length: amount,
  read_iops_sec_max_length: amount,
  write_iops_sec_max_length: amount,
});

const mirror = child({
  /** The destination as older programs look for it. */
  file: attr(text),
  /** The destination's format as older programs look for it. */
  legacyFormat: attr(text).named("format"),
  job: attr(oneOf("copy", "active-commit")),
  ready: attr(oneOf("yes", "abort", "pivot")),
  format: innerFormat,
  storage: inline(anyStorage),
  backingStore: child(backingStore).empty("keep"),
});

const diskShape = fields({
  device: attr(oneOf("disk", "cdrom", "floppy", "lun")).default("disk"),
  model: attr(virtioModel),
  /** The emulator may send any SCSI command to the device. */
  rawio: attr(yesNo),
  sgio: attr(oneOf("filtered", "unfiltered")),
  /** What a snapshot of the domain does with this disk when it does not say. */
  snapshot: attr(oneOf("no", "internal", "external", "manual")),
  driver,
  auth: child(auth),
  /** What the disk shows the guest: narrow on `storage.type`. */
  storage: inline(storage).required(),
  backingStore: child(backingStore).empty("keep"),
  /** Xen: the domain that provides the disk. */
  backenddomain: only("name", text),
  geometry: child({
    cyls: attr(uint()),
    heads: attr(uint()),
    secs: attr(uint()),
    trans: attr(oneOf("default", "none", "auto", "lba")),
  }),
  /** Bytes. */
  blockio: child({ logical_block_size: attr(uint()), physical_block_size: attr(uint()) }),
  /** A block job that is copying the disk. */
  mirror: mirror.live(),
  target: child({
    /** Name for the user; its prefix hints at the bus, the guest may name the disk otherwise. */
    dev: attr(text).required(),
    bus: attr(diskBus),
    tray: attr(oneOf("open", "closed")).omit("closed"),
    removable: attr(onOff),
    /** Revolutions a minute, 1 for a solid-state disk. */
    rotation_rate: attr(uint()),
  }).required(),
  iotune,
  readonly: flag(),
  shareable: flag(),
  /** Changes are thrown away when the guest ends. */
  transient: child({ shareBacking: attr(yesNo) }).empty("keep"),
  serial: leaf(text),
  wwn: leaf(text),
  vendor: leaf(text),
  product: leaf(text),
  encryption: child(encryption).empty("pair"),
  ...bootable,
});

export interface Disk extends Infer<typeof diskShape> {}
export const disk: Shape<Disk> = diskShape;
export type DiskBus = NonNullable<Disk["target"]["bus"]>;
