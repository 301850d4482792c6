/** What tells the guest which one it is. */
import type { Guest } from "../context.ts";
import { device, option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";

export function identityParts({ domain }: Guest): Part[] {
  return [option("-uuid", domain.uuid)];
}

/** The generation: another one tells the guest that it was cloned or put back to an earlier state. */
export function generationParts({ domain: { genid } }: Guest): Part[] {
  if (genid === undefined) return [];
  return [device("vmgenid", { guid: genid.value, id: "vmgenid0" })];
}
