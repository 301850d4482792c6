/** Sets a key, or takes it away: keys without a value would make equal definitions differ. */
export function set<T extends object, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

/**
 * Puts items of one kind together, where the first of them stood, in ascending order of a number. One without a number
 * stays behind those that had come before it.
 */
export function sortWithinKinds<T>(
  items: readonly T[],
  kindOf: (item: T) => unknown,
  numberOf: (item: T) => number | undefined,
): T[] {
  const kinds = new Map<unknown, Run<T>[]>();
  for (const item of items) {
    const kind = kindOf(item);
    const runs = kinds.get(kind) ?? [];
    if (runs.length === 0) kinds.set(kind, runs);
    addToRuns(runs, item, numberOf(item));
  }
  return [...kinds.values()].flatMap((runs) => runs.sort((a, b) => a.number - b.number).flatMap(({ items }) => items));
}

/** An item with a number, and those without one that stay behind it. */
interface Run<T> {
  readonly number: number;
  readonly items: T[];
  /** The run of the greatest number so far; kept at the first one. */
  greatest?: Run<T>;
}

function addToRuns<T>(runs: Run<T>[], item: T, number: number | undefined): void {
  const [first] = runs;
  const greatest = first?.greatest ?? first;
  if (number === undefined && greatest !== undefined) {
    greatest.items.push(item);
    return;
  }
  const run: Run<T> = { number: number ?? Number.NEGATIVE_INFINITY, items: [item] };
  runs.push(run);
  if (first !== undefined && greatest !== undefined && run.number >= greatest.number) first.greatest = run;
}
