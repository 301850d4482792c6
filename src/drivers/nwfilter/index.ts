/**
 * The network filter driver: definitions and what they are bound to, kept below the state root, and rules for the host's
 * firewalls.
 */
import type { SecondaryModule } from "../../driver/compose.ts";
import { Bindings } from "./bindings.ts";
import { FilterFolder } from "./folder.ts";
import { filterHandlers } from "./handlers.ts";

export const nwfilterDriver: SecondaryModule = {
  name: "nwfilter",
  async open({ root }) {
    const folder = await FilterFolder.open(root);
    const bindings = await Bindings.open(root, (name) => folder.filters.byName(name)?.definition);
    return { driver: filterHandlers(folder, bindings) };
  },
};
