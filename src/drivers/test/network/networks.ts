/** Virtual networks of the made-up node. */
import { networkEventHandlers } from "../../../driver/events.ts";
import { checkFlags } from "../../../driver/flags.ts";
import type { Handlers } from "../../../driver/handler.ts";
import {
  findNetwork,
  networkQueryHandlers,
  networkRef,
  newNetwork,
  readNetwork,
  type VirtualNetwork,
} from "../../../driver/network/network.ts";
import { LibvirtError } from "../../../errors.ts";
import {
  NetworkDefineFlags,
  NetworkEventLifecycleType,
  type Network as NetworkRef,
  type ProcedureName,
} from "../../../protocol/index.ts";
import type { TestNode } from "../state.ts";

type NetworkProcedures =
  | "networkDefineXml"
  | "networkDefineXmlFlags"
  | "networkCreateXml"
  | "networkCreateXmlFlags"
  | "networkCreate"
  | "networkDestroy"
  | "networkUndefine"
  | "networkSetAutostart";

const unique = { what: "network", domain: "NETWORK" } as const;

function emit(node: TestNode, network: VirtualNetwork, event: NetworkEventLifecycleType): void {
  node.events.emit("networkEventLifecycle", { net: networkRef(network), event, detail: 0 });
}

/** Defines a network (virNetworkDefineXML); a running one takes the definition at its next start. */
export function defineNetwork(node: TestNode, xml: string, flags = 0): VirtualNetwork {
  const { definition, uuid } = readNetwork(xml, flags);
  const known = node.networks.counterpart({ name: definition.name, uuid }, unique);
  const network = known ?? newNetwork(definition, uuid);
  network.config = definition;
  network.persistent = true;
  node.networks.add(network);
  emit(node, network, NetworkEventLifecycleType.DEFINED);
  return network;
}

/** Starts a network from its document (virNetworkCreateXML); it goes when it stops, unless it was defined before. */
function createNetwork(node: TestNode, xml: string, flags = 0): VirtualNetwork {
  const { definition, uuid } = readNetwork(xml, flags);
  const known = node.networks.counterpart({ name: definition.name, uuid }, unique);
  if (known?.live)
    throw new LibvirtError("OPERATION_INVALID", "NETWORK", `network is already active as '${known.name}'`);
  const network = known ?? newNetwork(definition, uuid);
  network.live = definition;
  node.networks.add(network);
  emit(node, network, NetworkEventLifecycleType.STARTED);
  return network;
}

/** Starts a defined network (virNetworkCreate). */
function startNetwork(node: TestNode, network: VirtualNetwork): void {
  refuseActive(network, "already running");
  network.live = network.config;
  emit(node, network, NetworkEventLifecycleType.STARTED);
}

function refuseActive(network: VirtualNetwork, state: string): void {
  if (network.live) throw new LibvirtError("OPERATION_INVALID", "TEST", `Network '${network.name}' is ${state}`);
}

function destroy(node: TestNode, network: VirtualNetwork): void {
  network.live = null;
  network.ports.clear();
  if (!network.persistent) node.networks.remove(network);
  emit(node, network, NetworkEventLifecycleType.STOPPED);
}

function undefine(node: TestNode, network: VirtualNetwork): void {
  refuseActive(network, "still running");
  node.networks.remove(network);
  emit(node, network, NetworkEventLifecycleType.UNDEFINED);
}

function checkDefineFlags(flags: number, procedure: ProcedureName): void {
  checkFlags(flags, NetworkDefineFlags.VALIDATE, procedure, "TEST");
}

export function networkHandlers(node: TestNode) {
  const find = (net: NetworkRef) => findNetwork(node.networks, net, "TEST");
  const handlers: Handlers<NetworkProcedures> = {
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
    networkSetAutostart({ net, autostart }) {
      find(net).autostart = autostart !== 0;
    },
  };
  return { ...networkQueryHandlers(node.networks, "TEST"), ...networkEventHandlers(node.events), ...handlers };
}
