/** What a type of pool does differently from the others. */
import type { Pool } from "../../../model/storage/index.ts";

export interface Backend {
  /** Whether the pool's storage is there, as after an earlier start. */
  isThere(pool: Pool): Promise<boolean>;
  /** Makes the storage appear (virStoragePoolCreate). */
  start(pool: Pool, signal: AbortSignal): Promise<void>;
  /** Takes it away again (virStoragePoolDestroy). */
  stop(pool: Pool): Promise<void>;
  /** Makes the storage itself (virStoragePoolBuild). */
  build(pool: Pool, flags: number, signal: AbortSignal): Promise<void>;
  /** Removes the storage itself (virStoragePoolDelete). */
  remove(pool: Pool): Promise<void>;
}
