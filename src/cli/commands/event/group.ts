import { group } from "../../group.ts";

export const events = group("events", "Domain Events", {
  event: () => import("./event.ts"),
});
