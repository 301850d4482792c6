/** `vnuma`: the guest's NUMA nodes, each a list of `key=value` words. */
import { formatCpuset, parseCpuset } from "../../xml/index.ts";
import { type Cpu, cpu as cpuShape, type Domain, type NumaCell, type ParsedDomain } from "../domain/index.ts";
import { mebibytes } from "./general.ts";
import type { Given } from "./given.ts";
import type { Setting } from "./setting.ts";

const kibPerMib = 1024n;
/** Distances as ACPI counts them: to a node itself, and to one that nothing is said of. */
const own = 10;
const remote = 20;

export function cpuOf(draft: ParsedDomain): Cpu {
  draft.cpu ??= cpuShape.make({});
  return draft.cpu;
}

function readCell(given: Given, id: number): NumaCell {
  const words = new Map(
    given.list().map((one) => {
      const [name = "", ...value] = one.text().split("=");
      return [name.trim(), value.join("=").trim()] as const;
    }),
  );
  const number = (text: string): number =>
    /^\d{1,9}$/.test(text) ? Number(text) : given.fail(`'${text.slice(0, 40)}' is not a number`);
  const size = words.get("size") ?? given.fail("a node needs a size");
  const cell: NumaCell = { id, memory: BigInt(number(size)) * kibPerMib, caches: [] };
  const vcpus = words.get("vcpus");
  if (vcpus) cell.cpus = parseCpuset(vcpus);
  const distances = words.get("vdistances");
  if (distances) {
    const siblings = distances.split(",").map((one, sibling) => ({ id: sibling, value: number(one.trim()) }));
    cell.distances = { siblings };
  }
  return cell;
}

/** The distance between two nodes; one side may say it for both. */
export function distance(cells: readonly NumaCell[], from: number, to: number): number {
  const said = (a: number, b: number): number | undefined =>
    cells[a]?.distances?.siblings.find(({ id }) => id === b)?.value;
  return said(from, to) ?? said(to, from) ?? (from === to ? own : remote);
}

function writeCells(domain: Domain): string[][] | undefined {
  const cells = domain.cpu?.numa?.cells ?? [];
  if (cells.length === 0) return undefined;
  return cells.map((cell, from) => [
    `pnode=${from}`,
    `size=${mebibytes(cell.memory)}`,
    `vcpus=${formatCpuset(cell.cpus ?? [])}`,
    `vdistances=${cells.map((_, to) => distance(cells, from, to)).join(",")}`,
  ]);
}

export const numa: readonly Setting[] = [
  {
    name: "vnuma",
    read: (given, draft) => {
      const cells = given.list().map(readCell);
      if (cells.length > 0) cpuOf(draft).numa = { cells };
    },
    write: writeCells,
  },
];
