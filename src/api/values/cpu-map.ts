/** Sets of processors: a flag for each processor, a bit of a byte string on the wire. */

/** Which processors are meant: the flag at index N is that of processor N. */
export type CpuMap = readonly boolean[];

/** Packs a set of processors, the first in the lowest bit. */
export function packCpuMap(map: CpuMap): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(map.length / 8));
  map.forEach((on, cpu) => {
    if (on) bytes[cpu >> 3] = (bytes[cpu >> 3] ?? 0) | (1 << (cpu & 7));
  });
  return bytes;
}

/** Unpacks a set of `count` processors; all that the bytes have room for when it is not given. */
export function unpackCpuMap(bytes: Uint8Array, count = bytes.length * 8): boolean[] {
  return Array.from({ length: count }, (_, cpu) => ((bytes[cpu >> 3] ?? 0) & (1 << (cpu & 7))) !== 0);
}

/** Unpacks sets that follow each other, each `mapLength` bytes long. */
export function unpackCpuMaps(bytes: Uint8Array, maps: number, mapLength: number, count?: number): boolean[][] {
  return Array.from({ length: maps }, (_, index) =>
    unpackCpuMap(bytes.subarray(index * mapLength, (index + 1) * mapLength), count),
  );
}

/** How many bytes a set of `cpus` processors takes (VIR_CPU_MAPLEN). */
export function cpuMapLength(cpus: number): number {
  return Math.ceil(cpus / 8);
}
