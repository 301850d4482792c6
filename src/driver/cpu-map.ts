/** Maps of processors as libvirt's calls carry them: the lowest bit of the first byte is processor 0. */
import { type ErrorDomainName, LibvirtError } from "../errors.ts";

/** The processors of a map; INVALID_ARG for one without any. */
export function cpusOfMap(map: Uint8Array, domain: ErrorDomainName): number[] {
  const cpus: number[] = [];
  map.forEach((byte, at) => {
    for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) cpus.push(at * 8 + bit);
  });
  if (cpus.length === 0) throw new LibvirtError("INVALID_ARG", domain, "empty cpu list for pinning");
  return cpus;
}

/** A map of so many bytes; processors beyond it are left out. */
export function mapOfCpus(cpus: Iterable<number>, length: number): Uint8Array {
  const map = new Uint8Array(length);
  for (const cpu of cpus) {
    const byte = cpu >> 3;
    if (byte < length) map[byte] = (map[byte] ?? 0) | (1 << (cpu & 7));
  }
  return map;
}
