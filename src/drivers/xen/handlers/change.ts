/** Changes of definitions: of the running guest, of its next start, or of both. */
import type { Impact } from "../../../driver/domain/impact.ts";
import { impactOn, isAboutRunning } from "../../../driver/domain/kept.ts";
import type { Domain as Definition } from "../../../model/domain/index.ts";
import type { Domain as DomainRef, ProcedureName } from "../../../protocol/index.ts";
import type { LiveDomain, XenDomain } from "../domain/domain.ts";
import type { XenHost } from "../host.ts";

export interface DefinitionChange {
  /** The definition as it shall be; refuses by throwing. It must not change the one that it gets. */
  readonly change: (definition: Definition, live: boolean) => Definition;
  /** What a running guest needs besides, before its definition says so. */
  readonly apply?: (live: LiveDomain, domain: XenDomain) => void | Promise<void>;
}

/** Changes what the flags mean, when it is the domain's turn. Nothing is changed when either part is refused. */
export async function changeDefinition(
  host: XenHost,
  ref: DomainRef,
  procedure: ProcedureName,
  flags: number,
  { change, apply }: DefinitionChange,
): Promise<Impact> {
  await host.look();
  return host.finder.change(ref, procedure, async (domain) => {
    const impact = impactOn(domain, flags);
    const live = impact.live ? domain.running() : null;
    const stored = impact.config ? change(domain.stored(), false) : null;
    if (live) {
      change(live.definition, true);
      await apply?.(live, domain);
    }
    if (stored) await host.store(domain, stored);
    if (live) {
      live.definition = change(live.definition, true);
      await host.noteRunning(domain);
    }
    return impact;
  });
}

/** The one definition that a question with such flags is about. */
export function definitionFor(domain: XenDomain, flags: number): Definition {
  return isAboutRunning(domain, flags) ? domain.running().definition : domain.stored();
}
