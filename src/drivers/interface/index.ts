/**
 * The host interface driver: what network interfaces the host has. How they are set up is for the host's own network
 * service to say, so that nothing is defined, started or stopped here.
 */
import type { SecondaryModule } from "../../driver/compose.ts";
import { interfaceQueryHandlers } from "../../driver/interface/queries.ts";
import { hostTree } from "../../host/node/file-tree.ts";
import { sysTree } from "../../host/node/sysfs.ts";
import { findInterface, listInterfaces } from "./read.ts";

export const interfaceDriver: SecondaryModule = {
  name: "interface",
  open() {
    const sources = { sys: sysTree(), vlans: hostTree("/proc/net/vlan") };
    const driver = interfaceQueryHandlers({
      domain: "INTERFACE",
      all: () => listInterfaces(sources),
      find: (name) => findInterface(sources, name),
      missing: (how, value) =>
        how === "name"
          ? `couldn't find interface named '${value}'`
          : `couldn't find interface with MAC address '${value}'`,
    });
    return { driver };
  },
};
