/**
 * Records that are held for long, ten thousand of them at a time: nearly all of their lists are empty, and each takes as
 * much memory as one that is not.
 */

const nothing: readonly never[] = Object.freeze([]);

/**
 * The same record, which nobody changes any more: all that is empty in it is one list, which refuses changes, and other
 * lists have no room to grow. Works in place.
 */
export function settled<T extends object>(record: T): T {
  for (const [key, value] of Object.entries(record)) {
    if (Array.isArray(value)) (record as Record<string, unknown>)[key] = settledList(value);
    else if (isRecord(value)) settled(value);
  }
  return record;
}

function settledList(list: readonly unknown[]): readonly unknown[] {
  if (list.length === 0) return nothing;
  for (const item of list) if (isRecord(item)) settled(item);
  return list.slice();
}

/** Elements that are kept as they came, and bytes, are no records. */
function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
