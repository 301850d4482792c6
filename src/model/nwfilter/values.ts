/**
 * Values in filter rules. Each may be a variable (`$IP`, `$PORTS[@1]`) that gets its value where the filter is used, and
 * numbers keep the notation they were written in, so a value is kept as its text in libvirt's form.
 */
import { InvalidValue, mac, quote, type Scalar } from "../../xml/index.ts";
import { formatIp, type IpFamily, ipBits, maskOf, parseIp, prefixOfMask } from "../common/ip.ts";

/** A value's text: a variable when it begins with `$`. */
export type FilterValue = string;

/** A use of a variable. */
export interface VariableUse {
  readonly name: string;
  /** `$A[@1]`: the values of all variables with this iterator are gone through together. */
  readonly iterator?: number;
  /** `$A[1]`: only this value, counted from 0. */
  readonly index?: number;
}

const variableForm = /^\$([A-Za-z0-9_]+)(?:\[ *(@?)(\d{1,9}) *\])?$/;

/** What a value uses when it is a variable. */
export function parseVariable(value: FilterValue): VariableUse | undefined {
  const [, name, at, digits] = variableForm.exec(value) ?? [];
  if (name === undefined) return undefined;
  if (digits === undefined) return { name, iterator: 0 };
  return at === "@" ? { name, iterator: Number(digits) } : { name, index: Number(digits) };
}

function formatVariable({ name, iterator, index }: VariableUse): FilterValue {
  if (index !== undefined) return `$${name}[${index}]`;
  return iterator === undefined || iterator === 0 ? `$${name}` : `$${name}[@${iterator}]`;
}

/** A scalar that also takes variables. */
function orVariable(what: string, canonical: (text: string) => string | undefined): Scalar<FilterValue> {
  return {
    parse(from) {
      const variable = parseVariable(from);
      const value = variable === undefined ? canonical(from) : formatVariable(variable);
      if (value === undefined) throw new InvalidValue(`${quote(from)} is not ${what}`);
      return value;
    },
    format: (value) => value,
  };
}

/** A number's text in its own notation: decimal, or hexadecimal, for which the 0x may be missing. */
function numberText(text: string, max: number, min = 0): string | undefined {
  const decimal = /^\d{1,10}$/.test(text);
  if (!decimal && !/^(0[xX])?[0-9a-fA-F]{1,8}$/.test(text)) return undefined;
  const value = decimal ? Number(text) : Number.parseInt(text.replace(/^0[xX]/, ""), 16);
  if (value > max || value < min) return undefined;
  return decimal ? String(value) : `0x${value.toString(16)}`;
}

/** A number up to `max`. */
export const number = (max: number): Scalar<FilterValue> =>
  orVariable(`a number up to ${max}`, (text) => numberText(text, max));

/** A number some of whose values have names; those are printed, and read in any case. */
export function namedNumber(names: Readonly<Record<string, number>>, max: number, min = 0): Scalar<FilterValue> {
  const known = Object.entries(names);
  return orVariable(`a number up to ${max} or one of ${Object.keys(names).join(", ")}`, (text) => {
    const byName = known.find(([name]) => name.toLowerCase() === text.toLowerCase());
    if (byName !== undefined) return byName[0];
    const digits = numberText(text, max);
    const byNumber = digits === undefined ? undefined : known.find(([, value]) => value === Number(digits));
    return byNumber?.[0] ?? numberText(text, max, min);
  });
}

export const macAddress: Scalar<FilterValue> = orVariable("a MAC address", (text) => {
  try {
    return mac.parse(text);
  } catch {
    return undefined;
  }
});

/** A mask of a MAC address: ones, then zeros. */
export const macMask: Scalar<FilterValue> = orVariable("a MAC address mask", (text) => {
  if (!/^[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}$/.test(text)) return undefined;
  const bytes = text.split(":").map((byte) => Number.parseInt(byte, 16));
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return /^1*0*$/.test(bits) ? bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":") : undefined;
});

export const ip = (family: IpFamily): Scalar<FilterValue> =>
  orVariable(`an ${family} address`, (text) => {
    const address = parseIp(text);
    return address?.family === family ? formatIp(address) : undefined;
  });

/** A network mask as a prefix length; read in either form. */
export const ipMask = (family: IpFamily): Scalar<FilterValue> =>
  orVariable(`an ${family} mask`, (text) => {
    if (/^\d{1,3}$/.test(text)) return Number(text) <= ipBits[family] ? String(Number(text)) : undefined;
    const mask = parseIp(text);
    const prefix = mask?.family === family ? prefixOfMask(mask) : undefined;
    return prefix === undefined || maskOf(family, prefix) !== mask?.value ? undefined : String(prefix);
  });

/** Flags in one order, whatever order they are written in. */
function flagSet(text: string, known: readonly string[], separator = ","): string[] | undefined {
  const given = text === "" ? [] : text.split(separator).map((flag) => flag.toUpperCase());
  return given.every((flag) => known.includes(flag)) ? known.filter((flag) => given.includes(flag)) : undefined;
}

const tcpFlagNames = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];

function tcpFlagSet(text: string): string | undefined {
  if (/^(NONE)?$/i.test(text)) return "NONE";
  if (/^ALL$/i.test(text)) return "ALL";
  const flags = flagSet(text, tcpFlagNames);
  return flags?.length === tcpFlagNames.length ? "ALL" : flags?.join(",");
}

/** `mask/flags`: of these flags, those are set. */
export const tcpFlags: Scalar<FilterValue> = orVariable("TCP flags like SYN,ACK/SYN", (text) => {
  const [mask, flags, ...more] = text.split("/").map(tcpFlagSet);
  return mask === undefined || flags === undefined || more.length > 0 ? undefined : `${mask}/${flags}`;
});

/** States of a connection; NONE rules the others out. */
export const connectionState: Scalar<FilterValue> = orVariable("a list of connection states", (text) => {
  const states = flagSet(text, ["NONE", "NEW", "ESTABLISHED", "RELATED", "INVALID"]);
  return states?.includes("NONE") ? "NONE" : states?.join(",");
});

/** Whether an IP set is looked up by source or destination, for each of its dimensions. */
export const ipsetFlags: Scalar<FilterValue> = orVariable("up to six of src and dst", (text) => {
  const flags = text.toLowerCase();
  return /^(src|dst)(,(src|dst)){0,5}$/.test(flags) ? flags : undefined;
});

/** Longest name of an IP set. */
const maxIpset = 31;
export const ipsetName: Scalar<FilterValue> = orVariable(`a name of up to ${maxIpset} characters`, (text) =>
  text.length <= maxIpset ? text : undefined,
);

export const boolean: Scalar<FilterValue> = orVariable("true or false", (text) => {
  if (/^(true|yes|1)$/i.test(text)) return "true";
  return /^(false|no|0)$/i.test(text) ? "false" : undefined;
});

/** Longest comment that is kept. */
const maxComment = 256;
export const comment: Scalar<string> = {
  parse: (text) => text.slice(0, maxComment),
  format: (value) => value,
};
