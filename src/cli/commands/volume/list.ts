/** The command `vol-list`. */
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { compareNames } from "../../objects/lookup.ts";
import { poolOf, poolOption } from "../../objects/pool.ts";
import { flag } from "../../option.ts";
import { type Column, column, formatTable } from "../../output/table.ts";
import { prettyBytes } from "../../shared/sizes.ts";
import { volumeTypeName } from "./volume.ts";

interface Row {
  readonly name: string;
  readonly path: string;
  readonly type?: string;
  readonly capacity?: bigint;
  readonly allocation?: bigint;
}

export const volList = command({
  name: "vol-list",
  summary: "which volumes a pool has",
  description: "Lists a pool's volumes.",
  options: { pool: poolOption(), details: flag("with types and sizes") },
  async query(context) {
    const pool = await poolOf(context);
    const volumes = await attempt("Failed to list volumes", () => pool.listAllVolumes(0));
    const rows = await Promise.all(
      volumes.map(async (volume): Promise<Row> => {
        const row = { name: volume.name(), path: await volume.path() };
        if (!context.options.details) return row;
        const { type, capacity, allocation } = await volume.info();
        return { ...row, type: volumeTypeName(type), capacity, allocation };
      }),
    );
    return rows.sort((a, b) => compareNames(a.name, b.name));
  },
  print: (rows, { options, shell }) =>
    formatTable(options.details ? [...columns, ...detailColumns] : columns, rows, shell.settings.quiet),
});

const columns: readonly Column<Row>[] = [column("Name", ({ name }) => name), column("Path", ({ path }) => path)];

const detailColumns: readonly Column<Row>[] = [
  column("Type", ({ type }) => type ?? "unknown"),
  column("Capacity", ({ capacity }) => prettyBytes(capacity ?? 0n)),
  column("Allocation", ({ allocation }) => prettyBytes(allocation ?? 0n)),
];
