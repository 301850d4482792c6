/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const find = () => import("./find.ts");
const pool = () => import("./pool.ts");
const createAs = () => import("./create-as.ts");
const list = () => import("./list.ts");
const event = () => import("./event.ts");

export const pools = group("pool", "Storage Pool", {
  "find-storage-pool-sources-as": find,
  "find-storage-pool-sources": find,
  "pool-autostart": pool,
  "pool-build": pool,
  "pool-create-as": createAs,
  "pool-create": pool,
  "pool-define-as": createAs,
  "pool-define": pool,
  "pool-delete": pool,
  "pool-destroy": pool,
  "pool-dumpxml": pool,
  "pool-edit": pool,
  "pool-info": pool,
  "pool-list": list,
  "pool-name": pool,
  "pool-refresh": pool,
  "pool-start": pool,
  "pool-undefine": pool,
  "pool-uuid": pool,
  "pool-event": event,
  "pool-capabilities": find,
});
