/**
 * The network filter driver: definitions, kept below the state root. Nothing here puts a filter to work on a guest's
 * interface, so there are no bindings, and making one is not supported.
 */
import type { SecondaryModule } from "../../driver/compose.ts";
import { FilterFolder } from "./folder.ts";
import { filterHandlers } from "./handlers.ts";

export const nwfilterDriver: SecondaryModule = {
  name: "nwfilter",
  async open({ root }) {
    return { driver: filterHandlers(await FilterFolder.open(root)) };
  },
};
