/** What a setting may be, said once: how its value is read from a file, and what an error says of a wrong one. */
import type { ConfigurationValue } from "../configuration.ts";

/** A type of settings. */
export interface SettingType<T> {
  /** What a value must be, for errors and for people: "0 or 1". */
  readonly expected: string;
  /** The value; undefined for one of another type. */
  readonly read: (value: ConfigurationValue) => T | undefined;
}

/** `0` or `1`. */
export const flag: SettingType<boolean> = {
  expected: "0 or 1",
  read: (value) => (value === 0n ? false : value === 1n ? true : undefined),
};

export const text: SettingType<string> = {
  expected: "a string",
  read: (value) => (typeof value === "string" ? value : undefined),
};

/** A file or folder, from the root on. */
export const path: SettingType<string> = {
  expected: "an absolute path",
  read: (value) => (typeof value === "string" && value.startsWith("/") && !value.includes("\0") ? value : undefined),
};

export const uuid: SettingType<string> = {
  expected: "a UUID",
  read: (value) =>
    typeof value === "string" && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value : undefined,
};

/** A whole number within limits. */
export function count(first: number, last: number): SettingType<number> {
  return {
    expected: `a number from ${first} to ${last}`,
    read: (value) =>
      typeof value === "bigint" && value >= BigInt(first) && value <= BigInt(last) ? Number(value) : undefined,
  };
}

/** One of some words. */
export function word<const W extends string>(...words: readonly W[]): SettingType<W> {
  return {
    expected: `one of ${words.map((one) => `"${one}"`).join(", ")}`,
    read: (value) => words.find((one) => one === value),
  };
}

/** A list of strings; one string alone is a list of one. */
export const texts: SettingType<readonly string[]> = {
  expected: "a string or a list of strings",
  read: (value) => {
    if (typeof value === "string") return [value];
    if (typeof value === "bigint") return undefined;
    const strings = value.filter((one): one is string => typeof one === "string");
    return strings.length === value.length ? strings : undefined;
  },
};

/** What either type takes. */
export function either<A, B>(one: SettingType<A>, other: SettingType<B>): SettingType<A | B> {
  return {
    expected: `${one.expected} or ${other.expected}`,
    read: (value) => one.read(value) ?? other.read(value),
  };
}
