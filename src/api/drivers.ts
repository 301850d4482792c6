/** The drivers that come with the library, each loaded when the first URI of its own is opened. */
import { type SecondaryModule, standAlone, withSecondaries } from "../driver/compose.ts";
import { type DriverModule, registerDriver } from "../driver/module.ts";
import { type ConnectionUri, isRemote, needsDaemon, prefersDaemon } from "../driver/uri.ts";

/** A driver that is loaded when it is needed. */
function lazily(
  name: string,
  accepts: (uri: ConnectionUri) => boolean,
  load: () => Promise<DriverModule>,
): DriverModule {
  // Once: a daemon opens connections all the time, and an import of what is there already is not free.
  let loading: Promise<DriverModule> | undefined;
  return {
    name,
    accepts,
    async open(session, options) {
      loading ??= load();
      return (await loading).open(session, options);
    },
  };
}

/** A driver for URIs of its name that do not leave this process. */
function local(name: string, load: () => Promise<DriverModule>): DriverModule {
  return lazily(name, (uri) => uri.driver === name && !isRemote(uri), load);
}

/** The drivers beside a hypervisor's that manages this host, in the order in which they are opened. */
async function secondaries(): Promise<readonly SecondaryModule[]> {
  return Promise.all([
    import("../drivers/secret/index.ts").then(({ secretDriver }) => secretDriver),
    import("../drivers/storage/index.ts").then(({ storageDriver }) => storageDriver),
    import("../drivers/nwfilter/index.ts").then(({ nwfilterDriver }) => nwfilterDriver),
    import("../drivers/network/index.ts").then(({ networkDriver }) => networkDriver),
    import("../drivers/interface/index.ts").then(({ interfaceDriver }) => interfaceDriver),
    import("../drivers/nodedev/index.ts").then(({ nodeDeviceDriver }) => nodeDeviceDriver),
  ]);
}

const remote = async () => await import("../drivers/remote/index.ts");

/** A driver that leaves the usual URIs of the host to the host's daemon, where there is one. */
function daemonFirst(own: DriverModule): DriverModule {
  return {
    ...own,
    async open(session, options) {
      if (!options.local && prefersDaemon(session.uri)) {
        const { remoteDriver, hasDaemon } = await remote();
        if (await hasDaemon(session)) return remoteDriver.open(session, options);
      }
      return own.open(session, options);
    },
  };
}

const builtIn: readonly DriverModule[] = [
  {
    ...lazily("remote", needsDaemon, async () => (await remote()).remoteDriver),
    accepts: (uri, options) => !options?.local && needsDaemon(uri),
  },
  local("test", async () => (await import("../drivers/test/index.ts")).testDriver),
  daemonFirst(
    local("qemu", async () => withSecondaries((await import("../drivers/qemu/index.ts")).qemuDriver, secondaries)),
  ),
  daemonFirst(
    local("xen", async () => withSecondaries((await import("../drivers/xen/index.ts")).xenDriver, secondaries)),
  ),
  ...["secret", "storage", "nwfilter", "network", "interface", "nodedev"].map((name) => standAlone(name, secondaries)),
];

// Registered first, so that a program's own drivers are asked before them.
for (const driver of builtIn) registerDriver(driver);
