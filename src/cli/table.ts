/**
 * The one table of commands. Each command stands in a file below commands/, which says its name, help, options and
 * what it does; grammar, help and completion follow from that. The table itself holds only names, so that one command
 * costs loading one file.
 */
import type { Command } from "./command.ts";
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
import { type CommandModule, type Group, group, loadCommand } from "./group.ts";

/** In the order of `help`. */
export const groups: readonly Group[] = [
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
];

/** Commands for machinery: in no group, hence in no list. */
const hidden = group("", "", {
  complete: () => import("./commands/virsh/complete.ts"),
  "self-test": () => import("./commands/virsh/self-test.ts"),
});

/** Former names of commands. */
const aliases: ReadonlyMap<string, string> = new Map([["nodedev-dettach", "nodedev-detach"]]);

function moduleOf(name: string): CommandModule | undefined {
  for (const { commands } of [...groups, hidden]) {
    const load = commands.get(name);
    if (load !== undefined) return load;
  }
  return undefined;
}

/** The command of that name or former name. */
export async function findCommand(name: string): Promise<Command | undefined> {
  const present = aliases.get(name) ?? name;
  const load = moduleOf(present);
  return load === undefined ? undefined : loadCommand(present, load);
}

export function findGroup(keyword: string): Group | undefined {
  return groups.find((candidate) => candidate.keyword === keyword);
}

/** Names of all commands that help lists. */
export function commandNames(): string[] {
  return groups.flatMap(({ commands }) => [...commands.keys()]);
}

/** All commands of a group, in order. */
export function commandsOf({ commands }: Group): Promise<Command[]> {
  return Promise.all([...commands].map(([name, load]) => loadCommand(name, load)));
}
