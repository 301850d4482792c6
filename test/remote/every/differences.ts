/** What differs between two answers to the same call. */
import { inspect, isDeepStrictEqual } from "node:util";
import { isChanging, isList, withoutMoments } from "./reasons.ts";

/** What differs between two results, as paths of fields; those that change by themselves are left out. */
export function differences(procedure: string, ours: unknown, theirs: unknown, path = ""): string[] {
  if (isDeepStrictEqual(ours, theirs) || path === "callbackID" || isChanging(procedure, path)) return [];
  if (typeof ours === "string" && typeof theirs === "string" && withoutMoments(ours) === withoutMoments(theirs))
    return [];
  if (typeof ours === "object" && ours !== null && typeof theirs === "object" && theirs !== null) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    const inner = [...keys].flatMap((key) =>
      differences(
        procedure,
        (ours as Record<string, unknown>)[key],
        (theirs as Record<string, unknown>)[key],
        path === "" ? key : `${path}.${key}`,
      ),
    );
    return inner;
  }
  return [`${procedure} ${path}: ${show(ours)} instead of ${show(theirs)}`];
}

/** Lists in an order of their own: a daemon's is that of its hash tables. */
export function inOrder(procedure: string, result: unknown): unknown {
  if (!isList(procedure) || typeof result !== "object" || result === null) return result;
  const sorted = (value: unknown) =>
    Array.isArray(value)
      ? value
          .map((each) => [inspect(each), each] as const)
          .sort(byText)
          .map(([, each]) => each)
      : value;
  return Object.fromEntries(Object.entries(result).map(([field, value]) => [field, sorted(value)]));
}

function byText([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

export const show = (value: unknown) =>
  typeof value === "bigint" ? `${value}n` : JSON.stringify(value)?.slice(0, 300);
