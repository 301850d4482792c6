/** The drivers that come with the library, each loaded when the first URI of its own is opened. */
import { type DriverModule, registerDriver } from "../driver/module.ts";
import { type ConnectionUri, isRemote } from "../driver/uri.ts";

/** A driver that is loaded when it is needed. */
function lazily(
  name: string,
  accepts: (uri: ConnectionUri) => boolean,
  load: () => Promise<DriverModule>,
): DriverModule {
  return { name, accepts, open: async (session, options) => (await load()).open(session, options) };
}

/** A driver for URIs of its name that do not leave this process. */
function local(name: string, load: () => Promise<DriverModule>): DriverModule {
  return lazily(name, (uri) => uri.driver === name && !isRemote(uri), load);
}

const builtIn: readonly DriverModule[] = [
  local("test", async () => (await import("../drivers/test/index.ts")).testDriver),
  local("qemu", async () => (await import("../drivers/qemu/index.ts")).qemuDriver),
];

// Registered first, so that a program's own drivers are asked before them.
for (const driver of builtIn) registerDriver(driver);
