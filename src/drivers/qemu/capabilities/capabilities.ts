/** What one emulator binary can do: asked once, then looked up. */

import { isJsonObject, type Json } from "../monitor/json.ts";
import type { Accelerator, AcceleratorCapabilities, MachineType } from "./accelerator.ts";
import { collectAccelerator } from "./accelerator.ts";
import { type Ask, collectFacts, items, type ProbeFacts } from "./facts.ts";
import { allFlags, type CapabilityFlag, flagRules } from "./flags.ts";
import { holds, wantedProperties } from "./rules.ts";

/** An interrupt controller of ARM machines, and who can provide it. */
export interface GicCapability {
  readonly version: number;
  readonly kernel: boolean;
  readonly emulated: boolean;
}

/** Memory encryption of AMD hosts (query-sev-capabilities). */
export interface SevCapability {
  readonly pdh: string;
  readonly certChain: string;
  readonly cpu0Id: string;
  readonly cbitpos: number;
  readonly reducedPhysBits: number;
}

/** Enclaves of Intel hosts (query-sgx-capabilities). */
export interface SgxCapability {
  readonly flc: boolean;
  readonly sgx1: boolean;
  readonly sgx2: boolean;
  /** Size of the enclave page cache in bytes. */
  readonly sectionSize: number;
}

/** Everything that is kept of a probe; plain JSON, so that it can lie in a file. */
export interface CapabilitiesData {
  /** major * 1000000 + minor * 1000 + micro, as libvirt counts versions. */
  readonly version: number;
  /** How the packager calls this build. */
  readonly package: string;
  /** libvirt's name of the guest architecture. */
  readonly arch: string;
  readonly flags: readonly CapabilityFlag[];
  readonly accelerators: { readonly [A in Accelerator]?: AcceleratorCapabilities };
  readonly gic: readonly GicCapability[];
  readonly sev: SevCapability | null;
  readonly sgx: SgxCapability | null;
}

export class QemuCapabilities {
  readonly data: CapabilitiesData;
  readonly #flags: ReadonlySet<CapabilityFlag>;

  constructor(data: CapabilitiesData) {
    this.data = data;
    this.#flags = new Set(data.flags);
  }

  get version(): number {
    return this.data.version;
  }

  get arch(): string {
    return this.data.arch;
  }

  /** QEMU's own name of the guest architecture, by which firmware descriptions go. */
  get emulatorArch(): string {
    return Object.keys(archNames).find((qemu) => archNames[qemu] === this.arch) ?? this.arch;
  }

  /** The accelerators that guests can be started with, the fastest first. */
  get accelerators(): readonly Accelerator[] {
    return (["kvm", "hvf", "tcg"] as const).filter((name) => this.data.accelerators[name] !== undefined);
  }

  has(flag: CapabilityFlag): boolean {
    return this.#flags.has(flag);
  }

  isAtLeast(major: number, minor: number, micro = 0): boolean {
    return this.version >= versionNumber({ major, minor, micro });
  }

  /** Machines and CPUs under an accelerator; null when this emulator does not run with it. */
  accelerator(name: Accelerator): AcceleratorCapabilities | null {
    return this.data.accelerators[name] ?? null;
  }

  /** A machine type by its name or alias, under the accelerator or, without one, under any. */
  machine(name: string, accelerator?: Accelerator): MachineType | null {
    return this.machines(accelerator).find((m) => m.name === name || m.alias === name) ?? null;
  }

  /** The machine type that a guest gets when nobody chooses one. */
  defaultMachine(accelerator?: Accelerator): MachineType | null {
    return this.machines(accelerator)[0] ?? null;
  }

  /** The same emulator with other flags: what older or newer builds of it would say. */
  withFlags(flags: Iterable<CapabilityFlag>): QemuCapabilities {
    return new QemuCapabilities({ ...this.data, flags: [...flags] });
  }

  /** The machine types under the accelerator, without one under the fastest; the default one first. */
  machines(accelerator?: Accelerator): readonly MachineType[] {
    const name = accelerator ?? this.accelerators[0];
    return name === undefined ? [] : (this.data.accelerators[name]?.machines ?? []);
  }
}

/**
 * Asks an emulator everything.
 * @param ask asks a QEMU that was started with `accel=kvm:tcg`.
 * @param askTcg asks one that was started with `accel=tcg`; used when the first one runs with KVM.
 */
export async function collectCapabilities(ask: Ask, askTcg: () => Promise<Ask>): Promise<CapabilitiesData> {
  const facts = await collectFacts(ask, wantedProperties(Object.values(flagRules)));
  const kvm = facts.kvm.present && facts.kvm.enabled;
  const [accelerators, gic, sev, sgx] = await Promise.all([
    kvm ? withBoth(ask, askTcg, facts.arch) : collectAccelerator(ask, "tcg", facts.arch).then((tcg) => ({ tcg })),
    ask("query-gic-capabilities"),
    ask("query-sev-capabilities"),
    ask("query-sgx-capabilities"),
  ]);
  return {
    version: versionNumber(facts.version),
    package: facts.package,
    arch: libvirtArch(facts.arch),
    flags: flagsOf(facts),
    accelerators,
    gic: gicOf(gic),
    sev: sevOf(sev),
    sgx: sgxOf(sgx),
  };
}

async function withBoth(ask: Ask, askTcg: () => Promise<Ask>, arch: string) {
  const [kvm, tcg] = await Promise.all([
    collectAccelerator(ask, "kvm", arch),
    askTcg().then((other) => collectAccelerator(other, "tcg", arch)),
  ]);
  return { kvm, tcg };
}

function flagsOf(facts: ProbeFacts): readonly CapabilityFlag[] {
  return allFlags.filter((flag) => holds(flagRules[flag], facts));
}

function versionNumber({ major, minor, micro }: { major: number; minor: number; micro: number }): number {
  return major * 1_000_000 + minor * 1_000 + micro;
}

/** Where libvirt calls an architecture otherwise than QEMU. */
const archNames: { readonly [qemu: string]: string } = { i386: "i686", arm: "armv7l" };

function libvirtArch(qemu: string): string {
  return archNames[qemu] ?? qemu;
}

function gicOf(answer: Json | null): readonly GicCapability[] {
  return items(answer).map((gic) => ({
    version: Number(gic.version ?? 0),
    kernel: gic.kernel === true,
    emulated: gic.emulated === true,
  }));
}

function sevOf(answer: Json | null): SevCapability | null {
  if (!isJsonObject(answer)) return null;
  return {
    pdh: String(answer.pdh ?? ""),
    certChain: String(answer["cert-chain"] ?? ""),
    cpu0Id: String(answer["cpu0-id"] ?? ""),
    cbitpos: Number(answer.cbitpos ?? 0),
    reducedPhysBits: Number(answer["reduced-phys-bits"] ?? 0),
  };
}

function sgxOf(answer: Json | null): SgxCapability | null {
  if (!isJsonObject(answer)) return null;
  return {
    flc: answer.flc === true,
    sgx1: answer.sgx1 === true,
    sgx2: answer.sgx2 === true,
    sectionSize: Number(answer["section-size"] ?? 0),
  };
}
