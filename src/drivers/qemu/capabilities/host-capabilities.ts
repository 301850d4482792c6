/** What this host is and which guests its emulators run (virConnectGetCapabilities). */
import { describeHostPart, type HostPartRequest } from "../../../driver/host-capabilities.ts";
import { type Capabilities, capabilitiesDocument, type GuestCapabilities } from "../../../model/capabilities.ts";
import type { MachineType } from "./accelerator.ts";
import type { QemuCapabilities } from "./capabilities.ts";

/** An emulator and what it can do. */
export interface Emulator {
  readonly binary: string;
  readonly capabilities: QemuCapabilities;
}

export interface HostCapabilitiesRequest extends HostPartRequest {
  readonly emulators: readonly Emulator[];
}

export function describeCapabilities(request: HostCapabilitiesRequest): Capabilities {
  return capabilitiesDocument.make({
    host: describeHostPart(request),
    guests: request.emulators.map(describeGuest),
  });
}

const narrow = new Set([
  "i686",
  "armv7l",
  "ppc",
  "riscv32",
  "mips",
  "mipsel",
  "sparc",
  "sh4",
  "m68k",
  "cris",
  "alpha32",
]);

function describeGuest({ binary, capabilities }: Emulator): GuestCapabilities {
  const { arch } = capabilities;
  const x86 = arch === "i686" || arch === "x86_64";
  const acpi = capabilities.has("no-acpi");
  const types = [...capabilities.accelerators].reverse().map((name) => ({ type: name === "tcg" ? "qemu" : name }));
  const machines = capabilities.accelerators[0] === undefined ? [] : capabilities.machines();
  return {
    osType: "hvm",
    arch: {
      name: arch,
      wordsize: narrow.has(arch) ? 32 : 64,
      emulator: binary,
      machines: machines.flatMap(machineNames),
      domains: types,
    },
    features: {
      pae: arch === "i686",
      nonpae: arch === "i686",
      ...(acpi ? { acpi: { default: true, toggle: true } } : {}),
      ...(x86 ? { apic: { default: true, toggle: false } } : {}),
      cpuselection: capabilities.has("query-cpu-definitions"),
      deviceboot: true,
      disksnapshot: { default: true, toggle: false },
    },
  };
}

/** A machine goes by its name, and the newest of a kind also by the kind's. */
function machineNames({ name, alias, maxCpus, deprecated }: MachineType) {
  const common = { maxCpus, ...(deprecated ? { deprecated: true } : {}) };
  return [{ name, ...common }, ...(alias === null ? [] : [{ name: alias, canonical: name, ...common }])];
}
