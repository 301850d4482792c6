/**
 * The network driver: virtual networks of this host, each a bridge with dnsmasq and firewall rules of its own. Networks
 * are root's to start; whoever opens a root may define them. They go on when the program ends.
 */
import type { SecondaryModule } from "../../driver/compose.ts";
import { makeHandlers } from "./handlers.ts";
import { NetworkHost } from "./host.ts";
import { autostartAll, takeOverAll } from "./take-over.ts";

export const networkDriver: SecondaryModule = {
  name: "network",
  async open({ root }) {
    const host = await NetworkHost.open(root);
    await takeOverAll(host);
    await autostartAll(host);
    return { driver: makeHandlers(host), close: () => host.close() };
  },
};
