/** Which bit of which register tells of a processor's feature, as `cpuid` answers. */

type Register = "eax" | "ebx" | "ecx" | "edx";

interface Words {
  readonly leaf: number;
  readonly subleaf?: number;
  readonly register: Register;
  /** Features by their bits; `-` for a bit that is none. */
  readonly names: string;
}

const words: readonly Words[] = [
  {
    leaf: 1,
    register: "ecx",
    names:
      "pni pclmuldq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cid - fma cx16 xtpr pdcm - pcid dca sse4.1 sse4.2 x2apic movbe popcnt tsc-deadline aes xsave osxsave avx f16c rdrand hypervisor",
  },
  {
    leaf: 1,
    register: "edx",
    names:
      "fpu vme de pse tsc msr pae mce cx8 apic - sep mtrr pge mca cmov pat pse36 pn clflush - ds acpi mmx fxsr sse sse2 ss ht tm ia64 pbe",
  },
  {
    leaf: 7,
    subleaf: 0,
    register: "ebx",
    names:
      "fsgsbase tsc_adjust - bmi1 hle avx2 - smep bmi2 erms invpcid rtm - - mpx - avx512f avx512dq rdseed adx smap avx512ifma - clflushopt clwb - avx512pf avx512er avx512cd sha-ni avx512bw avx512vl",
  },
  {
    leaf: 0x8000_0001,
    register: "ecx",
    names:
      "lahf_lm cmp_legacy svm extapic cr8legacy abm sse4a misalignsse 3dnowprefetch osvw ibs xop skinit wdt - lwp fma4 - - nodeid_msr - tbm topoext perfctr_core perfctr_nb",
  },
  {
    leaf: 0x8000_0001,
    register: "edx",
    names: `${"- ".repeat(11)}syscall ${"- ".repeat(8)}nx - mmxext - - fxsr_opt pdpe1gb rdtscp - lm 3dnowext 3dnow`,
  },
];

interface Bit {
  readonly leaf: number;
  readonly subleaf: number | undefined;
  readonly register: Register;
  readonly bit: number;
}

const bits = new Map<string, Bit>(
  words.flatMap(({ leaf, subleaf, register, names }) =>
    names.split(" ").flatMap((name, bit) => (name === "-" ? [] : [[name, { leaf, subleaf, register, bit }] as const])),
  ),
);

/** What a leaf answers: 32 marks a register, bit 31 first; `x` is as the host has it. */
export type CpuidLeaf = { leaf: number; subleaf?: number } & { [R in Register]?: string };

const unchanged = "x".repeat(32);

/** The leaves that features change; those that nobody knows are left out. `mark`: `1`, `0` or `x`. */
export function cpuidLeaves(features: readonly { readonly name: string; readonly mark: string }[]): CpuidLeaf[] {
  const leaves: CpuidLeaf[] = [];
  for (const { name, mark } of features) {
    const place = bits.get(name);
    if (place === undefined) continue;
    const { leaf, subleaf, register, bit } = place;
    let found = leaves.find((one) => one.leaf === leaf && one.subleaf === subleaf);
    if (found === undefined) {
      found = { leaf, ...(subleaf !== undefined && { subleaf }) };
      leaves.push(found);
    }
    const marks = found[register] ?? unchanged;
    found[register] = marks.slice(0, 31 - bit) + mark + marks.slice(32 - bit);
  }
  return leaves;
}
