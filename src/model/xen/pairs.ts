/** Devices as one string: `mac=00:16:3e:00:00:01,bridge=xenbr0`. */
import { unsupported } from "../domain/refuse.ts";
import type { Given } from "./given.ts";

/** Keys with their values, in order; a value that is undefined is left out. */
export type Pairs = Readonly<Record<string, string | undefined>>;

/** What stands between the commas, without the white space around. */
export function partsOf(given: Given): string[] {
  return given
    .text()
    .split(",")
    .map((part) => part.trim());
}

/** The pairs of a string; a word without `=` has an empty value. Names are lower case. */
export function readPairs(given: Given): Map<string, string> {
  const pairs = partsOf(given).filter((part) => part !== "");
  return new Map(
    pairs.map((part) => {
      const [, name = "", value = ""] = /^([^=]*)=?([\s\S]*)$/.exec(part) ?? [];
      return [name.trim().toLowerCase(), value.trim()] as const;
    }),
  );
}

/**
 * Writes pairs. Nothing can be quoted in such a string, so that a value with a comma would become another setting.
 * @throws LibvirtError CONFIG_UNSUPPORTED for one
 */
export function writePairs(pairs: Pairs): string {
  return Object.entries(pairs)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${plain(name, value)}`]))
    .join(",");
}

/** A value that stands between commas. */
export function plain(name: string, value: string): string {
  if (/[,\n]/.test(value)) unsupported(`Xen's configuration cannot hold a comma in '${name}': ${value}`);
  return value;
}
