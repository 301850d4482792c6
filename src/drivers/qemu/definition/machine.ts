/** What kind of board a guest has: most defaults and all addresses depend on it. */
import type { ParsedDomain } from "../../../model/domain/index.ts";

type WithOs = Pick<ParsedDomain, "os">;

const machineOf = ({ os }: WithOs): string => os.type.machine ?? "";
export const archOf = ({ os }: WithOs): string => os.type.arch ?? "";

const isOf = (machine: string, ...families: readonly string[]): boolean =>
  families.some((family) => machine === family || machine.startsWith(`${family}-`));

export const isX86 = (domain: WithOs): boolean => archOf(domain) === "x86_64" || archOf(domain) === "i686";
export const isArm = (domain: WithOs): boolean => ["aarch64", "armv7l", "armv6l"].includes(archOf(domain));
export const isPpc64 = (domain: WithOs): boolean => archOf(domain) === "ppc64" || archOf(domain) === "ppc64le";
export const isRiscv = (domain: WithOs): boolean => archOf(domain) === "riscv64" || archOf(domain) === "riscv32";
export const isS390 = (domain: WithOs): boolean => archOf(domain) === "s390x" || archOf(domain) === "s390";

/** i440FX: the classic PC with one PCI bus. */
export function isI440fx(domain: WithOs): boolean {
  const machine = machineOf(domain);
  return isX86(domain) && (machine === "pc" || /^pc-(\d|i440fx)/.test(machine) || machine.startsWith("rhel"));
}

/** Q35: the PC with PCI Express. */
export const isQ35 = (domain: WithOs): boolean => isX86(domain) && isOf(machineOf(domain), "q35", "pc-q35");
/** A PC from before PCI. */
export const isIsaPc = (domain: WithOs): boolean => isX86(domain) && machineOf(domain) === "isapc";
export const isMicrovm = (domain: WithOs): boolean => isX86(domain) && machineOf(domain) === "microvm";
export const isXenfv = (domain: WithOs): boolean => isX86(domain) && isOf(machineOf(domain), "xenfv");

/** The board without a model in hardware that ARM and RISC-V guests usually have. */
export const isVirt = (domain: WithOs): boolean => isArmVirt(domain) || isRiscvVirt(domain);
export const isArmVirt = (domain: WithOs): boolean => isArm(domain) && isOf(machineOf(domain), "virt");
export const isRiscvVirt = (domain: WithOs): boolean => isRiscv(domain) && isOf(machineOf(domain), "virt");
export const isVersatilePb = (domain: WithOs): boolean => isArm(domain) && machineOf(domain) === "versatilepb";
export const isVexpress = (domain: WithOs): boolean => isArm(domain) && isOf(machineOf(domain), "vexpress");

export const isPseries = (domain: WithOs): boolean => isPpc64(domain) && isOf(machineOf(domain), "pseries");
/** s390 machines whose devices are on channels. */
export const isCcw = (domain: WithOs): boolean =>
  isS390(domain) && isOf(machineOf(domain), "s390-ccw", "s390-ccw-virtio");

/** Whether the board has an IDE controller of its own. */
export const hasBuiltinIde = (domain: WithOs): boolean =>
  isI440fx(domain) || isIsaPc(domain) || ["malta", "sun4u", "g3beige"].includes(machineOf(domain));

/** PC boards of old, whose floppy controller comes with the board. */
export function hasBuiltinFloppy(domain: WithOs): boolean {
  return !isQ35(domain) || /^pc-q35-(1\.\d|2\.[0-3])$/.test(machineOf(domain));
}

type WithControllers = Pick<ParsedDomain, "devices">;

/** The PCI bus that others hang on, by its kind. */
export function pciRoot({ devices }: WithControllers): "pci-root" | "pcie-root" | undefined {
  for (const controller of devices.controllers) {
    if (controller.type !== "pci" || controller.index !== 0) continue;
    if (controller.model === "pci-root" || controller.model === "pcie-root") return controller.model;
  }
  return undefined;
}

export const hasPciRoot = (domain: WithControllers): boolean => pciRoot(domain) === "pci-root";
export const hasPcieRoot = (domain: WithControllers): boolean => pciRoot(domain) === "pcie-root";
