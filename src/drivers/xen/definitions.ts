/** Definitions as clients give them, made whole as Xen's guests need it. */
import { uuidOf } from "../../driver/object-list.ts";
import type { Domain as Definition } from "../../model/domain/index.ts";
import { parseXenDomain } from "../../model/xen/index.ts";

export interface ReadDefinition {
  readonly definition: Definition;
  readonly uuid: Uint8Array;
}

export interface ReadOptions {
  /** Refuse what nobody knows (the VALIDATE flags). */
  readonly strict?: boolean;
  /** The document was accepted before: that of a guest that runs, or was saved. */
  readonly accepted?: boolean;
}

/** Names of cards that the tool stack makes, with the number of the guest that ran: the next start has another one. */
const ofRunning = /^vif\d+\.\d+$/;

/**
 * Reads a definition, completes it and checks it.
 * @throws {LibvirtError} for what is malformed, contradicts itself, or what Xen cannot run
 */
export function readDefinition(xml: string, { strict = false, accepted = false }: ReadOptions = {}): ReadDefinition {
  const options = { inactive: true, strict, abiUpdate: !accepted, skipValidation: accepted };
  const definition = parseXenDomain(xml, options);
  delete definition.id;
  for (const card of definition.devices.interfaces) if (ofRunning.test(card.target?.dev ?? "")) delete card.target;
  return { definition, uuid: uuidOf(definition, "XEN") };
}
