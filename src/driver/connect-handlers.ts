/** What every connection answers in the same way, whatever its driver. */
import { hostname } from "node:os";
import type { Handlers } from "./handler.ts";
import { libraryVersion } from "./version.ts";

type ConnectProcedures =
  | "connectGetUri"
  | "connectGetLibVersion"
  | "connectGetHostname"
  | "connectIsSecure"
  | "connectSupportsFeature";

/**
 * Handlers for a driver whose calls do not leave the machine.
 * @param features numbers of the driver features (virDrvFeature) that the driver has: parts of libvirt ask each other.
 */
export function localConnectHandlers(features: Iterable<number> = []): Handlers<ConnectProcedures> {
  const supported = new Set(features);
  return {
    connectGetUri: (_, { session }) => ({ uri: session.uri.text }),
    connectGetLibVersion: () => ({ libVer: libraryVersion }),
    connectGetHostname: () => ({ hostname: hostname() }),
    connectIsSecure: () => ({ secure: 1 }),
    connectSupportsFeature: ({ feature }) => ({ supported: supported.has(feature) ? 1 : 0 }),
  };
}
