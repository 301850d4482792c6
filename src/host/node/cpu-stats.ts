/** How long the processors did what, from /proc/stat. */

/** Times in the kernel's ticks (USER_HZ, 100 a second). */
export interface CpuTicks {
  readonly kernel: bigint;
  readonly user: bigint;
  readonly idle: bigint;
  readonly iowait: bigint;
}

/** Nanoseconds in a tick of /proc/stat: the kernel tells user space 100 a second on every architecture it runs on. */
export const nanosecondsPerTick = 10_000_000n;

/** The ticks of one processor, or of all together; null for one that is not there. */
export function parseCpuTicks(stat: string, cpu: number | "all"): CpuTicks | null {
  const name = cpu === "all" ? "cpu" : `cpu${cpu}`;
  const line = stat.split("\n").find((candidate) => candidate.startsWith(`${name} `));
  if (line === undefined) return null;
  const [user = 0n, nice = 0n, system = 0n, idle = 0n, iowait = 0n, irq = 0n, softirq = 0n] = line
    .slice(name.length)
    .trim()
    .split(/\s+/)
    .map((digits) => BigInt(/^\d+$/.test(digits) ? digits : 0));
  return { kernel: system + irq + softirq, user: user + nice, idle, iowait };
}
