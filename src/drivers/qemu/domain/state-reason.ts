/** What a domain is doing, and why. */
import type { DomainState } from "../../../protocol/index.ts";

/** A state with why it is so: values of DomainState and of that state's reasons. */
export interface StateWithReason {
  readonly state: DomainState;
  readonly reason: number;
}
