/** The table that the benchmark prints. */

export interface Row {
  readonly label: string;
  readonly unit: "ms" | "per second";
  /** Seconds, as often as it was measured. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  /** What is promised, in the row's unit: at most so many ms, or at least so many per second. */
  readonly goal?: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** A figure in the row's unit. */
function inUnit(values: readonly number[], unit: Row["unit"]): number | null {
  if (values.length === 0) return null;
  return unit === "ms" ? median(values) * 1000 : 1 / median(values);
}

function text(value: number | null): string {
  if (value === null) return "-";
  return value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString("en");
}

function cells({ label, unit, ours, theirs, goal }: Row): string[] {
  const mine = inUnit(ours, unit);
  const other = inUnit(theirs, unit);
  const faster = mine === null || other === null ? null : unit === "ms" ? other / mine : mine / other;
  const reached = mine === null || goal === undefined ? null : unit === "ms" ? mine <= goal : mine >= goal;
  const limit = goal === undefined ? "" : `${unit === "ms" ? "<=" : ">="} ${goal.toLocaleString("en")}`;
  return [
    label,
    unit,
    text(mine),
    text(other),
    faster === null ? "" : `${faster.toFixed(1)} x`,
    limit,
    reached === null ? "" : reached ? "yes" : "NO",
  ];
}

export function formatReport(rows: readonly Row[]): string {
  const table = [["", "", "tsvirt", "C libvirtd", "faster", "goal", "reached"], ...rows.map(cells)];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  const line = (words: readonly string[]) =>
    words
      .map((word, column) => (column < 2 ? word.padEnd(widths[column] ?? 0) : word.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return table.map(line).join("\n");
}
