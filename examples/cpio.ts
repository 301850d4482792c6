/** The archive format of a Linux initramfs (cpio, "newc"). */

/** One file or folder of an archive. */
export interface CpioEntry {
  /** Its path without a leading slash. */
  readonly path: string;
  /** File type and permission bits, as in stat's st_mode. */
  readonly mode: number;
  readonly data?: Uint8Array;
}

/** Packs entries into an archive, all owned by root. */
export function cpioArchive(entries: readonly CpioEntry[]): Buffer {
  const parts = entries.flatMap((entry, index) => packed(entry, index + 1));
  return Buffer.concat([...parts, ...packed({ path: "TRAILER!!!", mode: 0 }, 0)]);
}

function packed({ path, mode, data = new Uint8Array() }: CpioEntry, inode: number): Uint8Array[] {
  const name = Buffer.from(`${path}\0`);
  // inode, mode, uid, gid, links, mtime, size, device (2), special device (2), name's length, checksum
  const numbers = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${numbers.map((number) => number.toString(16).padStart(8, "0")).join("")}`);
  return [header, name, padding(header.length + name.length), data, padding(data.length)];
}

/** Everything in an archive begins at a multiple of four. */
function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
