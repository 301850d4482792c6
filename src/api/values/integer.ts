/** 64-bit integers: bigint in results, either kind of number in arguments. */
import { LibvirtError } from "../../errors.ts";

/** A whole number. Numbers must be safe integers; larger ones are bigints. */
export type Integer = number | bigint;

const maxUnsigned = 2n ** 64n - 1n;
const minSigned = -(2n ** 63n);
const maxSigned = 2n ** 63n - 1n;

function whole(value: Integer): bigint {
  if (typeof value === "bigint") return value;
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw new LibvirtError("INVALID_ARG", "NONE", `${value} is not a whole number that a number can hold exactly`);
}

function within(value: bigint, min: bigint, max: bigint): bigint {
  if (value >= min && value <= max) return value;
  throw new LibvirtError("OVERFLOW", "NONE", `${value} is not between ${min} and ${max}`);
}

/** As an unsigned 64-bit integer. @throws {LibvirtError} INVALID_ARG, OVERFLOW */
export function unsigned(value: Integer): bigint {
  return within(whole(value), 0n, maxUnsigned);
}

/** As a signed 64-bit integer. @throws {LibvirtError} INVALID_ARG, OVERFLOW */
export function signed(value: Integer): bigint {
  return within(whole(value), minSigned, maxSigned);
}
