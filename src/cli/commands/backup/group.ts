/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

const backup = () => import("./backup.ts");

export const backups = group("backup", "Backup", {
  "backup-begin": backup,
  "backup-dumpxml": backup,
});
