/** Disks that are volumes of storage pools: where they are, the pool is asked when a guest gets them. */
import type { Caller } from "../../../../driver/session.ts";
import { LibvirtError } from "../../../../errors.ts";
import type { Domain as Definition, Disk, Storage, StorageOf } from "../../../../model/domain/index.ts";
import { StorageVolType } from "../../../../protocol/index.ts";

type VolumeSource = NonNullable<StorageOf<"volume">["source"]>;
type Found = NonNullable<VolumeSource["found"]>;

const types: ReadonlyMap<number, Found["type"]> = new Map([
  [StorageVolType.FILE, "file"],
  [StorageVolType.BLOCK, "block"],
  [StorageVolType.DIR, "dir"],
]);

/** Notes of each disk that is a volume where that is. */
export async function findVolumes(call: Caller, { devices }: Pick<Definition, "devices">): Promise<void> {
  await Promise.all(devices.disks.map((disk) => findVolume(call, disk)));
}

async function findVolume(call: Caller, disk: Disk): Promise<void> {
  if (disk.storage.type !== "volume" || disk.storage.source === undefined) return;
  const { source } = disk.storage;
  const { pool: poolName, volume: name } = source;
  const { pool } = await call("storagePoolLookupByName", { name: poolName });
  if ((await call("storagePoolIsActive", { pool })).active === 0) {
    throw unsupported(`storage pool '${poolName}' containing volume '${name}' is not active`);
  }
  const { vol } = await call("storageVolLookupByName", { pool, name });
  const [{ type: number }, { name: path }] = await Promise.all([
    call("storageVolGetInfo", { vol }),
    call("storageVolGetPath", { vol }),
  ]);
  const type = types.get(number);
  if (type === undefined)
    throw unsupported(`volume '${name}' of pool '${poolName}' is neither a file nor a block device`);
  source.found = { type, path };
  disk.driver ??= {};
  // Not what the pool takes it for: a guest that writes another format's header into its disk would choose for itself.
  disk.driver.type ??= type === "dir" ? "fat" : "raw";
}

/** A volume as a plain file, device or directory of this host. */
export function volumeStorage({ found, pool, volume, index, seclabels }: VolumeSource): Storage {
  const kept = { index, seclabels };
  switch (found?.type) {
    case "file":
      return { type: "file", source: { ...kept, file: found.path } };
    case "block":
      return { type: "block", source: { ...kept, dev: found.path } };
    case "dir":
      return { type: "dir", source: { ...kept, dir: found.path } };
    default:
      throw unsupported(`it is not known where volume '${volume}' of storage pool '${pool}' is`);
  }
}

function unsupported(detail: string): LibvirtError {
  return new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
}
