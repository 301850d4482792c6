/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const checkpoint = () => import("./checkpoint.ts");

export const checkpoints = group("checkpoint", "Checkpoint", {
  "checkpoint-create": checkpoint,
  "checkpoint-create-as": checkpoint,
  "checkpoint-delete": checkpoint,
  "checkpoint-dumpxml": checkpoint,
  "checkpoint-edit": checkpoint,
  "checkpoint-info": checkpoint,
  "checkpoint-list": checkpoint,
  "checkpoint-parent": checkpoint,
});
