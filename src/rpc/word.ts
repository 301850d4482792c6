/** The words of a message's head, read where they stand: heads are looked at far too often for a `DataView`. */

/** The 4-byte word at `at`, signed. */
export function intAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

/** The 4-byte word at `at`, unsigned. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return intAt(bytes, at) >>> 0;
}
