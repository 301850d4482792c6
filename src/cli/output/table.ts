/** virsh's table: columns as wide as their widest cell, a space before and two after each, a line under the header. */
import { displayWidth, printable } from "./width.ts";

/** A column: its header, and how a row fills it. */
export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => string;
}

export function column<Row>(header: string, cell: (row: Row) => string): Column<Row> {
  return { header, cell };
}

/** The table of `rows`; without its header (and without its line) when `bare`, as under `--quiet`. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], bare = false): string {
  const body = rows.map((row) => columns.map(({ cell }) => printable(cell(row))));
  const lines = bare ? body : [columns.map(({ header }) => header), ...body];
  const widths = columns.map((_, index) => Math.max(0, ...lines.map((line) => displayWidth(line[index] as string))));
  const text = lines.map((line) => formatLine(line, widths));
  if (!bare) text.splice(1, 0, "-".repeat(widths.reduce((sum, width) => sum + width + 3, 0)));
  return text.map((line) => `${line}\n`).join("");
}

function formatLine(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, index) => {
      const last = index === cells.length - 1;
      return ` ${cell}${last ? "" : " ".repeat((widths[index] as number) - displayWidth(cell) + 2)}`;
    })
    .join("");
}

/** `Name:           value` lines; a name and its colon take `width` columns. */
export function formatFields(fields: readonly (readonly [name: string, value: string])[], width = 15): string {
  return fields.map(([name, value]) => `${`${name}:`.padEnd(width)} ${printable(value)}\n`).join("");
}
