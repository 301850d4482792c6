/** Work on long lists that lets others have their turn. */
import { setImmediate as nextTurn } from "node:timers/promises";

/** How long is worked in one turn of the event loop, in milliseconds. */
const turnTime = 2;

/**
 * Begins the work on every item, some in each turn of the event loop, and gives all results in the items' order.
 * What an item waits for keeps none of the others waiting.
 */
export async function mapInTurns<T, R>(items: Iterable<T>, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: Promise<R>[] = [];
  let end = performance.now() + turnTime;
  for (const item of items) {
    const result = work(item);
    // Others may still have to be begun when it fails: all of them are awaited below.
    result.catch(() => {});
    results.push(result);
    // Work that waits for nothing goes on in microtasks: these count too.
    await undefined;
    if (performance.now() < end) continue;
    await nextTurn();
    end = performance.now() + turnTime;
  }
  return Promise.all(results);
}
