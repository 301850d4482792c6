/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const create = () => import("./create.ts");
const snapshot = () => import("./snapshot.ts");
const list = () => import("./list.ts");

export const snapshots = group("snapshot", "Snapshot", {
  "snapshot-create": create,
  "snapshot-create-as": create,
  "snapshot-current": snapshot,
  "snapshot-delete": snapshot,
  "snapshot-dumpxml": snapshot,
  "snapshot-edit": snapshot,
  "snapshot-info": snapshot,
  "snapshot-list": list,
  "snapshot-parent": snapshot,
  "snapshot-revert": snapshot,
});
