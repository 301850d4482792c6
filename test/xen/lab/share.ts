/** Divides work among machines that do it side by side. */

/** Gives each part to the machine that has the least so far, the largest first; machines without work are left out. */
export function share<T>(parts: readonly T[], machines: number, weightOf: (part: T) => number): T[][] {
  const shares = Array.from({ length: machines }, () => ({ parts: [] as T[], weight: 0 }));
  for (const part of [...parts].sort((one, other) => weightOf(other) - weightOf(one))) {
    const least = shares.reduce((found, one) => (one.weight < found.weight ? one : found));
    least.parts.push(part);
    least.weight += weightOf(part);
  }
  return shares.map(({ parts }) => parts).filter((parts) => parts.length > 0);
}
