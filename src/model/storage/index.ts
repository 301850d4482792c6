/** Storage pools and volumes: reading, completing, checking, printing. */

export { formatPoolCapabilities } from "./capabilities.ts";
export { cleanPath } from "./path.ts";
export { type Permissions, permissions } from "./permissions.ts";
export {
  type Adapter,
  type Pool,
  type PoolDocument,
  type PoolSource,
  type PoolType,
  poolDocument,
  poolSource,
} from "./pool.ts";
export * from "./pool-passes.ts";
export { type PoolTypeFacts, poolTypes } from "./pool-types.ts";
export { type Volume, type VolumeDocument, type VolumeTarget, volumeDocument, volumeTarget } from "./volume.ts";
export * from "./volume-passes.ts";
