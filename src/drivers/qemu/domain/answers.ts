/**
 * Answers of a guest's QEMU that stay true until somebody changes what they are about: statistics of many guests are
 * asked again and again, and each question costs a turn of QEMU's main loop.
 */
import type { LiveDomain } from "./live.ts";

const known = new WeakMap<LiveDomain, Map<string, Promise<unknown>>>();

/** The answer of before, or a new one; failures are not kept. */
export function cached<T>(live: LiveDomain, key: string, ask: () => Promise<T>): Promise<T> {
  const answers = known.get(live) ?? new Map<string, Promise<unknown>>();
  known.set(live, answers);
  const answer = answers.get(key);
  if (answer) return answer as Promise<T>;
  const asked = ask();
  answers.set(key, asked);
  asked.catch(() => {
    if (answers.get(key) === asked) answers.delete(key);
  });
  return asked;
}

/** Forgets one answer, or all of them when anything may have changed. */
export function forgetAnswers(live: LiveDomain, key?: string): void {
  if (key === undefined) known.delete(live);
  else known.get(live)?.delete(key);
}
