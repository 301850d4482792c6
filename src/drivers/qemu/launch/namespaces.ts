/** What definitions say directly about QEMU: abilities it shall be taken to have, words of its command line. */
import { LibvirtError } from "../../../errors.ts";
import type { Domain } from "../../../model/domain/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import { isCapabilityFlag } from "../capabilities/flags.ts";

/** The emulator as the definition wants it to be taken. */
export function capabilitiesFor({ qemuCapabilities }: Domain, capabilities: QemuCapabilities): QemuCapabilities {
  if (qemuCapabilities === undefined) return capabilities;
  const flags = new Set(capabilities.data.flags);
  for (const { capability } of qemuCapabilities.adds) flags.add(known(capability));
  for (const { capability } of qemuCapabilities.dels) flags.delete(known(capability));
  return capabilities.withFlags(flags);
}

function known(name: string) {
  if (isCapabilityFlag(name)) return name;
  throw new LibvirtError("INTERNAL_ERROR", "QEMU", `invalid qemu namespace capability '${name}'`);
}

export const addedWords = ({ qemuCommandline }: Domain): string[] =>
  (qemuCommandline?.args ?? []).map(({ value }) => value);

export function addedEnvironment({ qemuCommandline }: Domain): Record<string, string> {
  return Object.fromEntries((qemuCommandline?.envs ?? []).map(({ name, value }) => [name, value ?? ""]));
}
