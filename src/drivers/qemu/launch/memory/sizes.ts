/** Sizes of memory as QEMU's boards can have them. */
import type { Domain, MemoryDevice } from "../../../../model/domain/index.ts";
import { isPpc64 } from "../../definition/machine.ts";

const kibPerMib = 1024n;
/** POWER guests are given and lose memory in blocks. */
const ppcBlock = 256n * kibPerMib;

const boardGrain = (domain: Domain): bigint => (isPpc64(domain) ? ppcBlock : kibPerMib);
/** Modules on PCs have whole huge pages. */
const moduleGrain = (domain: Domain): bigint => (isPpc64(domain) ? ppcBlock : 2n * kibPerMib);

const roundUp = (size: bigint, grain: bigint): bigint => ((size + grain - 1n) / grain) * grain;

/** Rounds up what would not fit, in the definition of a guest that is about to start. All sizes in KiB. */
export function alignMemory(domain: Domain): void {
  const { memory, maxMemory, devices, cpu } = domain;
  const grain = boardGrain(domain);
  const cells = cpu?.numa?.cells ?? [];
  const pluggedIn = sum(devices.memories.map(({ target }) => target.size));
  for (const cell of cells) cell.memory = roundUp(cell.memory, grain);
  const atStart = cells.length > 0 ? sum(cells.map((cell) => cell.memory)) : roundUp(memory.value - pluggedIn, grain);
  if (maxMemory !== undefined) maxMemory.value = roundUp(maxMemory.value, grain);
  for (const module of devices.memories) alignModule(module, domain);
  memory.value = atStart + sum(devices.memories.map(({ target }) => target.size));
}

function alignModule({ model, target }: MemoryDevice, domain: Domain): void {
  const grain = moduleGrain(domain);
  // What POWER guests see of persistent memory ends where a block ends; what is beyond is left out.
  if (isPpc64(domain) && model === "nvdimm") {
    const label = target.label?.size ?? 0n;
    target.size = ((target.size - label) / grain) * grain + label;
  } else target.size = roundUp(target.size, grain);
}

const sum = (sizes: readonly bigint[]): bigint => sizes.reduce((total, size) => total + size, 0n);
