/** Virtual networks of the made-up node. */
import { randomBytes } from "node:crypto";
import { networkEventHandlers } from "../../driver/events.ts";
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { type ListQuestion, questionFlags, selectByFlags, yesOrNo } from "../../driver/list-filter.ts";
import { formatUuid, parseUuid } from "../../driver/object-list.ts";
import { listed, networkListTwins } from "../../driver/twins.ts";
import { LibvirtError } from "../../errors.ts";
import { formatNetwork, type Network, parseNetwork } from "../../model/network/index.ts";
import type { NetworkPort } from "../../model/network/port.ts";
import {
  ConnectListAllNetworksFlags,
  NetworkDefineFlags,
  NetworkEventLifecycleType,
  type Network as NetworkRef,
  NetworkXMLFlags,
  type ProcedureName,
} from "../../protocol/index.ts";
import type { TestNode } from "./state.ts";

/** A network: its definition for the next start, and the one it runs with while it does. */
export interface TestNetwork {
  readonly name: string;
  readonly uuid: Uint8Array;
  config: Network;
  live: Network | null;
  persistent: boolean;
  autostart: boolean;
  /** By UUID, as text. */
  readonly ports: Map<string, NetworkPort>;
}

type NetworkProcedures =
  | "connectListAllNetworks"
  | "networkLookupByName"
  | "networkLookupByUuid"
  | "networkDefineXml"
  | "networkDefineXmlFlags"
  | "networkCreateXml"
  | "networkCreateXmlFlags"
  | "networkCreate"
  | "networkDestroy"
  | "networkUndefine"
  | "networkGetXmlDesc"
  | "networkGetAutostart"
  | "networkSetAutostart"
  | "networkGetBridgeName"
  | "networkIsActive"
  | "networkIsPersistent";

const { ACTIVE, INACTIVE, PERSISTENT, TRANSIENT, AUTOSTART, NO_AUTOSTART } = ConnectListAllNetworksFlags;
const questions: readonly ListQuestion<TestNetwork>[] = [
  yesOrNo(ACTIVE, INACTIVE, ({ live }) => live !== null),
  yesOrNo(PERSISTENT, TRANSIENT, ({ persistent }) => persistent),
  yesOrNo(AUTOSTART, NO_AUTOSTART, ({ autostart }) => autostart),
];

const unique = { what: "network", domain: "NETWORK" } as const;

/** How clients refer to the network. */
export function networkRef({ name, uuid }: NetworkRef): NetworkRef {
  return { name, uuid };
}

/** The network a client means, or NO_NETWORK. */
export function findNetwork(node: TestNode, { uuid }: NetworkRef): TestNetwork {
  const network = node.networks.byUuid(uuid);
  if (network) return network;
  throw new LibvirtError("NO_NETWORK", "TEST", `no network with matching uuid '${formatUuid(uuid)}'`);
}

function emit(node: TestNode, network: TestNetwork, event: NetworkEventLifecycleType): void {
  node.events.emit("networkEventLifecycle", { net: networkRef(network), event, detail: 0 });
}

function parse(xml: string, flags: number): { readonly definition: Network; readonly uuid: Uint8Array } {
  const given = parseNetwork(xml, { strict: (flags & NetworkDefineFlags.VALIDATE) !== 0, inactive: true });
  const uuid = (given.uuid === undefined ? null : parseUuid(given.uuid)) ?? new Uint8Array(randomBytes(16));
  return { definition: { ...given, uuid: formatUuid(uuid) }, uuid };
}

/** Defines a network (virNetworkDefineXML); a running one takes the definition at its next start. */
export function defineNetwork(node: TestNode, xml: string, flags = 0): TestNetwork {
  const { definition, uuid } = parse(xml, flags);
  const known = node.networks.counterpart({ name: definition.name, uuid }, unique);
  const network = known ?? newNetwork(definition, uuid);
  network.config = definition;
  network.persistent = true;
  node.networks.add(network);
  emit(node, network, NetworkEventLifecycleType.DEFINED);
  return network;
}

/** Starts a network from its document (virNetworkCreateXML); it goes when it stops, unless it was defined before. */
function createNetwork(node: TestNode, xml: string, flags = 0): TestNetwork {
  const { definition, uuid } = parse(xml, flags);
  const known = node.networks.counterpart({ name: definition.name, uuid }, unique);
  if (known?.live)
    throw new LibvirtError("OPERATION_INVALID", "NETWORK", `network is already active as '${known.name}'`);
  const network = known ?? newNetwork(definition, uuid);
  network.live = definition;
  node.networks.add(network);
  emit(node, network, NetworkEventLifecycleType.STARTED);
  return network;
}

