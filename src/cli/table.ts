/**
 * The one table of tsvirt's commands. Each command stands in a file below commands/, which says its name, help, options and
 * what it does; grammar, help and completion follow from that. The table itself holds only names, so that one command
 * costs loading one file.
 */
import { CommandTable } from "./command-set.ts";
import { backups } from "./commands/backup/group.ts";
import { checkpoints } from "./commands/checkpoint/group.ts";
import { domain } from "./commands/domain/group.ts";
import { events } from "./commands/event/group.ts";
import { filters } from "./commands/filter/group.ts";
import { host } from "./commands/host/group.ts";
import { interfaces } from "./commands/interface/group.ts";
import { monitor } from "./commands/monitor/group.ts";
import { networks } from "./commands/network/group.ts";
import { nodeDevices } from "./commands/nodedev/group.ts";
import { pools } from "./commands/pool/group.ts";
import { secrets } from "./commands/secret/group.ts";
import { snapshots } from "./commands/snapshot/group.ts";
import { virsh } from "./commands/virsh/group.ts";
import { volumes } from "./commands/volume/group.ts";
import { group } from "./group.ts";

/** Commands for machinery: in no group, hence in no list. */
const hidden = group("", "", {
  complete: () => import("./commands/virsh/complete.ts"),
  "self-test": () => import("./commands/virsh/self-test.ts"),
});

export const shellTable = new CommandTable({
  /** In the order of `help`. */
  groups: [
    domain,
    monitor,
    events,
    host,
    checkpoints,
    interfaces,
    filters,
    networks,
    nodeDevices,
    secrets,
    snapshots,
    backups,
    pools,
    volumes,
    virsh,
  ],
  hidden,
  aliases: { "nodedev-dettach": "nodedev-detach" },
});
