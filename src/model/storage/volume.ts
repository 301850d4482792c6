/** The storage volume document (`<volume>`): what libvirt's "Storage volume XML format" describes, in printed order. */
import {
  attr,
  bytes,
  child,
  document,
  type Fields,
  fields,
  flag,
  type Infer,
  leaf,
  many,
  nonEmpty,
  oneOf,
  pattern,
  type Shape,
  text,
  ulong,
} from "../../xml/index.ts";
import { encryption } from "../common/encryption.ts";
import { permissions } from "./permissions.ts";

/** `seconds.nanoseconds` since 1970. */
const time = leaf(pattern(/[0-9]+(\.[0-9]*)?/, "a time in seconds"));

const place = {
  path: leaf(text),
  format: child({ type: attr(nonEmpty) }),
  permissions: child(permissions),
  /** Only a running pool knows them. */
  timestamps: child({ atime: time, mtime: time, ctime: time, btime: time }),
} satisfies Fields;

const targetShape = fields({
  ...place,
  encryption: child(encryption).empty("pair"),
  /** Version of the image format, such as the oldest QEMU that must read it (0.10, 1.1). */
  compat: leaf(pattern(/[0-9]+\.[0-9]+/, "a version like 1.1")),
  /** Only asked for when a volume is made: no copy on write on btrfs. Never printed. */
  nocow: flag().when(() => false),
  /** Bytes. */
  clusterSize: bytes("B"),
  features: child({ lazy_refcounts: flag(), extended_l2: flag() }).empty("keep"),
});
export interface VolumeTarget extends Infer<typeof targetShape> {}
export const volumeTarget: Shape<VolumeTarget> = targetShape;

const volumeShape = fields({
  type: attr(oneOf("file", "block", "dir", "network", "netdir", "ploop")).default("file"),
  name: leaf(text).required(),
  /** What it is known by across pools on this host. */
  key: leaf(text),
  /** Where a logical volume's or partition's bytes are. */
  source: child({
    devices: many({
      path: attr(text).required(),
      extents: many({ start: attr(ulong).required(), end: attr(ulong).required() }).named("extent"),
    }).named("device"),
  }),
  /** Size that a guest sees, in bytes. */
  capacity: bytes(),
  /** Bytes it takes in the pool. */
  allocation: bytes(),
  /** Bytes of its file. */
  physical: bytes(),
  target: child(targetShape),
  backingStore: child(place),
});
/** A volume as a document has it. */
export interface VolumeDocument extends Infer<typeof volumeShape> {}
const volumeDocumentShape: Shape<VolumeDocument> = volumeShape;

/** A storage volume (virStorageVolCreateXML). */
export interface Volume extends VolumeDocument {
  capacity: bigint;
  allocation: bigint;
  target: VolumeTarget;
}

export const volumeDocument = document(
  "volume",
  volumeDocumentShape,
  {},
  { from: "STORAGE", title: "storage_volume_definition" },
);
