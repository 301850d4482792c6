/**
 * The QEMU driver: guests that run in processes of their own and go on when the program ends.
 *
 *     qemu:///embed?root=DIR   all state below DIR
 *     qemu:///session          the user's own guests
 *     qemu:///system           the machine's guests, for root
 */
import type { DriverModule } from "../../driver/module.ts";
import { rootOf } from "../../driver/state-root.ts";
import { isRemote } from "../../driver/uri.ts";
import { makeHandlers } from "./handlers/index.ts";
import { shareHost } from "./shared-host.ts";

export const qemuDriver: DriverModule = {
  name: "qemu",
  accepts: (uri) => uri.driver === "qemu" && !isRemote(uri),
  async open(session, { peers }) {
    const { host, release } = await shareHost(rootOf(session.uri), peers);
    session.onClose(release);
    return makeHandlers(host);
  },
};
