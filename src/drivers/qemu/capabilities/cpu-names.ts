/** CPU models that a domain's XML may name, and who makes the processors they stand for. */
import type { CpuModel } from "./accelerator.ts";

const x86Models: { readonly [vendor: string]: readonly string[] } = {
  unknown: ["486", "kvm32", "kvm64", "pentium", "pentium2", "pentium3", "qemu32", "qemu64"],
  AMD: [
    ...["Opteron_G1", "Opteron_G2", "Opteron_G3", "Opteron_G4", "Opteron_G5"],
    ...["EPYC", "EPYC-IBPB", "EPYC-Milan", "EPYC-Rome", "athlon", "phenom"],
  ],
  Hygon: ["Dhyana"],
  Intel: [
    ...["Conroe", "Penryn", "Nehalem", "Nehalem-IBRS", "Westmere", "Westmere-IBRS", "core2duo", "coreduo", "n270"],
    ...["SandyBridge", "SandyBridge-IBRS", "IvyBridge", "IvyBridge-IBRS", "Snowridge", "Cooperlake"],
    ...["Haswell", "Haswell-IBRS", "Haswell-noTSX", "Haswell-noTSX-IBRS"],
    ...["Broadwell", "Broadwell-IBRS", "Broadwell-noTSX", "Broadwell-noTSX-IBRS"],
    ...["Skylake-Client", "Skylake-Client-IBRS", "Skylake-Client-noTSX-IBRS"],
    ...["Skylake-Server", "Skylake-Server-IBRS", "Skylake-Server-noTSX-IBRS"],
    ...["Cascadelake-Server", "Cascadelake-Server-noTSX"],
    ...["Icelake-Client", "Icelake-Client-noTSX", "Icelake-Server", "Icelake-Server-noTSX"],
  ],
};

const x86Vendors = new Map(
  Object.entries(x86Models).flatMap(([vendor, names]) => names.map((name) => [name, vendor] as const)),
);

export interface NamedCpuModel {
  readonly model: CpuModel;
  readonly vendor: string;
}

/**
 * The models that libvirt has names for. Of x86 these leave out the emulator's versions of a model (`EPYC-v2`) and
 * what is no model but a mode (`host`, `max`); of POWER all but the generations.
 */
export function namedCpuModels(models: readonly CpuModel[], arch: string): readonly NamedCpuModel[] {
  return models.flatMap((model) => {
    const vendor = vendorOf(model.name, arch);
    return vendor === undefined ? [] : [{ model, vendor }];
  });
}

function vendorOf(name: string, arch: string): string | undefined {
  if (arch === "x86_64" || arch === "i686") return x86Vendors.get(name);
  if (arch.startsWith("ppc")) return /^POWER\d+$/.test(name) ? "IBM" : undefined;
  return name === "host" ? undefined : "unknown";
}
