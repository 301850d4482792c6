/** All handlers of the network driver. */
import { networkEventHandlers } from "../../driver/events.ts";
import { checkFlags } from "../../driver/flags.ts";
import type { Driver, Handlers } from "../../driver/handler.ts";
import { findNetwork, networkQueryHandlers, networkRef, readNetwork } from "../../driver/network/network.ts";
import { networkPortHandlers } from "../../driver/network/ports.ts";
import { changedNetwork, impactFlags, updatedNetwork } from "../../driver/network/update.ts";
import { formatUuid } from "../../driver/object-list.ts";
import { listed } from "../../driver/twins.ts";
import { LibvirtError } from "../../errors.ts";
import { validateNetwork } from "../../model/network/index.ts";
import {
  NetworkDefineFlags,
  NetworkEventLifecycleType,
  type Network as NetworkRef,
  NetworkUpdateFlags,
  type ProcedureName,
} from "../../protocol/index.ts";
import { applyLive } from "./change.ts";
import type { HostNetwork, NetworkHost } from "./host.ts";
import { dnsmasqFolder } from "./layout.ts";
import { readLeases } from "./leases.ts";
import { readMetadata, withMetadata } from "./metadata.ts";
import { withNames } from "./names.ts";
import { pluggedPort, withConnections } from "./plug.ts";
import { startNetwork, stopNetwork } from "./run.ts";

const domain = "NETWORK";
const unique = { what: "network", domain } as const;

function invalid(detail: string): LibvirtError {
  return new LibvirtError("OPERATION_INVALID", domain, detail);
}

/** Reads a definition with all that it gets here, and finds the network that it is about. */
async function readFor(host: NetworkHost, xml: string, flags: number) {
  const { definition, uuid } = readNetwork(xml, flags);
  const known = host.networks.counterpart({ name: definition.name, uuid }, unique);
  validateNetwork(definition);
  const named = await withNames(definition, host.networks);
  return { definition: { ...named, uuid: formatUuid(uuid) }, uuid, known };
}

function define(host: NetworkHost, xml: string, flags: number): Promise<HostNetwork> {
  return host.alone(async () => {
    const { definition, uuid, known } = await readFor(host, xml, flags);
    const network = known ?? host.add(definition, uuid);
    try {
      await host.store(network, definition);
    } catch (error) {
      if (!known) await host.forget(network);
      throw error;
    }
    host.emit(network, NetworkEventLifecycleType.DEFINED);
    return network;
  });
}

/** Starts a network from its document; it goes when it stops, unless it is defined besides. */
function create(host: NetworkHost, xml: string, flags: number): Promise<HostNetwork> {
  return host.alone(async () => {
    const { definition, uuid, known } = await readFor(host, xml, flags);
    if (known?.live) throw invalid(`network is already active as '${known.name}'`);
    const network = known ?? host.add(definition, uuid);
    try {
      await network.jobs.run("networkCreateXml", () => startNetwork(host, network, definition));
    } catch (error) {
      if (!known) await host.forget(network);
      throw error;
    }
    return network;
  });
}

function start(host: NetworkHost, network: HostNetwork): Promise<void> {
  return network.jobs.run("networkCreate", () => {
    if (network.live) throw invalid("network is already active");
    return startNetwork(host, network, network.config);
  });
}

/** A network that runs goes on, and is gone when it stops. */
function undefine(host: NetworkHost, network: HostNetwork): Promise<void> {
  return host.alone(async () => {
    if (!network.persistent) throw invalid("can't undefine transient network");
    await host.unstore(network);
    if (!network.live) await host.forget(network);
    host.emit(network, NetworkEventLifecycleType.UNDEFINED);
  });
}

async function setAutostart(host: NetworkHost, network: HostNetwork, on: boolean): Promise<void> {
  if (!network.persistent) throw invalid("cannot set autostart for transient network");
  await host.setAutostart(network, on);
}

const now = (): bigint => BigInt(Math.floor(Date.now() / 1000));

