/**
 * A paravirtualized kernel that does nothing at all: a domain with it is made and ended like any other, and takes no time
 * from the others while it is there. Linux takes six seconds of the emulated processor to come up.
 */

/** Where it stands in the domain's memory: addresses begin at `base`. */
const base = 0xffff_ffff_8000_0000n;
const place = 0x10_0000n;
const page = 0x1000;

/** What Xen reads of an ELF file for such a domain (public/elfnote.h). */
const Note = {
  ENTRY: 1,
  HYPERCALL_PAGE: 2,
  VIRT_BASE: 3,
  PADDR_OFFSET: 4,
  XEN_VERSION: 5,
  GUEST_OS: 6,
  LOADER: 8,
  PAE: 9,
};

/**
 * Calls `sched_op` (29) with SCHEDOP_poll (3) for no event and without an end, and again should that come back. The argument,
 * a structure of zeros, stands behind it.
 */
const code = Buffer.from([
  ...[0xbf, 3, 0, 0, 0], // mov edi, 3
  ...[0x48, 0x8d, 0x35, 10, 0, 0, 0], // lea rsi, [rip + 10]
  ...[0xb8, 29, 0, 0, 0], // mov eax, 29
  ...[0x0f, 0x05], // syscall
  ...[0xeb, 0xeb], // jmp to the beginning
]);

function note(type: number, value: bigint | string): Buffer {
  const text = typeof value === "string" ? Buffer.from(`${value}\0`) : Buffer.alloc(8);
  if (typeof value === "bigint") text.writeBigUInt64LE(value);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(4, 0);
  head.writeUInt32LE(text.length, 4);
  head.writeUInt32LE(type, 8);
  head.write("Xen\0", 12, "latin1");
  return Buffer.concat([head, text, Buffer.alloc(-text.length & 3)]);
}

interface Segment {
  /** 1: loaded, 4: notes. */
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

function programHeader({ type, offset, size }: Segment): Buffer {
  const header = Buffer.alloc(56);
  header.writeUInt32LE(type, 0);
  header.writeUInt32LE(7, 4);
  const longs = [BigInt(offset), base + place, place, BigInt(size), BigInt(size), BigInt(page)];
  for (const [at, value] of longs.entries()) header.writeBigUInt64LE(value, 8 + 8 * at);
  return header;
}

/** The kernel as an ELF file. */
export function quietKernel(): Buffer {
  const entry = base + place;
  const notes = Buffer.concat([
    ...[note(Note.GUEST_OS, "quiet"), note(Note.XEN_VERSION, "xen-3.0"), note(Note.LOADER, "generic")],
    ...[note(Note.VIRT_BASE, base), note(Note.PADDR_OFFSET, 0n), note(Note.ENTRY, entry), note(Note.PAE, "yes")],
    note(Note.HYPERCALL_PAGE, entry + BigInt(page)),
  ]);
  // The code's page, and the one that Xen fills with its calls.
  const body = Buffer.alloc(2 * page);
  code.copy(body);
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  for (const [at, value] of [
    [16, 2], // an executable
    [18, 62], // for x86-64
    [52, 64],
    [54, 56],
    [56, 2],
  ] as const) {
    header.writeUInt16LE(value, at);
  }
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(entry, 24);
  header.writeBigUInt64LE(64n, 32);
  const notesAt = 64 + 2 * 56;
  const head = Buffer.alloc(page);
  Buffer.concat([
    header,
    programHeader({ type: 1, offset: page, size: body.length }),
    programHeader({ type: 4, offset: notesAt, size: notes.length }),
    notes,
  ]).copy(head);
  return Buffer.concat([head, body]);
}
