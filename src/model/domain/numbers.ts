import { hex, type Scalar } from "../../xml/index.ts";

/** A number written in decimal or, after `0x`, in hexadecimal; printed in decimal. */
export function number(max: number): Scalar<number> {
  const { parse } = hex(1, max);
  return { parse, format: String };
}
