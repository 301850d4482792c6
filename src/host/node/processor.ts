/** What a host's processors say of themselves. */

export interface HostProcessor {
  /** libvirt's name of the host's architecture. */
  readonly arch: string;
  readonly vendor?: string;
  readonly microcode?: number;
  readonly signature?: { readonly family: number; readonly model: number; readonly stepping: number };
}

/** libvirt's names of what Node and the kernel call otherwise. */
const archNames: { readonly [node: string]: string } = {
  x64: "x86_64",
  ia32: "i686",
  arm64: "aarch64",
  arm: "armv7l",
  ppc64: "ppc64le",
};

/** libvirt's name of this host's architecture. */
export const hostArch: string = archNames[process.arch] ?? process.arch;

const vendors: { readonly [id: string]: string } = {
  GenuineIntel: "Intel",
  AuthenticAMD: "AMD",
  HygonGenuine: "Hygon",
};

/** @param cpuinfo lines of /proc/cpuinfo for one processor. */
export function describeProcessor(cpuinfo: ReadonlyMap<string, string>, arch: string): HostProcessor {
  if (arch !== "x86_64" && arch !== "i686") return { arch };
  const vendor = vendors[cpuinfo.get("vendor_id") ?? ""];
  const microcode = Number(cpuinfo.get("microcode") ?? Number.NaN);
  const [family, model, stepping] = ["cpu family", "model", "stepping"].map((key) =>
    Number(cpuinfo.get(key) ?? Number.NaN),
  ) as [number, number, number];
  return {
    arch,
    ...(vendor === undefined ? {} : { vendor }),
    ...(Number.isSafeInteger(microcode) ? { microcode } : {}),
    ...([family, model, stepping].every(Number.isSafeInteger) ? { signature: { family, model, stepping } } : {}),
  };
}
