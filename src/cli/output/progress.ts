/** A progress line that rewrites itself: `Save: [ 45 %]`. */

/**
 * What to write to show how far a job is: over the line that was written before.
 * @param remaining what is left, in the units of `total`
 */
export function progressLine(label: string, remaining: bigint, total: bigint): string {
  return `\r${label}: [${String(percentDone(remaining, total)).padStart(3)} %]`;
}

/** 100 only when nothing remains. */
function percentDone(remaining: bigint, total: bigint): number {
  if (total === 0n && remaining === 0n) return 0;
  if (remaining === 0n) return 100;
  const done = total > 0n ? Number(100n - (remaining * 100n) / total) : 0;
  return Math.min(99, Math.max(0, done));
}
