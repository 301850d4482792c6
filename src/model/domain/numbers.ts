/** Numbers as domain documents write them. */
import { hex, InvalidValue, type Scalar, uint } from "../../xml/index.ts";

/** A number written in decimal or, after `0x`, in hexadecimal; printed in decimal. */
export function number(max: number): Scalar<number> {
  const { parse } = hex(1, max);
  return { parse, format: String };
}

/** A count from 1. */
export const positive: Scalar<number> = {
  parse(from) {
    const value = uint().parse(from);
    if (value === 0) throw new InvalidValue("Zero is not permitted");
    return value;
  },
  format: String,
};
