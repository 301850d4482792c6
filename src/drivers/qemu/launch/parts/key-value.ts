/** QEMU's older way of writing options: `first,key=value,a.b=value`. */
import { isJsonObject, type Json, type JsonObject } from "../../monitor/json.ts";

/** A comma is doubled: a single one ends the value. */
export const escapeComma = (value: string): string => value.replaceAll(",", ",,");

/**
 * Properties as one word; those that are undefined are left out.
 * @param first the word without a key that comes before them.
 */
export function keyValue(first: string | undefined, props: JsonObject): string {
  const pairs = [...flatten(props)].map(([key, value]) => `${key}=${escapeComma(value)}`);
  return [...(first === undefined ? [] : [escapeComma(first)]), ...pairs].join(",");
}

type Pair = readonly [key: string, value: string];

function* flatten(props: JsonObject, prefix = ""): Generator<Pair> {
  for (const [key, value] of Object.entries(props)) {
    if (value !== undefined) yield* flattenOne(`${prefix}${key}`, value);
  }
}

function* flattenOne(key: string, value: Json): Generator<Pair> {
  if (isList(value)) yield* flattenList(key, value);
  else if (isJsonObject(value)) yield* flatten(value, `${key}.`);
  else yield [key, scalar(value)];
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Lists of plain values repeat the key, numbers as ranges; in others each entry is numbered. */
function* flattenList(key: string, list: readonly Json[]): Generator<Pair> {
  const numbers = list.filter((entry) => typeof entry === "number");
  if (numbers.length > 0 && numbers.length === list.length) {
    for (const range of ranges(numbers)) yield [key, range];
    return;
  }
  for (const [index, entry] of list.entries()) {
    const text = plainText(entry);
    if (text === undefined) yield* flattenOne(`${key}.${index}`, entry);
    else yield [key, text];
  }
}

/** Older options know no lists of objects: what QMP calls `{ str: "value" }` is the plain value there. */
function plainText(entry: Json): string | undefined {
  if (isJsonObject(entry)) return typeof entry.str === "string" ? entry.str : undefined;
  return isList(entry) ? undefined : scalar(entry);
}

function scalar(value: Json): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

/** `0-3`, `5`: runs of consecutive numbers. */
export function ranges(numbers: readonly number[]): string[] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === number) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
}