type ChangeProcedures =
  | "networkDefineXml"
  | "networkDefineXmlFlags"
  | "networkCreateXml"
  | "networkCreateXmlFlags"
  | "networkCreate"
  | "networkDestroy"
  | "networkUndefine"
  | "networkSetAutostart"
  | "networkUpdate"
  | "networkSetMetadata"
  | "networkGetMetadata"
  | "networkGetDhcpLeases";

function changeHandlers(host: NetworkHost): Handlers<ChangeProcedures> {
  const find = (net: NetworkRef) => findNetwork(host.networks, net, domain);
  const checkDefine = (flags: number, name: ProcedureName) =>
    checkFlags(flags, NetworkDefineFlags.VALIDATE, name, domain);
  return {
    networkDefineXml: async ({ xml }) => ({ net: networkRef(await define(host, xml, 0)) }),
    async networkDefineXmlFlags({ xml, flags }) {
      checkDefine(flags, "networkDefineXmlFlags");
      return { net: networkRef(await define(host, xml, flags)) };
    },
    networkCreateXml: async ({ xml }) => ({ net: networkRef(await create(host, xml, 0)) }),
    async networkCreateXmlFlags({ xml, flags }) {
      checkDefine(flags, "networkCreateXmlFlags");
      return { net: networkRef(await create(host, xml, flags)) };
    },
    networkCreate: ({ net }) => start(host, find(net)),
    networkDestroy({ net }) {
      const network = find(net);
      return network.jobs.run("networkDestroy", () => stopNetwork(host, network));
    },
    networkUndefine: ({ net }) => undefine(host, find(net)),
    networkSetAutostart: ({ net, autostart }) => setAutostart(host, find(net), autostart !== 0),
    networkUpdate(args) {
      checkFlags(args.flags, impactFlags, "networkUpdate", domain);
      const network = find(args.net);
      return network.jobs.run("networkUpdate", async () => {
        const { live, config } = updatedNetwork(network, args);
        await applyChange(host, network, { live, config });
      });
    },
    networkSetMetadata({ network: net, flags, ...change }) {
      checkFlags(flags, impactFlags, "networkSetMetadata", domain);
      const network = find(net);
      return network.jobs.run("networkSetMetadata", async () => {
        const changed = changedNetwork(network, flags, (definition) => withMetadata(definition, change));
        await applyChange(host, network, changed);
        const { type, uri: nsuri } = change;
        host.hub.emit("networkEventCallbackMetadataChange", { net: networkRef(network), type, nsuri });
      });
    },
    networkGetMetadata({ network: net, type, uri, flags }) {
      checkFlags(flags, impactFlags, "networkGetMetadata", domain);
      const { live, config } = find(net);
      const wantsConfig = (flags & NetworkUpdateFlags.AFFECT_CONFIG) !== 0;
      return { metadata: readMetadata(wantsConfig ? config : (live ?? config), type, uri) };
    },
    async networkGetDhcpLeases({ net, mac, needResults, flags }) {
      checkFlags(flags, 0, "networkGetDhcpLeases", domain);
      const { name, live } = find(net);
      const leases = live ? await readLeases(dnsmasqFolder(host.layout, name).leases, live, mac, now()) : [];
      const { items, ret } = listed(leases, needResults);
      return { leases: items, ret };
    },
  };
}

type Changed = ReturnType<typeof changedNetwork>;

/** Makes changed definitions the network's: the stored one first, which is taken back when the running one cannot be. */
async function applyChange(host: NetworkHost, network: HostNetwork, { live, config }: Changed): Promise<void> {
  const before = network.config;
  if (config !== before) await host.store(network, config);
  if (live === network.live || live === null) return;
  try {
    await applyLive(host, network, live);
  } catch (error) {
    if (config !== before) await host.store(network, before);
    throw error;
  }
}

/** The handlers that serve a connection to a root. */
export function makeHandlers(host: NetworkHost) {
  return {
    ...networkQueryHandlers(host.networks, domain, withConnections),
    ...networkEventHandlers(host.hub),
    ...changeHandlers(host),
    ...networkPortHandlers({
      networks: host.networks,
      domain,
      onlyActive: true,
      plug: pluggedPort,
      changed: (network) => host.noteStatus(network as HostNetwork),
    }),
  } satisfies Driver;
}
