/**
 * The Xen driver: guests of the host's hypervisor, which go on when the program ends.
 *
 *     xen:///system, xen:///    the machine's guests, for root
 *     xen:///embed?root=DIR     the same guests, what is kept about them below DIR
 */
import type { DriverModule } from "../../driver/module.ts";
import { rootOf } from "../../driver/state-root.ts";
import { isRemote } from "../../driver/uri.ts";
import { makeHandlers } from "./handlers/index.ts";
import { shareHost } from "./shared-host.ts";

export const xenDriver: DriverModule = {
  name: "xen",
  accepts: (uri) => uri.driver === "xen" && !isRemote(uri),
  async open(session, { peers }) {
    const { state, release } = await shareHost(rootOf(session.uri), peers);
    session.onClose(release);
    return makeHandlers(state);
  },
};
