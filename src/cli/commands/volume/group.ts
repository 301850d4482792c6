/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const create = () => import("./create.ts");
const volume = () => import("./volume.ts");
const transfer = () => import("./transfer.ts");
const list = () => import("./list.ts");

export const volumes = group("volume", "Storage Volume", {
  "vol-clone": create,
  "vol-create-as": create,
  "vol-create": create,
  "vol-create-from": create,
  "vol-delete": volume,
  "vol-download": transfer,
  "vol-dumpxml": volume,
  "vol-info": volume,
  "vol-key": volume,
  "vol-list": list,
  "vol-name": volume,
  "vol-path": volume,
  "vol-pool": volume,
  "vol-resize": volume,
  "vol-upload": transfer,
  "vol-wipe": volume,
});
