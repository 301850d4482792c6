/** Numbers as virsh reads them from the command line. */
import { bytesPerUnit } from "../../xml/units.ts";
import { CommandError } from "../error.ts";

/** A decimal integer between `min` and `max`; leading blanks and a sign are allowed, nothing may follow. */
export function parseInteger(text: string, option: string, min: bigint, max: bigint): bigint {
  const value = /^[ \t\n\v\f\r]*[+-]?[0-9]+$/.test(text) ? BigInt(text.trim().replace(/^\+/, "")) : undefined;
  if (value === undefined || value < min || value > max) {
    throw new CommandError(`Numeric value '${text}' for <${option}> option is malformed or out of range`);
  }
  return value;
}

export interface Scale {
  /** What a number without a suffix counts: 1 for bytes, 1024 for KiB. */
  readonly unit: bigint;
  /** The greatest result, in bytes. */
  readonly max: bigint;
}

const ulonglongMax = (1n << 64n) - 1n;

/** An integer with an optional unit suffix (KB is 1000, K and KiB are 1024 bytes, in any case), in bytes. */
export function parseScaled(text: string, option: string, { unit, max }: Scale): bigint {
  const failure = `Scaled numeric value '${text}' for <${option}> option is malformed or out of range`;
  const match = /^[ \t\n\v\f\r]*\+?([0-9]+)(.*)$/s.exec(text);
  const number = BigInt(match?.[1] ?? -1);
  if (match === null || number > ulonglongMax) throw new CommandError(failure);
  const suffix = match[2] as string;
  const scale = suffix === "" ? unit : unitOf(suffix, failure);
  if (number > max / scale)
    throw new CommandError([failure, `numerical overflow: value too large: ${number}${suffix}`]);
  return number * scale;
}

function unitOf(suffix: string, failure: string): bigint {
  try {
    return bytesPerUnit(suffix);
  } catch {
    throw new CommandError([failure, `invalid argument: unknown suffix '${suffix}'`]);
  }
}
