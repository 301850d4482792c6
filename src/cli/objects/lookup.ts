/** Finding objects by what a person typed: an identity of any of several kinds. */
import { type ErrorName, isLibvirtError } from "../../errors.ts";
import { CommandError } from "../error.ts";

const notFound: readonly ErrorName[] = [
  "NO_DOMAIN",
  "NO_NETWORK",
  "NO_STORAGE_POOL",
  "NO_STORAGE_VOL",
  "NO_SECRET",
  "NO_NODE_DEVICE",
  "NO_INTERFACE",
  "NO_NWFILTER",
  "NO_NWFILTER_BINDING",
  "NO_NETWORK_PORT",
  "NO_DOMAIN_SNAPSHOT",
  "NO_DOMAIN_CHECKPOINT",
];

/**
 * The first object that one of `lookups` finds. They are tried in order, each only when the one before found nothing.
 * @throws {CommandError} with `failure` when there is none; the last lookup's error is its cause
 */
export async function firstFound<T>(failure: string, lookups: readonly (() => Promise<T>)[]): Promise<T> {
  let last: unknown;
  for (const lookup of lookups) {
    try {
      return await lookup();
    } catch (error) {
      last = error;
      if (!isLibvirtError(error, ...notFound)) break;
    }
  }
  throw new CommandError(failure, last === undefined ? {} : { cause: last });
}

/** Whether an error says that there is no such object. */
export function isNotFound(error: unknown): boolean {
  return isLibvirtError(error, ...notFound);
}

/** Whether a word can be a UUID as virsh takes them: 36 characters, with dashes. */
export function isUuid(word: string): boolean {
  return /^[0-9a-f-]{36}$/i.test(word);
}

/** The order of names in lists: letters by their place in the alphabet, whatever their case. */
export function compareNames(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
}
