/** Which commands there are in this group, and which file has each. */
import { group } from "../../group.ts";

export const events = group("events", "Domain Events", {
  event: () => import("./event.ts"),
});
