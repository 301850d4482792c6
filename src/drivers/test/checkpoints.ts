/** Checkpoints of domains. */
import type { Moment } from "../../driver/moments.ts";

export interface Checkpoint extends Moment {
  readonly created: bigint;
}
