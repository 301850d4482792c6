/** How what this driver has no means for is refused. */
import { unsupported } from "../definition/refuse.ts";

/** A wish of a definition: what it says, and the words that refuse it. */
export type Wish = readonly [said: unknown, refusal: string];

/** Refuses the first wish that a definition has. An element that says "no" wishes nothing. */
export function refuseWishes(wishes: readonly Wish[]): void {
  for (const [said, refusal] of wishes) if (isSaid(said)) unsupported(refusal);
}

function isSaid(said: unknown): boolean {
  return Array.isArray(said) ? said.length > 0 : said !== undefined && said !== false && said !== null;
}
