/** The storage pool document (`<pool>`): what libvirt's "Storage pool XML format" page describes, in printed order. */
import {
  attr,
  bytes,
  child,
  document,
  fields,
  type Infer,
  InvalidValue,
  int,
  leaf,
  many,
  nonEmpty,
  oneOf,
  only,
  quote,
  type Scalar,
  type Shape,
  text,
  uint,
  ulong,
  uuid,
  variants,
  yesNo,
} from "../../xml/index.ts";
import { auth } from "../common/auth.ts";
import { pciAddress } from "../common/pci-address.ts";
import { permissions } from "./permissions.ts";

/** A world wide name: 16 hexadecimal digits, perhaps after 0x. */
const wwn: Scalar<string> = {
  parse(from) {
    if (!/^(0[xX])?[0-9a-fA-F]{16}$/.test(from))
      throw new InvalidValue(`${quote(from)} is not a world wide name of 16 digits`);
    return from;
  },
  format: (value) => value,
};

const adapterShape = variants(
  "type",
  {
    scsi_host: {
      name: attr(nonEmpty),
      parentaddr: child({ unique_id: attr(uint()).required(), address: child(pciAddress).required() }),
    },
    fc_host: {
      parent: attr(nonEmpty),
      /** Whether the virtual adapter goes when the pool stops. */
      managed: attr(yesNo),
      parent_wwnn: attr(wwn),
      parent_wwpn: attr(wwn),
      parent_fabric_wwn: attr(wwn),
      wwnn: attr(wwn).required(),
      wwpn: attr(wwn).required(),
    },
  },
  { default: "scsi_host" },
);
export type Adapter = Infer<typeof adapterShape>;
const adapter: Shape<Adapter> = adapterShape;

const sourceShape = fields({
  hosts: many({ name: attr(nonEmpty).required(), port: attr(int).omit(0) }).named("host"),
  devices: many({
    path: attr(nonEmpty).required(),
    /** Whether the names of partitions have a `p` before their number. */
    part_separator: attr(yesNo),
    /** What a running pool's disk has left, in bytes from its beginning. */
    freeExtents: many({ start: attr(ulong).required(), end: attr(ulong).required() }).named("freeExtent"),
  }).named("device"),
  dir: only("path", nonEmpty),
  adapter: child(adapter),
  name: leaf(text),
  initiator: child({ iqn: only("name", nonEmpty) }),
  format: child({ type: attr(nonEmpty) }),
  auth: child(auth),
  /** Version of NFS. */
  protocol: child({ ver: attr(nonEmpty) }),
  vendor: child({ name: attr(nonEmpty) }),
  product: child({ name: attr(nonEmpty) }),
});
export interface PoolSource extends Infer<typeof sourceShape> {}
export const poolSource: Shape<PoolSource> = sourceShape;

const poolTypes = oneOf(
  "dir",
  "fs",
  "netfs",
  "logical",
  "disk",
  "iscsi",
  "iscsi-direct",
  "scsi",
  "mpath",
  "rbd",
  "sheepdog",
  "gluster",
  "zfs",
  "vstorage",
);

const poolShape = fields({
  type: attr(poolTypes).required(),
  /** Where it is missing, the source's name takes its place. */
  name: leaf(text),
  uuid: leaf(uuid),
  /** Bytes, like the next two; what the running pool has. */
  capacity: bytes().default(0n),
  allocation: bytes().default(0n),
  available: bytes().default(0n),
  features: child({ cow: child({ state: attr(yesNo) }) }),
  source: child(poolSource).empty("pair"),
  target: child({ path: leaf(text), permissions: child(permissions) }),
  refresh: child({ volume: child({ allocation: attr(oneOf("default", "capacity")) }) }),
  /** Options for mount(8). */
  mountOptions: child({ options: many({ name: attr(nonEmpty).required() }).named("fs:option") }).named("fs:mount_opts"),
  /** Settings of librados. */
  rbdOptions: child({
    options: many({ name: attr(nonEmpty).required(), value: attr(nonEmpty).required() }).named("rbd:option"),
  }).named("rbd:config_opts"),
});
/** A storage pool as a document has it: `name` and `source` may still be missing. */
export interface PoolDocument extends Infer<typeof poolShape> {}
const poolDocumentShape: Shape<PoolDocument> = poolShape;

/** A storage pool (virStoragePoolDefineXML). */
export interface Pool extends PoolDocument {
  name: string;
  source: PoolSource;
}
export type PoolType = Pool["type"];

export const poolDocument = document(
  "pool",
  poolDocumentShape,
  {
    fs: "http://libvirt.org/schemas/storagepool/fs/1.0",
    rbd: "http://libvirt.org/schemas/storagepool/rbd/1.0",
  },
  { from: "STORAGE", title: "storage_pool_definition" },
);
