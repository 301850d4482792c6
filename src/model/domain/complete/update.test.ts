import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sortWithinKinds } from "./update.ts";

interface Item {
  readonly kind: number;
  readonly number: number | undefined;
  readonly serial: number;
}

/** What it stands for, one item after the other: before the first of its kind with a greater number, or behind all. */
function oneByOne(items: readonly Item[]): Item[] {
  const ordered: Item[] = [];
  for (const item of items) {
    const { kind, number } = item;
    const later = ordered.findIndex(
      (other) => other.kind === kind && number !== undefined && (other.number ?? -1) > number,
    );
    const last = ordered.findLastIndex((other) => other.kind === kind);
    ordered.splice(later !== -1 ? later : last !== -1 ? last + 1 : ordered.length, 0, item);
  }
  return ordered;
}

test("sorting within kinds is inserting one by one", () => {
  const item = fc.record({ kind: fc.nat(2), number: fc.option(fc.nat(6), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 14 }), (drafts) => {
      const items = drafts.map((draft, serial) => ({ ...draft, serial }));
      const sorted = sortWithinKinds(
        items,
        ({ kind }) => kind,
        ({ number }) => number,
      );
      assert.deepEqual(sorted, oneByOne(items));
    }),
    { numRuns: 2000 },
  );
});
