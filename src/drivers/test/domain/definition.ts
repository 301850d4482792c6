/** Domain definitions as this driver reads, completes, changes and prints them. Definitions are values: changes make new ones. */
import { uuidOf } from "../../../driver/object-list.ts";
import {
  type CompletionOptions,
  completeDefinition,
  type Domain,
  formatDomain,
  type ParsedDomain,
  parseDomain,
} from "../../../model/domain/index.ts";
import { type Mode, type ReadOptions, settled } from "../../../xml/index.ts";
import { guestArchitecture } from "../node/settings.ts";

export type Definition = Domain;
export type LifecycleAction = Domain["on_poweroff"];

/** Reads a definition and completes it as this driver's guests need it. */
export function parseDefinition(xml: string, options: ReadOptions = {}): { definition: Definition; uuid: Uint8Array } {
  const definition = parseDomain(xml, { inactive: true, ...completion, ...options });
  delete definition.id;
  return { definition: settled(definition), uuid: uuidOf(definition, "TEST") };
}

const completion: CompletionOptions = { arch: guestArchitecture, abiUpdate: true, hooks: { devices: nameInterfaces } };

/** Gives interfaces a name on the host, as they would get at start. */
function nameInterfaces({ devices }: Pick<Definition, "devices">): void {
  const taken = new Set(devices.interfaces.map(({ target }) => target?.dev));
  let number = 0;
  for (const nic of devices.interfaces) {
    if (nic.target?.dev !== undefined) continue;
    while (taken.has(`testnet${number}`)) number++;
    nic.target = { ...nic.target, dev: `testnet${number++}` };
  }
}

/** Prints a definition; `id` is null for one that does not run. */
export function formatDefinition(definition: Definition, id: number | null, mode: Mode = {}): string {
  if (id === null) return formatDomain(definition, { ...mode, inactive: true });
  return formatDomain({ ...definition, id }, mode);
}

/** The definition under another name. */
export function renamed(definition: Definition, name: string): Definition {
  return { ...definition, name };
}

/** Completes a definition that stands in another document, such as a snapshot's. */
export function completeEmbedded(embedded: ParsedDomain): Definition {
  const definition = completeDefinition(embedded, completion);
  delete definition.id;
  return settled(definition);
}

/** A changed definition, completed again: new devices get what they lack. The one that is given stays as it is. */
export function recompleted(definition: Definition): Definition {
  // Completion works in place, so that it needs a definition of its own.
  return parseDefinition(formatDomain(definition, { secure: true }), { inactive: false }).definition;
}
