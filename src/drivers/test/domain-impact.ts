/** Whether a change is for the running domain, for its next start, or for both. */
import { exclusiveFlags } from "../../driver/flags.ts";
import { LibvirtError } from "../../errors.ts";
import { DomainModificationImpact } from "../../protocol/index.ts";
import type { Definition } from "./definition.ts";
import { isActive, type TestDomain } from "./domain-state.ts";

const { LIVE, CONFIG } = DomainModificationImpact;

/** The flags that every change of a domain takes. */
export const impactFlags = LIVE | CONFIG;

function invalid(detail: string): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "DOMAIN", detail);
}

/** What the flags of a call mean for the domain as it is: without one of them, what it is at the moment. */
export function impactOf(domain: TestDomain, flags: number): { readonly live: boolean; readonly config: boolean } {
  const active = isActive(domain);
  const current = (flags & impactFlags) === 0;
  const live = current ? active : (flags & LIVE) !== 0;
  const config = current ? !active : (flags & CONFIG) !== 0;
  if (live && !active) throw invalid("domain is not running");
  if (config && !domain.persistent) throw invalid("transient domains do not have any persistent config");
  return { live, config };
}

/**
 * Changes the definitions that the flags mean, all or none: `change` refuses by throwing, before anything is changed.
 * @returns what was changed
 */
export function changeDefinition(
  domain: TestDomain,
  flags: number,
  change: (definition: Definition) => Definition,
): { readonly live: boolean; readonly config: boolean } {
  const impact = impactOf(domain, flags);
  const live = impact.live && domain.live ? change(domain.live) : domain.live;
  const config = impact.config ? change(domain.config) : domain.config;
  domain.live = live;
  domain.config = config;
  return impact;
}

/** The one definition that a question with such flags is about. */
export function definitionFor(domain: TestDomain, flags: number): Definition {
  const names = { VIR_DOMAIN_AFFECT_LIVE: LIVE, VIR_DOMAIN_AFFECT_CONFIG: CONFIG };
  exclusiveFlags(flags, names, "DOMAIN");
  const { live } = impactOf(domain, flags);
  return live && domain.live ? domain.live : domain.config;
}
