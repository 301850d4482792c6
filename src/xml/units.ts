/** Sizes with a unit: `<memory unit='MiB'>512</memory>`. */
import { InvalidValue, quote } from "./problems.ts";
import { ulong } from "./scalars.ts";

const letters = "kmgtpe";
const largest = 0xffff_ffff_ffff_ffffn;

/**
 * Bytes in one unit: `b`, `bytes`; `K`, `KiB` are 1024 and `KB` is 1000 bytes; likewise M, G, T, P, E. Case is ignored.
 * @throws InvalidValue for any other unit.
 */
export function bytesPerUnit(unit: string): bigint {
  const word = unit.toLowerCase();
  if (word === "" || word === "b" || word === "byte" || word === "bytes") return 1n;
  const power = letters.indexOf(word.charAt(0)) + 1;
  const rest = word.slice(1);
  if (power > 0 && (rest === "" || rest === "ib")) return 1024n ** BigInt(power);
  if (power > 0 && rest === "b") return 1000n ** BigInt(power);
  // libvirt reports this one as an argument error, from no part in particular.
  throw new InvalidValue(`unknown suffix ${quote(unit)}`, "INVALID_ARG");
}

/** A number and its unit as bytes. */
export function toBytes(number: string, unit: string): bigint {
  const bytes = (ulong.parse(number) ?? 0n) * bytesPerUnit(unit);
  if (bytes > largest) throw new InvalidValue(`${quote(`${number} ${unit}`)} is too large`, "OVERFLOW");
  return bytes;
}

/** A number and its unit as KiB, rounded up. */
export function toKib(number: string, unit: string): bigint {
  return (toBytes(number, unit) + 1023n) / 1024n;
}
