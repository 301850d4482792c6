/** Snapshots of domains. */
import type { Moment } from "../../driver/moments.ts";

export interface Snapshot extends Moment {
  readonly created: bigint;
}
