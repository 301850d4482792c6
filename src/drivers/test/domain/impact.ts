/** Changes of this driver's domains: of the running guest, of its next start, or of both. */
import { asksLive, type Impact, impactOf as impactOn } from "../../../driver/domain/impact.ts";
import type { Definition } from "./definition.ts";
import { isActive, type TestDomain } from "./state.ts";

export { impactFlags } from "../../../driver/domain/impact.ts";

const presenceOf = (domain: TestDomain) => ({ active: isActive(domain), persistent: domain.persistent });

/** What the flags of a call mean for the domain as it is: without one of them, what it is at the moment. */
export function impactOf(domain: TestDomain, flags: number): Impact {
  return impactOn(presenceOf(domain), flags);
}

/**
 * Changes the definitions that the flags mean, all or none: `change` refuses by throwing, before anything is changed.
 * @returns what was changed
 */
export function changeDefinition(
  domain: TestDomain,
  flags: number,
  change: (definition: Definition) => Definition,
): Impact {
  const impact = impactOf(domain, flags);
  const live = impact.live && domain.live ? change(domain.live) : domain.live;
  const config = impact.config ? change(domain.config) : domain.config;
  domain.live = live;
  domain.config = config;
  return impact;
}

/** The one definition that a question with such flags is about. */
export function definitionFor(domain: TestDomain, flags: number): Definition {
  return asksLive(presenceOf(domain), flags) && domain.live ? domain.live : domain.config;
}
