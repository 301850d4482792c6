/** Sets a key, or takes it away: keys without a value would make equal definitions differ. */
export function set<T extends object, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

/**
 * Inserts an item into a list in which items of one kind stand together, in an order of their own: before the first of
 * its kind that must come after it, else after the last of its kind, else at the end.
 */
export function insertInOrder<T>(
  items: T[],
  item: T,
  sameKind: (other: T) => boolean,
  standsAfter: (other: T) => boolean,
): void {
  const later = items.findIndex((other) => sameKind(other) && standsAfter(other));
  const last = items.findLastIndex(sameKind);
  items.splice(later !== -1 ? later : last !== -1 ? last + 1 : items.length, 0, item);
}
