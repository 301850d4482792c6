/** The table that the benchmark prints. */

export interface Row {
  readonly label: string;
  readonly unit: "ms" | "per second" | "MiB";
  /** Seconds, or bytes of memory, as often as it was measured. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  /** What is promised, in the row's unit: at most so many ms, or at least so many per second. */
  readonly goal?: number;
  /** What is promised beside the C daemon: at least so many times as fast, or as small. */
  readonly factor?: number;
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
  if (unit === "MiB") return median(values) / 1024 / 1024;
  return unit === "ms" ? median(values) * 1000 : 1 / median(values);
}

function text(value: number | null): string {
  if (value === null) return "-";
  return value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString("en");
}

/** How many times better than theirs ours is. */
function betterBy({ unit, ours, theirs }: Row): number | null {
  const mine = inUnit(ours, unit);
  const other = inUnit(theirs, unit);
  if (mine === null || other === null) return null;
  return unit === "per second" ? mine / other : other / mine;
}

/** The goal as text, and whether it is reached. */
function judged(row: Row): readonly [string, boolean | null] {
  const { goal, factor, unit } = row;
  if (factor !== undefined) {
    const better = betterBy(row);
    return [`>= ${factor.toFixed(1)} x`, better === null ? null : better >= factor];
  }
  const mine = inUnit(row.ours, unit);
  if (goal === undefined || mine === null) return ["", null];
  const most = unit !== "per second";
  return [`${most ? "<=" : ">="} ${goal.toLocaleString("en")}`, most ? mine <= goal : mine >= goal];
}

function cells(row: Row): string[] {
  const { label, unit, ours, theirs } = row;
  const better = betterBy(row);
  const [limit, reached] = judged(row);
  return [
    label,
    unit,
    text(inUnit(ours, unit)),
    text(inUnit(theirs, unit)),
    better === null ? "" : `${better.toFixed(1)} x`,
    limit,
    reached === null ? "" : reached ? "yes" : "NO",
  ];
}

/** @param other who ours stands beside */
export function formatReport(rows: readonly Row[], other = "C libvirtd"): string {
  const table = [["", "", "tsvirt", other, "better", "goal", "reached"], ...rows.map(cells)];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  const line = (words: readonly string[]) =>
    words
      .map((word, column) => (column < 2 ? word.padEnd(widths[column] ?? 0) : word.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return table.map(line).join("\n");
}
