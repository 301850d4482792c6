/** What /proc/cpuinfo says of the processors beside their arrangement. */

/** Which line holds the clock's rate, by architecture; ARM and RISC-V kernels tell none. */
const clockLines: readonly { readonly arch: RegExp; readonly key: string }[] = [
  { arch: /^(x86_64|i[3-6]86)$/, key: "cpu MHz" },
  { arch: /^ppc/, key: "clock" },
  { arch: /^s390/, key: "cpu MHz dynamic" },
];

/** The lines of the first processor that has each key. */
export function parseCpuinfo(text: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const key = line.slice(0, colon).trim();
    if (!lines.has(key)) lines.set(key, line.slice(colon + 1).trim());
  }
  return lines;
}

/** The clock's rate in MHz, without fractions; 0 where the kernel does not tell. */
export function clockRate(cpuinfo: ReadonlyMap<string, string>, arch: string): number {
  const key = clockLines.find((line) => line.arch.test(arch))?.key;
  const value = key === undefined ? undefined : cpuinfo.get(key);
  return Number(/^\d+/.exec(value ?? "")?.[0] ?? 0);
}

/** A line that tells one processor model from another; null where the architecture has none. */
export function cpuSignature(cpuinfo: ReadonlyMap<string, string>, arch: string): string | null {
  if (/^ppc/.test(arch)) {
    const [cpu, revision] = [cpuinfo.get("cpu"), cpuinfo.get("revision")];
    return cpu === undefined || revision === undefined ? null : `${cpu}, rev ${revision}`;
  }
  const keys = ["vendor_id", "model name", "cpu family", "model", "stepping"] as const;
  const [vendor, name, family, model, stepping] = keys.map((key) => cpuinfo.get(key));
  if (vendor === undefined || name === undefined) return null;
  return `${vendor}, ${name}, family: ${family}, model: ${model}, stepping: ${stepping}`;
}
