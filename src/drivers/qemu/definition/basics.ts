/** Architecture, machine and emulator of a definition that leaves them open. */
import type { ParsedDomain } from "../../../model/domain/index.ts";
import type { Accelerator } from "../capabilities/accelerator.ts";
import type { DefinitionContext } from "./context.ts";
import { unsupported } from "./refuse.ts";

/** Under which accelerator a guest of that virtualization type runs. */
export function acceleratorOf({ type }: Pick<ParsedDomain, "type">): Accelerator {
  return type === "kvm" ? "kvm" : type === "hvf" ? "hvf" : "tcg";
}

/** The architecture a definition is for. */
export function requiredArch({ os }: Pick<ParsedDomain, "os">, hostArch: string): string {
  return os.type.arch ?? hostArch;
}

/** Which emulator a definition asks for, before anything is filled in. */
export interface WantedEmulator {
  /** libvirt's name of the guest's architecture. */
  readonly arch: string;
  readonly accelerator: Accelerator;
  /** Path of the program; undefined when any that runs the architecture will do. */
  readonly path?: string;
}

/** What to look for, and whose capabilities the definition is completed with. */
export function wantedEmulator(parsed: ParsedDomain, hostArch: string): WantedEmulator {
  const { emulator } = parsed.devices;
  const wanted = { arch: requiredArch(parsed, hostArch), accelerator: acceleratorOf(parsed) };
  return emulator === undefined ? wanted : { ...wanted, path: emulator };
}

export function completeBasics(domain: ParsedDomain, context: DefinitionContext): void {
  domain.os.type.arch ??= context.hostArch;
  completeEmulator(domain, context);
  completeMachine(domain, context);
}

function completeEmulator({ os, devices }: ParsedDomain, { emulatorFor }: DefinitionContext): void {
  const arch = os.type.arch ?? "";
  devices.emulator ??= emulatorFor(arch) ?? unsupported(`No emulator found for arch '${arch}'`);
}

/** The machine the emulator prefers; an alias becomes the machine it stands for, which is what the guest keeps. */
function completeMachine(domain: ParsedDomain, { capabilities }: DefinitionContext): void {
  const { type } = domain.os;
  const accelerator = acceleratorOf(domain);
  if (type.machine === undefined) {
    const machine = capabilities.defaultMachine(accelerator) ?? capabilities.defaultMachine();
    type.machine = machine?.name ?? unsupported("could not get preferred machine for this emulator");
    return;
  }
  const known = capabilities.machine(type.machine, accelerator) ?? capabilities.machine(type.machine);
  if (known !== null) type.machine = known.name;
}
