/** How the host's end of a guest's card is called. */
import type { Interface } from "../../../model/domain/index.ts";

export function cardName(id: number, { target }: Interface, index: number): string {
  return target?.dev ?? `vif${id}.${index}`;
}
