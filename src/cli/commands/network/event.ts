/** What happens to networks. */
import { lookupNetwork, networkNames } from "../../objects/network.ts";
import { objectEvent } from "../../shared/object-event.ts";

export const netEvent = objectEvent({
  name: "net-event",
  objects: "networks",
  noun: "network",
  option: "network",
  complete: networkNames,
  lookup: lookupNetwork,
  label: (network) => network.name(),
  types: { lifecycle: "networkLifecycle" },
});
