/** What definitions say directly about QEMU: abilities it shall be taken to have, words of its command line. */
import type { Domain } from "../../../model/domain/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import { isCapabilityFlag } from "../capabilities/flags.ts";

/**
 * The emulator as the definition wants it to be taken. Abilities that decide nothing here, such as those that all
 * supported emulators have, may be named too.
 */
export function capabilitiesFor({ qemuCapabilities }: Domain, capabilities: QemuCapabilities): QemuCapabilities {
  if (qemuCapabilities === undefined) return capabilities;
  const flags = new Set(capabilities.data.flags);
  for (const { capability } of qemuCapabilities.adds) if (isCapabilityFlag(capability)) flags.add(capability);
  for (const { capability } of qemuCapabilities.dels) if (isCapabilityFlag(capability)) flags.delete(capability);
  return capabilities.withFlags(flags);
}

export const addedWords = ({ qemuCommandline }: Domain): string[] =>
  (qemuCommandline?.args ?? []).map(({ value }) => value);

export function addedEnvironment({ qemuCommandline }: Domain): Record<string, string> {
  return Object.fromEntries((qemuCommandline?.envs ?? []).map(({ name, value }) => [name, value ?? ""]));
}
