/** How conditions become words of a command line. */
import type { FilterCondition } from "../filter.ts";
import type { FilterValue } from "../values.ts";

/** A condition's fields, whichever protocol it is of. */
export type Condition = Readonly<Record<string, FilterValue | boolean | undefined>>;

export const fieldsOf = (condition: FilterCondition): Condition => condition as unknown as Condition;

/** A field's text. */
export function text(condition: Condition, field: string): string | undefined {
  const value = condition[field];
  return typeof value === "string" ? value : undefined;
}

/** A number's text as a number; names are looked up. */
export function numberOf(value: string, names: Readonly<Record<string, number>> = {}): number {
  return names[value] ?? Number(value);
}

/** A number in decimal notation, whatever notation it was written in. */
export function decimal(condition: Condition, field: string, names?: Readonly<Record<string, number>>) {
  const value = text(condition, field);
  return value === undefined ? undefined : String(numberOf(value, names));
}

export function hexadecimal(condition: Condition, field: string, names?: Readonly<Record<string, number>>) {
  const value = text(condition, field);
  return value === undefined ? undefined : `0x${numberOf(value, names).toString(16)}`;
}

/** `start:end`, or only a start. */
export function range(condition: Condition, start: string, end: string, separator = ":"): string | undefined {
  const [from, to] = [decimal(condition, start), decimal(condition, end)];
  return from === undefined || to === undefined ? from : `${from}${separator}${to}`;
}

/** An address with its mask, when it has one. */
export function masked(condition: Condition, address: string, mask: string, whole?: string): string | undefined {
  const [value, bits = whole] = [text(condition, address), text(condition, mask)];
  return value === undefined || bits === undefined ? value : `${value}/${bits}`;
}
