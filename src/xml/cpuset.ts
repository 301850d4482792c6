/** Sets of CPUs or NUMA nodes as libvirt writes them: `0-3,^2,8`. */
import { InvalidValue, quote } from "./problems.ts";
import type { Scalar } from "./scalars.ts";

/** Largest CPU number plus one that a set may name: libvirt's longest CPU mask. */
export const maxCpus = 16384;

/** The longest text of a set: some times what the longest one in libvirt's form has. */
const maxText = 256 * 1024;

const item = /^(\^?)(\d{1,9})(?:-(\d{1,9}))?$/;

/** What one piece of a set names, both ends included. */
interface Piece {
  readonly negated: boolean;
  readonly start: number;
  readonly end: number;
}

/**
 * The members of a set, in ascending order without repetitions.
 * @throws InvalidValue for a malformed set, a backward range, or a member of {@link maxCpus} or above.
 */
export function parseCpuset(from: string): number[] {
  if (from.length > maxText) throw new InvalidValue(`${quote(from)} is longer than ${maxText} characters`);
  const pieces = from.split(",").map((part) => parsePiece(part, from));
  const [first, ...more] = pieces;
  // Documents have tens of thousands of these.
  if (first !== undefined && more.length === 0 && !first.negated) return numbers(first);
  const highest = pieces.reduce((most, { end }) => Math.max(most, end), 0);
  const members = new Uint8Array(highest + 1);
  for (const { negated, start, end } of pieces) members.fill(negated ? 0 : 1, start, end + 1);
  return numbers({ start: 0, end: highest }).filter((member) => members[member] === 1);
}

function parsePiece(part: string, from: string): Piece {
  const [, negation, first = "", last = first] = item.exec(part.trim()) ?? [];
  const [start, end] = [Number(first), Number(last)];
  if (negation === undefined || start > end || (negation === "^" && first !== last)) {
    throw new InvalidValue(`${quote(from)} is not a set of numbers like 0-3,^2,8`);
  }
  if (end >= maxCpus) throw new InvalidValue(`${quote(from)} names ${end}; the greatest number is ${maxCpus - 1}`);
  return { negated: negation === "^", start, end };
}

const numbers = ({ start, end }: Pick<Piece, "start" | "end">): number[] =>
  Array.from({ length: end - start + 1 }, (_, at) => start + at);

/** A set in libvirt's form: neighbours joined to ranges. */
export function formatCpuset(members: readonly number[]): string {
  const sorted = [...new Set(members)].sort((a, b) => a - b);
  const ranges: string[] = [];
  for (let at = 0; at < sorted.length; at++) {
    const first = sorted[at];
    while (sorted[at + 1] === (sorted[at] ?? 0) + 1) at++;
    ranges.push(first === sorted[at] ? `${first}` : `${first}-${sorted[at]}`);
  }
  return ranges.join(",");
}

/** A set of CPU or node numbers, ascending; text such as `1-3,^2` is read as what it means. */
export const cpuset: Scalar<number[]> = { parse: parseCpuset, format: formatCpuset };
