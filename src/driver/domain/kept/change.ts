/** Changes of definitions: of the running guest, of its next start, or of both. */
import type { Domain as Definition } from "../../../model/domain/index.ts";
import type { Domain as DomainRef, ProcedureName } from "../../../protocol/index.ts";
import { asksLive, type Impact, impactOf } from "../impact.ts";
import type { KeptDomain, LiveOf } from "./domain.ts";
import type { DomainHost } from "./host.ts";

export interface DefinitionChange<D extends KeptDomain> {
  /** The definition as it shall be; refuses by throwing. It must not change the one that it gets. */
  readonly change: (definition: Definition, live: boolean) => Definition;
  /** What a running guest needs besides, before its definition says so. */
  readonly apply?: (live: LiveOf<D>, domain: D) => void | Promise<void>;
}

/** What the flags of a change mean for a domain as it is. */
function impactOn({ active, persistent }: KeptDomain, flags: number): Impact {
  return impactOf({ active, persistent: persistent !== null }, flags);
}

/**
 * Changes what the flags mean, when it is the domain's turn. Nothing is changed when either part is refused.
 * @returns what was changed
 */
export function changeDefinition<D extends KeptDomain>(
  host: DomainHost<D>,
  ref: DomainRef,
  procedure: ProcedureName,
  flags: number,
  { change, apply }: DefinitionChange<D>,
): Promise<Impact> {
  return host.finder.change(ref, procedure, async (domain) => {
    const impact = impactOn(domain, flags);
    const live = impact.live ? (domain.running() as LiveOf<D>) : null;
    const stored = impact.config ? change(domain.stored(), false) : null;
    if (live) {
      change(live.definition, true);
      await apply?.(live, domain);
    }
    if (stored) await host.store(domain, stored);
    if (live) {
      // Anew, for the guest may have changed meanwhile.
      live.definition = change(live.definition, true);
      await host.noteStatus(domain);
    }
    return impact;
  });
}

/** Whether a question with such flags is about the running guest. */
export function isAboutLive({ active, persistent }: KeptDomain, flags: number): boolean {
  return asksLive({ active, persistent: persistent !== null }, flags);
}

/** The one definition that a question with such flags is about. */
export function definitionFor(domain: KeptDomain, flags: number): Definition {
  return isAboutLive(domain, flags) ? domain.running().definition : domain.stored();
}
