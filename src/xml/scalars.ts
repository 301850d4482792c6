/** How a value is written in an attribute or in an element's text. */
import { InvalidValue, quote } from "./problems.ts";

/** A type of value: its text is what stands in the document. */
export interface Scalar<T> {
  /** Only a type: what a value is in TypeScript. */
  readonly value?: T;
  /**
   * The value a text stands for; undefined when the text says that there is none.
   * @throws InvalidValue
   */
  parse(text: string): T | undefined;
  /** The text of a value in libvirt's own form. */
  format(value: T): string;
}

/** Any text, as it is. */
export const text: Scalar<string> = { parse: (from) => from, format: (value) => value };

/** Text where an empty one is as if it were not there. */
export const nonEmpty: Scalar<string> = { parse: (from) => from || undefined, format: (value) => value };

/** One of some words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words): Scalar<Words[number]> {
  const known: ReadonlySet<string> = new Set(words);
  return {
    parse(from) {
      if (known.has(from)) return from;
      throw new InvalidValue(`${quote(from)} is not one of ${words.join(", ")}`);
    },
    format: (value) => value,
  };
}

function twoWords(yes: string, no: string): Scalar<boolean> {
  return {
    parse(from) {
      if (from === yes) return true;
      if (from === no) return false;
      throw new InvalidValue(`${quote(from)} is neither ${yes} nor ${no}`);
    },
    format: (value) => (value ? yes : no),
  };
}

export const yesNo: Scalar<boolean> = twoWords("yes", "no");
export const onOff: Scalar<boolean> = twoWords("on", "off");

const decimal = /^[ \t\r\n]*([+-]?\d{1,40})[ \t\r\n]*$/;

function integer(from: string, least: bigint, most: bigint): bigint {
  const digits = decimal.exec(from)?.[1];
  if (digits === undefined) throw new InvalidValue(`${quote(from)} is not a whole number`);
  const value = BigInt(digits.startsWith("+") ? digits.slice(1) : digits);
  if (value < least || value > most) throw new InvalidValue(`${quote(from)} is not between ${least} and ${most}`);
  return value;
}

/** A count from 0 to `max`, by default 2^32 - 1. */
export function uint(max = 0xffff_ffff): Scalar<number> {
  return { parse: (from) => Number(integer(from, 0n, BigInt(max))), format: String };
}

/** A signed 32-bit number. */
export const int: Scalar<number> = {
  parse: (from) => Number(integer(from, -0x8000_0000n, 0x7fff_ffffn)),
  format: String,
};

const largest = 0xffff_ffff_ffff_ffffn;

/** An unsigned 64-bit number. */
export const ulong: Scalar<bigint> = { parse: (from) => integer(from, 0n, largest), format: String };

/** A signed 64-bit number. */
export const long: Scalar<bigint> = {
  parse: (from) => integer(from, -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn),
  format: String,
};

/** What libvirt takes for "no limit" where a limit is a number (VIR_DOMAIN_MEMORY_PARAM_UNLIMITED). */
export const unlimited = 9007199254740991n;

/** A limit in the unit of its place; the number that means "no limit" is as if nothing were written. */
export const limit: Scalar<bigint> = {
  parse(from) {
    const value = integer(from, 0n, largest);
    return value >= unlimited ? undefined : value;
  },
  format: String,
};

/** A number in any of C's notations: hexadecimal after `0x`, octal after `0`, decimal. */
function cNumber(from: string, most: bigint): bigint {
  const digits = /^[ \t\r\n]*(0[xX][0-9a-fA-F]{1,16}|0[0-7]{1,22})[ \t\r\n]*$/.exec(from)?.[1];
  if (digits === undefined) {
    if (/^\s*0\d/.test(from)) throw new InvalidValue(`${quote(from)} is not a number: a leading zero means octal`);
    return integer(from, 0n, most);
  }
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (value > most) throw new InvalidValue(`${quote(from)} is greater than 0x${most.toString(16)}`);
  return value;
}

/**
 * A number in any of C's notations, printed in hexadecimal with at least `digits` digits.
 * @param max its greatest value, by default what fits into 32 bits.
 */
export function hex(digits = 1, max = 0xffff_ffff): Scalar<number> {
  return {
    parse: (from) => Number(cNumber(from, BigInt(max))),
    format: (value) => `0x${value.toString(16).padStart(digits, "0")}`,
  };
}

/** Like {@link hex} for numbers of up to 64 bits. */
export function hexLong(digits = 1): Scalar<bigint> {
  return {
    parse: (from) => cNumber(from, largest),
    format: (value) => `0x${value.toString(16).padStart(digits, "0")}`,
  };
}

/** A number in any of C's notations, printed in decimal. */
export function cUint(max = 0xffff_ffff): Scalar<number> {
  return { parse: (from) => Number(cNumber(from, BigInt(max))), format: String };
}

const macForm = /^[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}$/;

/** A MAC address; kept in lower case with two digits a byte. */
export const mac: Scalar<string> = {
  parse(from) {
    if (!macForm.test(from)) throw new InvalidValue(`${quote(from)} is not a MAC address (aa:bb:cc:dd:ee:ff)`);
    return from
      .toLowerCase()
      .split(":")
      .map((byte) => byte.padStart(2, "0"))
      .join(":");
  },
  format: (value) => value,
};

/** A UUID; written with or without hyphens, kept in lower case with them. */
export const uuid: Scalar<string> = {
  parse(from) {
    const digits = from.trim().replaceAll("-", "").toLowerCase();
    if (!/^[0-9a-f]{32}$/.test(digits)) throw new InvalidValue(`${quote(from)} is not a UUID`);
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  },
  format: (value) => value,
};

/** Text of a certain form. `what` names the form in messages: "a PCI address". */
export function pattern(form: RegExp, what: string): Scalar<string> {
  const whole = new RegExp(`^(?:${form.source})$`, form.flags.replace(/[gy]/g, ""));
  return {
    parse(from) {
      if (whole.test(from)) return from;
      throw new InvalidValue(`${quote(from)} is not ${what}`);
    },
    format: (value) => value,
  };
}
