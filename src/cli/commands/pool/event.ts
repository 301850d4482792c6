/** What happens to storage pools. */
import { lookupPool, poolNames } from "../../objects/pool.ts";
import { objectEvent } from "../../shared/object-event.ts";

export const poolEvent = objectEvent({
  name: "pool-event",
  objects: "storage pools",
  noun: "storage pool",
  option: "pool",
  complete: poolNames,
  lookup: lookupPool,
  label: (pool) => pool.name(),
  types: { lifecycle: "storagePoolLifecycle", refresh: "storagePoolRefresh" },
});
