/** How much memory the guest has: `<memory>`, NUMA nodes and memory modules must agree. */
import type { ParsedDomain } from "../domain.ts";
import { malformed } from "../refuse.ts";
import type { CompletionOptions } from "./options.ts";
import { set } from "./update.ts";

export function completeMemory(domain: ParsedDomain, { abiUpdate }: CompletionOptions): void {
  const pluggedIn = sum(domain.devices.memories.map(({ target }) => target.size));
  const total = domain.memory.value;
  const ofNodes = total === 0n || abiUpdate === true ? nodesMemory(domain) : 0n;

  if (ofNodes === 0n && pluggedIn > total) malformed("Total size of memory devices exceeds the total memory size");
  const atStart = ofNodes > 0n ? ofNodes : total - pluggedIn;
  if (atStart === 0n) malformed("Memory size must be specified via <memory> or in the <numa> configuration");
  domain.memory.value = atStart + pluggedIn;
  completeBalloon(domain);
  checkMaximum(domain);
}

function nodesMemory({ cpu }: ParsedDomain): bigint {
  return sum((cpu?.numa?.cells ?? []).map(({ memory }) => memory));
}

function sum(sizes: readonly bigint[]): bigint {
  return sizes.reduce((total, size) => total + size, 0n);
}

/** What the guest may use is all, unless it is less. */
function completeBalloon(domain: ParsedDomain): void {
  const { value } = domain.memory;
  if (domain.currentMemory === 0n || domain.currentMemory > value) domain.currentMemory = value;
}

function checkMaximum(domain: ParsedDomain): void {
  const { maxMemory, memory } = domain;
  if (maxMemory === undefined) return;
  if (maxMemory.value === 0n && !maxMemory.slots) {
    set(domain, "maxMemory", undefined);
    return;
  }
  if (maxMemory.value === 0n || !maxMemory.slots) {
    malformed("both maximum memory size and memory slot count must be specified");
  }
  if (maxMemory.value < memory.value) {
    malformed("maximum memory size must be equal or greater than the actual memory size");
  }
}
