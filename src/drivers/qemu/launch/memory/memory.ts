/** `-m` and `-numa`: how much memory the guest has, and how it is spread over NUMA nodes. */
import type { Domain, NumaCell } from "../../../../model/domain/index.ts";
import { formatCpuset } from "../../../../xml/index.ts";
import { acceleratorOf } from "../../definition/index.ts";
import type { Guest } from "../context.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import { option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { backingFolder, hugepageFolder, type MemoryBackend, memoryBackend, mountFor, pageSizeFor } from "./backend.ts";
import { hmatParts, initiatorOf } from "./hmat.ts";

export const numaCells = ({ cpu }: Domain): readonly NumaCell[] => cpu?.numa?.cells ?? [];

/** KiB that the guest has before modules are plugged in. */
function initialMemory({ memory, devices }: Domain): bigint {
  return devices.memories.reduce((rest, { target }) => rest - target.size, memory.value);
}

/** What of this kind the emulator's boards have: a name for their memory, and NUMA nodes that only say their size. */
const board = ({ domain, capabilities }: Guest) =>
  capabilities.machine(domain.os.type.machine ?? "", acceleratorOf(domain));

/** Id of the object that is the guest's memory; undefined where there are NUMA nodes, or no name for it. */
export function defaultRamId(guest: Guest): string | undefined {
  if (numaCells(guest.domain).length > 0) return undefined;
  return board(guest)?.defaultRamId ?? undefined;
}

export function memoryParts(guest: Guest): Part[] {
  const { domain } = guest;
  const locked = domain.memoryBacking?.locked === true;
  return [sizePart(domain), ...boardMemory(guest).parts, keyedOption("-overcommit", undefined, { "mem-lock": locked })];
}

function sizePart(domain: Domain): Part {
  const size = initialMemory(domain);
  const { maxMemory } = domain;
  if (maxMemory === undefined) return option("-m", String(size >> 10n));
  const maxmem = `${maxMemory.value}k`;
  return keyedOption("-m", undefined, { size: `${size}k`, slots: maxMemory.slots, maxmem });
}

interface Memory {
  readonly parts: readonly Part[];
  readonly folder: string | undefined;
}

function boardMemory(guest: Guest): Memory {
  const id = defaultRamId(guest);
  if (id !== undefined) return memoryBackend({ id, size: initialMemory(guest.domain), isBoardMemory: true }, guest);
  return hasNoBackends(guest) ? memoryWithoutObject(guest) : { parts: [], folder: undefined };
}

/** Emulators that know no object for a board's memory are told by options of their own what it is made of. */
const hasNoBackends = (guest: Guest): boolean => (board(guest)?.defaultRamId ?? undefined) === undefined;

function memoryWithoutObject(guest: Guest): Memory {
  const { domain } = guest;
  // Nodes say of themselves what they are made of.
  if (numaCells(domain).length > 0) return { parts: [], folder: undefined };
  const immediate = domain.memoryBacking?.allocation?.mode === "immediate" ? [option("-mem-prealloc")] : [];
  const size = pageSizeFor(undefined, domain);
  if (size !== undefined && size * 1024n !== BigInt(guest.pageSize)) {
    const folder = hugepageFolder(mountFor(size, guest), guest);
    return { parts: [option("-mem-prealloc"), option("-mem-path", folder)], folder };
  }
  if (domain.memoryBacking?.source !== "file") return { parts: immediate, folder: undefined };
  const folder = backingFolder(guest);
  return { parts: [...immediate, option("-mem-path", `${folder}/ram`)], folder };
}

export function numaParts(guest: Guest): Part[] {
  const { domain } = guest;
  const cells = numaCells(domain);
  if (cells.length === 0) return [];
  const backends = cellBackends(guest);
  // Nodes either all have objects or all say their size.
  const plain = board(guest)?.numaMemSupported !== false && backends.every(({ isPlain }) => isPlain);
  return [
    ...cells.flatMap((cell, id) => [...(plain ? [] : (backends[id]?.parts ?? [])), nodePart(cell, id, plain, domain)]),
    ...distanceParts(cells),
    ...hmatParts(domain),
  ];
}

const cellBackends = (guest: Guest): MemoryBackend[] =>
  numaCells(guest.domain).map((cell, node) =>
    memoryBackend(
      { id: `ram-node${node}`, size: cell.memory, node, access: cell.memAccess, discard: cell.discard },
      guest,
    ),
  );

function nodePart(cell: NumaCell, nodeid: number, plain: boolean, domain: Domain): Part {
  const cpus = cell.cpus === undefined || cell.cpus.length === 0 ? undefined : formatCpuset(cell.cpus).split(",");
  return keyedOption("-numa", "node", {
    nodeid,
    cpus,
    initiator: initiatorOf(nodeid, domain),
    ...(plain ? { mem: String(cell.memory >> 10n) } : { memdev: `ram-node${nodeid}` }),
  });
}

/** Distances that nobody gave: 10 to a node itself, 20 to others. */
function distanceParts(cells: readonly NumaCell[]): Part[] {
  if (cells.every(({ distances }) => distances === undefined)) return [];
  return cells.flatMap((cell, src) =>
    cells.map((_, dst) => {
      const given = cell.distances?.siblings.find(({ id }) => id === dst)?.value;
      return keyedOption("-numa", "dist", { src, dst, val: given ?? (src === dst ? 10 : 20) });
    }),
  );
}

/** Folders that files which back the guest's memory are made in. */
export function memoryFolders(guest: Guest): string[] {
  const folders = [boardMemory(guest), ...cellBackends(guest)].map(({ folder }) => folder);
  return [...new Set(folders.filter((folder) => folder !== undefined))];
}
