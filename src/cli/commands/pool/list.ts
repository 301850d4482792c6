/** The command `pool-list`. */
import type { StoragePool } from "../../../api/index.ts";
import { ConnectListAllStoragePoolsFlags as Filter } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { someOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { compareNames } from "../../objects/lookup.ts";
import { flag, text } from "../../option.ts";
import { type Column, column, formatTable } from "../../output/table.ts";
import { exclusive, flagsOf } from "../../shared/rules.ts";
import { prettyBytes } from "../../shared/sizes.ts";
import { hasSizes, poolStateName } from "./pool.ts";

const types: Readonly<Record<string, number>> = {
  dir: Filter.DIR,
  fs: Filter.FS,
  netfs: Filter.NETFS,
  logical: Filter.LOGICAL,
  disk: Filter.DISK,
  iscsi: Filter.ISCSI,
  scsi: Filter.SCSI,
  mpath: Filter.MPATH,
  rbd: Filter.RBD,
  sheepdog: Filter.SHEEPDOG,
  gluster: Filter.GLUSTER,
  zfs: Filter.ZFS,
  vstorage: Filter.VSTORAGE,
  "iscsi-direct": Filter.ISCSI_DIRECT,
};

interface Row {
  readonly name: string;
  readonly uuid: string;
  readonly active: boolean;
  readonly autostart: boolean | null;
  readonly state?: string;
  readonly persistent?: boolean;
  readonly capacity?: bigint;
  readonly allocation?: bigint;
  readonly available?: bigint;
}

export const poolList = command({
  name: "pool-list",
  summary: "which pools there are",
  description: "Lists pools: the active ones, unless other ones are asked for.",
  options: {
    inactive: flag("those that are off"),
    all: flag("all, active or not"),
    transient: flag("those without a persistent definition"),
    persistent: flag("those with a persistent definition"),
    autostart: flag("those that start with the host"),
    noAutostart: flag("those that do not start with the host"),
    type: text("those of these kinds, separated by commas", { complete: someOf(...Object.keys(types)) }),
    details: flag("with sizes"),
    uuid: flag("print UUIDs only"),
    name: flag("print names only"),
  },
  async query({ options, connection }) {
    exclusive(options, ["details", "uuid"], ["details", "name"]);
    const activity = options.all ? Filter.ACTIVE | Filter.INACTIVE : options.inactive ? Filter.INACTIVE : Filter.ACTIVE;
    const filter = flagsOf(options, {
      transient: Filter.TRANSIENT,
      persistent: Filter.PERSISTENT,
      autostart: Filter.AUTOSTART,
      noAutostart: Filter.NO_AUTOSTART,
    });
    const kinds = typeFlags(options.type);
    const pools = await attempt("Failed to list pools", () =>
      connection.listAllStoragePools(activity | filter | kinds),
    );
    const rows = await Promise.all(pools.map((pool) => describe(pool, options.details)));
    return rows.sort((a, b) => compareNames(a.name, b.name));
  },
  print(rows, { options, shell }) {
    if (options.uuid) return rows.map(({ uuid }) => `${uuid}\n`).join("");
    // virsh pads names, so scripts may have come to expect it.
    if (options.name) return rows.map(({ name }) => `${name.padEnd(20)}\n`).join("");
    return formatTable(options.details ? detailColumns : columns, rows, shell.settings.quiet);
  },
});

function typeFlags(list: string | undefined): number {
  let flags = 0;
  for (const word of list?.split(",") ?? []) {
    const bit = types[word];
    if (bit === undefined) throw new CommandError(`Invalid pool type '${word}'`);
    flags |= bit;
  }
  return flags;
}

async function describe(pool: StoragePool, details: boolean): Promise<Row> {
  const active = await pool.isActive();
  const autostart = await pool.autostart().catch(() => null);
  const row = { name: pool.name(), uuid: pool.uuidString(), active, autostart };
  if (!details) return row;
  const info = await pool.info();
  const { capacity, allocation, available } = info;
  return {
    ...row,
    state: poolStateName(info.state),
    persistent: await pool.isPersistent(),
    ...(hasSizes(info.state) ? { capacity, allocation, available } : {}),
  };
}

const autostartCell = ({ autostart }: Row) => (autostart === null ? "no autostart" : autostart ? "yes" : "no");

const columns: readonly Column<Row>[] = [
  column("Name", ({ name }) => name),
  column("State", ({ active }) => (active ? "active" : "inactive")),
  column("Autostart", autostartCell),
];

const sizeCell = (bytes: bigint | undefined) => (bytes === undefined ? "-" : prettyBytes(bytes));

const detailColumns: readonly Column<Row>[] = [
  column("Name", ({ name }) => name),
  column("State", ({ state }) => state ?? ""),
  column("Autostart", autostartCell),
  column("Persistent", ({ persistent }) => (persistent ? "yes" : "no")),
  column("Capacity", ({ capacity }) => sizeCell(capacity)),
  column("Allocation", ({ allocation }) => sizeCell(allocation)),
  column("Available", ({ available }) => sizeCell(available)),
];
