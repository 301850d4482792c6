/**
 * Paravirtualized kernels of a few bytes, which do one thing: domains with them are made and ended like any other. Linux
 * takes six seconds of the emulated processor to come up.
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

/** What lies behind the code, by pages: what the hypervisor fills with its calls, and what a kernel makes known of itself. */
const Page = { CODE: 0, CALLS: 1, SHARED: 2, FRAMES: 3, LISTS: 4, COUNT: 5 };

/** The distance from an instruction's end to a page, as the instruction has it. */
function distance(to: number, end: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(to * page - end);
  return [...bytes];
}

/**
 * Tells Xen's tools which pages the domain has, as those who save and dump it want to know: a list of the machine's numbers of
 * the pages that hold the domain's own list, and a list of such lists, which the shared page names (public/arch-x86/xen.h).
 */
const introduction = Buffer.from([
  ...[0x48, 0x89, 0xf3], // mov rbx, rsi: what the domain was started with
  ...[0x48, 0x8d, 0x3d, ...distance(Page.SHARED, 0x0a)], // lea rdi, [shared]
  ...[0x48, 0x8b, 0x73, 0x28], // mov rsi, [rbx + shared_info]
  ...[0x48, 0x83, 0xce, 0x07], // or rsi, present, writable, for users
  ...[0xba, 2, 0, 0, 0], // mov edx, UVMF_INVLPG
  ...[0xb8, 14, 0, 0, 0], // mov eax, update_va_mapping
  ...[0x0f, 0x05], // syscall
  ...[0x48, 0x8b, 0x6b, 0x68], // mov rbp, [rbx + mfn_list]
  ...[0x49, 0xc7, 0xc1, 0, 0, 0, 0x80], // mov r9, base
  ...[0x48, 0x8d, 0x3d, ...distance(Page.FRAMES, 0x30)], // lea rdi, [frames]
  ...[0x48, 0x89, 0xea], // mov rdx, rbp
  ...[0x48, 0x8b, 0x4b, 0x20], // mov rcx, [rbx + nr_pages]
  ...[0x48, 0x81, 0xc1, 0xff, 1, 0, 0], // add rcx, 511
  ...[0x48, 0xc1, 0xe9, 9], // shr rcx, 9: the pages of its list
  ...[0x48, 0x89, 0xd0], // next: mov rax, rdx
  ...[0x4c, 0x29, 0xc8], // sub rax, r9
  ...[0x48, 0xc1, 0xe8, 12], // shr rax, 12
  ...[0x48, 0x8b, 0x44, 0xc5, 0], // mov rax, [rbp + 8 rax]
  ...[0x48, 0xab], // stosq
  ...[0x48, 0x81, 0xc2, 0, 0x10, 0, 0], // add rdx, 4096
  ...[0x48, 0xff, 0xc9], // dec rcx
  ...[0x75, 0xe3], // jnz next
  ...[0x48, 0x8d, 0x05, ...distance(Page.FRAMES, 0x66)], // lea rax, [frames]
  ...[0x4c, 0x29, 0xc8], // sub rax, r9
  ...[0x48, 0xc1, 0xe8, 12], // shr rax, 12
  ...[0x48, 0x8b, 0x44, 0xc5, 0], // mov rax, [rbp + 8 rax]
  ...[0x48, 0x8d, 0x3d, ...distance(Page.LISTS, 0x79)], // lea rdi, [lists]
  ...[0x48, 0x89, 0x07], // mov [rdi], rax
  ...[0x48, 0x8d, 0x15, ...distance(Page.SHARED, 0x83)], // lea rdx, [shared]
  ...[0x48, 0x8b, 0x43, 0x20], // mov rax, [rbx + nr_pages]
  ...[0x48, 0x89, 0x82, 0x10, 0x0c, 0, 0], // mov [rdx + max_pfn], rax
  ...[0x4c, 0x29, 0xcf], // sub rdi, r9
  ...[0x48, 0xc1, 0xef, 12], // shr rdi, 12
  ...[0x48, 0x8b, 0x44, 0xfd, 0], // mov rax, [rbp + 8 rdi]
  ...[0x48, 0x89, 0x82, 0x18, 0x0c, 0, 0], // mov [rdx + pfn_to_mfn_frame_list_list], rax
]);

/** Operations of the hypercall `sched_op` (public/sched.h). */
const Operation = { SHUTDOWN: 2, POLL: 3 };

/** Why a domain is shut down. */
const Reason = { POWEROFF: 0, CRASH: 3 };

/** Calls `sched_op` (29), and again should that come back; its argument, a structure of numbers, stands behind the code. */
function scheduling(operation: number, argument: readonly number[]): Buffer {
  const code = [
    ...[0xbf, operation, 0, 0, 0], // mov edi, operation
    ...[0x48, 0x8d, 0x35, 9, 0, 0, 0], // lea rsi, [rip + 9]
    ...[0xb8, 29, 0, 0, 0], // mov eax, 29
    ...[0x0f, 0x05], // syscall
    ...[0xeb, 0xeb], // jmp to the beginning
  ];
  return Buffer.concat([introduction, Buffer.from(code), Buffer.from(Uint32Array.from(argument).buffer)]);
}

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

/** Waits for no event and without an end: it takes no time from others while it is there. */
export const quietKernel = (): Buffer => kernel(scheduling(Operation.POLL, [0, 0, 0, 0]));

/** Shuts itself down at once. */
export const endingKernel = (): Buffer => kernel(scheduling(Operation.SHUTDOWN, [Reason.POWEROFF]));

/** Crashes at once. */
export const crashingKernel = (): Buffer => kernel(scheduling(Operation.SHUTDOWN, [Reason.CRASH]));

/** A kernel that runs the code, as an ELF file. */
function kernel(code: Buffer): Buffer {
  const entry = base + place;
  const notes = Buffer.concat([
    ...[note(Note.GUEST_OS, "small"), note(Note.XEN_VERSION, "xen-3.0"), note(Note.LOADER, "generic")],
    ...[note(Note.VIRT_BASE, base), note(Note.PADDR_OFFSET, 0n), note(Note.ENTRY, entry), note(Note.PAE, "yes")],
    note(Note.HYPERCALL_PAGE, entry + BigInt(Page.CALLS * page)),
  ]);
  const body = Buffer.alloc(Page.COUNT * page);
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
