import type { Guest } from "../context.ts";
import { option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { firstDescriptor } from "../plan.ts";

/** The sets of files that clients have lent. */
export function lentParts({ descriptors }: Guest): Part[] {
  return descriptors.flatMap((planned, index) =>
    planned.kind === "lent" ? [option("-add-fd", `set=${planned.set},fd=${firstDescriptor + index}`)] : [],
  );
}
