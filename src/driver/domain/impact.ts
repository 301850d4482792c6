/** Whether a change of a domain is for the running guest, for its next start, or for both. */
import { LibvirtError } from "../../errors.ts";
import { DomainModificationImpact } from "../../protocol/index.ts";
import { exclusiveFlags } from "../flags.ts";

const { LIVE, CONFIG } = DomainModificationImpact;

/** The flags that every change of a domain takes. */
export const impactFlags = LIVE | CONFIG;

/** What there is of a domain that could be changed. */
export interface Presence {
  readonly active: boolean;
  readonly persistent: boolean;
}

export interface Impact {
  readonly live: boolean;
  readonly config: boolean;
}

function invalid(detail: string): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", "DOMAIN", detail);
}

/** What the flags of a call mean for the domain as it is: without one of them, what it is at the moment. */
export function impactOf({ active, persistent }: Presence, flags: number): Impact {
  const current = (flags & impactFlags) === 0;
  const live = current ? active : (flags & LIVE) !== 0;
  const config = current ? !active : (flags & CONFIG) !== 0;
  if (live && !active) throw invalid("domain is not running");
  if (config && !persistent) throw invalid("transient domains do not have any persistent config");
  return { live, config };
}

/** Whether a question with such flags is about the running guest, or else about the next start: never about both. */
export function asksLive(presence: Presence, flags: number): boolean {
  exclusiveFlags(flags, { VIR_DOMAIN_AFFECT_LIVE: LIVE, VIR_DOMAIN_AFFECT_CONFIG: CONFIG }, "DOMAIN");
  return impactOf(presence, flags).live;
}
