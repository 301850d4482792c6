/** The security model of labels that name none. */
import type { ParsedDomain, SecurityLabel } from "../../../model/domain/index.ts";
import type { DefinitionContext } from "./context.ts";

/** A guest's only label belongs to the host's first model. Where that is none, nothing is labelled dynamically. */
export function completeSecurityModel(domain: ParsedDomain, { securityModel, live }: DefinitionContext): void {
  const [label, ...others] = domain.seclabels;
  if (label === undefined || others.length > 0 || label.model !== undefined || securityModel === undefined) return;
  const unused = securityModel === "none" && live !== true && label.type === "dynamic" && label.baselabel === undefined;
  const completed: SecurityLabel = unused ? { type: "none", relabel: false } : label;
  domain.seclabels = [{ ...completed, model: securityModel }];
}
