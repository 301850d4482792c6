/** What each type of storage pool has: which parts of `<source>` mean something to it, formats, whether it has a target. */
import type { PoolSource, PoolType } from "./pool.ts";

type Part = Extract<keyof PoolSource, "hosts" | "devices" | "dir" | "adapter" | "name" | "initiator">;

export interface PoolTypeFacts {
  /** The parts of the source that count; others are dropped. */
  readonly parts: readonly Part[];
  /** Parts without which the pool is refused. */
  readonly needs: readonly Part[];
  /** Known formats, the first of them the default; empty where the type has none. */
  readonly formats: readonly string[];
  /** Whether the pool's volumes stand below a path on this host. */
  readonly target: boolean;
  /** Directory that the source's name stands in: then the target's path follows from it. */
  readonly targetParent?: string;
  /** Whether the source's name is the pool's when it is missing. */
  readonly nameFromPool?: boolean;
  /** What its volumes' formats are about: images, partitions, or nothing. */
  readonly volumes: "image" | "partition" | "plain";
}

const fileSystems = [
  "auto",
  "ext2",
  "ext3",
  "ext4",
  "ufs",
  "iso9660",
  "udf",
  "gfs",
  "gfs2",
  "vfat",
  "hfs+",
  "xfs",
  "ocfs2",
  "vmfs",
];

export const poolTypes: { readonly [Type in PoolType]: PoolTypeFacts } = {
  dir: { parts: [], needs: [], formats: [], target: true, volumes: "image" },
  fs: { parts: ["devices"], needs: ["devices"], formats: fileSystems, target: true, volumes: "image" },
  netfs: {
    parts: ["hosts", "dir"],
    needs: ["hosts", "dir"],
    formats: ["auto", "nfs", "glusterfs", "cifs"],
    target: true,
    volumes: "image",
  },
  logical: {
    parts: ["name", "devices"],
    needs: [],
    formats: ["lvm2", "unknown"],
    target: true,
    targetParent: "/dev",
    volumes: "plain",
  },
  disk: {
    parts: ["devices"],
    needs: ["devices"],
    formats: ["unknown", "dos", "dvh", "gpt", "mac", "bsd", "pc98", "sun", "lvm2"],
    target: true,
    volumes: "partition",
  },
  iscsi: {
    parts: ["hosts", "devices", "initiator"],
    needs: ["hosts", "devices"],
    formats: [],
    target: true,
    volumes: "plain",
  },
  "iscsi-direct": {
    parts: ["hosts", "devices", "initiator"],
    needs: ["hosts", "devices", "initiator"],
    formats: [],
    target: false,
    volumes: "plain",
  },
  scsi: { parts: ["adapter"], needs: ["adapter"], formats: [], target: true, volumes: "plain" },
  mpath: { parts: [], needs: [], formats: [], target: true, volumes: "plain" },
  rbd: { parts: ["hosts", "name"], needs: ["hosts", "name"], formats: [], target: false, volumes: "image" },
  sheepdog: { parts: ["hosts", "name"], needs: ["hosts", "name"], formats: [], target: false, volumes: "plain" },
  gluster: {
    parts: ["hosts", "dir", "name"],
    needs: ["hosts", "name"],
    formats: [],
    target: false,
    nameFromPool: true,
    volumes: "image",
  },
  zfs: {
    parts: ["name", "devices"],
    needs: [],
    formats: [],
    target: true,
    targetParent: "/dev/zvol",
    volumes: "plain",
  },
  vstorage: { parts: ["name"], needs: [], formats: [], target: true, nameFromPool: true, volumes: "image" },
};
