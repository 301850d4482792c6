/** Security labels. */
import type { Domain } from "../domain.ts";
import { malformed, refuse, unsupported } from "../refuse.ts";
import type { SecurityLabel } from "../security.ts";

export function validateSecurity({ seclabels }: Domain): void {
  const models = new Set<string | undefined>();
  for (const label of seclabels) {
    if (models.has(label.model)) refuse("XML_DETAIL", `seclabel for model ${label.model} is already provided`);
    models.add(label.model);
    validateLabel(label);
  }
  if (seclabels.length > 1 && models.has(undefined)) malformed("missing security model when using multiple labels");
}

function validateLabel(label: SecurityLabel): void {
  if (label.type === "dynamic" && !label.relabel) {
    unsupported("dynamic label type must use resource relabeling");
  }
  if (label.type === "none" && label.relabel) {
    unsupported("resource relabeling is not compatible with 'none' label type");
  }
  if (label.type === "static" && !label.label) malformed("security label is missing");
}