function newNetwork(config: Network, uuid: Uint8Array): TestNetwork {
  return { name: config.name, uuid, config, live: null, persistent: false, autostart: false, ports: new Map() };
}

/** Starts a defined network (virNetworkCreate). */
function startNetwork(node: TestNode, network: TestNetwork): void {
  refuseActive(network, "already running");
  network.live = network.config;
  emit(node, network, NetworkEventLifecycleType.STARTED);
}

function refuseActive(network: TestNetwork, state: string): void {
  if (network.live) throw new LibvirtError("OPERATION_INVALID", "TEST", `Network '${network.name}' is ${state}`);
}

function destroy(node: TestNode, network: TestNetwork): void {
  network.live = null;
  network.ports.clear();
  if (!network.persistent) node.networks.remove(network);
  emit(node, network, NetworkEventLifecycleType.STOPPED);
}

function undefine(node: TestNode, network: TestNetwork): void {
  refuseActive(network, "still running");
  node.networks.remove(network);
  emit(node, network, NetworkEventLifecycleType.UNDEFINED);
}

function checkDefineFlags(flags: number, procedure: ProcedureName): void {
  checkFlags(flags, NetworkDefineFlags.VALIDATE, procedure, "TEST");
}

export function networkHandlers(node: TestNode) {
  const find = (net: NetworkRef) => findNetwork(node, net);
  const handlers: Handlers<NetworkProcedures> = {
    connectListAllNetworks({ needResults, flags }) {
      checkFlags(flags, questionFlags(questions), "connectListAllNetworks", "TEST");
      const { items, ret } = listed(selectByFlags(node.networks, flags, questions).map(networkRef), needResults);
      return { nets: items, ret };
    },
    networkLookupByName({ name }) {
      const network = node.networks.byName(name);
      if (!network) throw new LibvirtError("NO_NETWORK", "TEST", `no network with matching name '${name}'`);
      return { net: networkRef(network) };
    },
    networkLookupByUuid: ({ uuid }) => ({ net: networkRef(find({ name: "", uuid })) }),
    networkDefineXml: ({ xml }) => ({ net: networkRef(defineNetwork(node, xml)) }),
    networkDefineXmlFlags({ xml, flags }) {
      checkDefineFlags(flags, "networkDefineXmlFlags");
      return { net: networkRef(defineNetwork(node, xml, flags)) };
    },
    networkCreateXml: ({ xml }) => ({ net: networkRef(createNetwork(node, xml)) }),
    networkCreateXmlFlags({ xml, flags }) {
      checkDefineFlags(flags, "networkCreateXmlFlags");
      return { net: networkRef(createNetwork(node, xml, flags)) };
    },
    networkCreate: ({ net }) => startNetwork(node, find(net)),
    networkDestroy: ({ net }) => destroy(node, find(net)),
    networkUndefine: ({ net }) => undefine(node, find(net)),
    networkGetXmlDesc({ net, flags }) {
      checkFlags(flags, NetworkXMLFlags.INACTIVE, "networkGetXmlDesc", "TEST");
      const { live, config } = find(net);
      const inactive = (flags & NetworkXMLFlags.INACTIVE) !== 0;
      return { xml: formatNetwork(inactive ? config : (live ?? config), { inactive: inactive || !live }) };
    },
    networkGetAutostart: ({ net }) => ({ autostart: Number(find(net).autostart) }),
    networkSetAutostart({ net, autostart }) {
      find(net).autostart = autostart !== 0;
    },
    networkGetBridgeName({ net }) {
      const { name, live, config } = find(net);
      const bridge = (live ?? config).bridge?.name;
      if (bridge !== undefined) return { name: bridge };
      throw new LibvirtError("INTERNAL_ERROR", "TEST", `network '${name}' does not have a bridge name.`);
    },
    networkIsActive: ({ net }) => ({ active: Number(find(net).live !== null) }),
    networkIsPersistent: ({ net }) => ({ persistent: Number(find(net).persistent) }),
  };
  return { ...networkListTwins(handlers.connectListAllNetworks), ...networkEventHandlers(node.events), ...handlers };
}
