/** The Xen Store: what domains share with the host. */
import { LibvirtError } from "../../../errors.ts";
import { exists } from "../../../host/files.ts";
import { StoreClient } from "./client.ts";

export type { Permission, StoreAccess } from "./access.ts";
export { StoreClient } from "./client.ts";

/** Where the daemon's socket is: the place of today, and that of older hosts. */
const sockets = ["/run/xenstored/socket", "/var/run/xenstored/socket"];

/**
 * Connects to the host's daemon.
 * @throws {LibvirtError} NO_CONNECT where there is none: the host does not run Xen, or this is not its first domain
 */
export async function openStore(): Promise<StoreClient> {
  for (const path of sockets) if (await exists(path)) return StoreClient.open(path);
  throw new LibvirtError(
    "NO_CONNECT",
    "XEN",
    `the Xen Store's daemon: there is no ${sockets[0]}, so Xen does not run here`,
  );
}
