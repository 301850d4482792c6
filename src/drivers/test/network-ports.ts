/** Ports of virtual networks: where guests' interfaces hang on. */
import { randomBytes } from "node:crypto";
import { bandwidthParams, bandwidthTypes, ratesWith } from "../../driver/domain/bandwidth.ts";
import { checkFlags } from "../../driver/flags.ts";
import type { Handlers } from "../../driver/handler.ts";
import { formatUuid, parseUuid } from "../../driver/object-list.ts";
import { listed } from "../../driver/twins.ts";
import { countedParams, takeParams } from "../../driver/typed-parameters.ts";
import { LibvirtError } from "../../errors.ts";
import { formatNetworkPort, type NetworkPort, parseNetworkPort } from "../../model/network/port.ts";
import { NetworkPortCreateFlags, type NetworkPort as PortRef } from "../../protocol/index.ts";
import { findNetwork, networkRef, type TestNetwork } from "./networks.ts";
import type { TestNode } from "./state.ts";

type PortProcedures =
  | "networkListAllPorts"
  | "networkPortLookupByUuid"
  | "networkPortCreateXml"
  | "networkPortGetXmlDesc"
  | "networkPortGetParameters"
  | "networkPortSetParameters"
  | "networkPortDelete";

interface FoundPort {
  readonly network: TestNetwork;
  readonly id: string;
  readonly port: NetworkPort;
}

function find(node: TestNode, { net, uuid }: PortRef): FoundPort {
  const network = findNetwork(node, net);
  const id = formatUuid(uuid);
  const port = network.ports.get(id);
  if (port) return { network, id, port };
  throw new LibvirtError("NO_NETWORK_PORT", "TEST", `Network port with UUID ${id} does not exist`);
}

function requireActive(network: TestNetwork): TestNetwork {
  if (network.live) return network;
  throw new LibvirtError("OPERATION_INVALID", "TEST", `network '${network.name}' is not active`);
}

function create(network: TestNetwork, xml: string, flags: number): Uint8Array {
  const given = parseNetworkPort(xml, { strict: (flags & NetworkPortCreateFlags.VALIDATE) !== 0 });
  const uuid = (given.uuid === undefined ? null : parseUuid(given.uuid)) ?? new Uint8Array(randomBytes(16));
  const id = formatUuid(uuid);
  if (network.ports.has(id)) throw new LibvirtError("NETWORK_PORT_EXIST", "TEST", id);
  network.ports.set(id, { ...given, uuid: id });
  return uuid;
}

function withRates(port: NetworkPort, given: ReadonlyMap<string, unknown>): NetworkPort {
  return { ...port, bandwidth: { ...port.bandwidth, ...ratesWith(port.bandwidth, given) } };
}

export function networkPortHandlers(node: TestNode): Handlers<PortProcedures> {
  return {
    networkListAllPorts({ network, needResults, flags }) {
      checkFlags(flags, 0, "networkListAllPorts", "TEST");
      const found = findNetwork(node, network);
      const { items, ret } = listed([...found.ports.keys()], needResults);
      const net = networkRef(found);
      return { ports: items.map((id) => ({ net, uuid: parseUuid(id) ?? new Uint8Array(16) })), ret };
    },
    networkPortLookupByUuid({ network, uuid }) {
      const found = find(node, { net: network, uuid });
      return { port: { net: networkRef(found.network), uuid } };
    },
    networkPortCreateXml({ network, xml, flags }) {
      const { RECLAIM, VALIDATE } = NetworkPortCreateFlags;
      checkFlags(flags, RECLAIM | VALIDATE, "networkPortCreateXml", "TEST");
      const found = requireActive(findNetwork(node, network));
      return { port: { net: networkRef(found), uuid: create(found, xml, flags) } };
    },
    networkPortGetXmlDesc({ port, flags }) {
      checkFlags(flags, 0, "networkPortGetXmlDesc", "TEST");
      return { xml: formatNetworkPort(find(node, port).port) };
    },
    networkPortGetParameters({ port, nparams, flags }) {
      checkFlags(flags, 0, "networkPortGetParameters", "TEST");
      const { bandwidth } = find(node, port).port;
      return countedParams(bandwidthParams(bandwidth), nparams);
    },
    networkPortSetParameters({ port, params, flags }) {
      checkFlags(flags, 0, "networkPortSetParameters", "TEST");
      const found = find(node, port);
      found.network.ports.set(found.id, withRates(found.port, takeParams(params, bandwidthTypes, "TEST")));
    },
    networkPortDelete({ port, flags }) {
      checkFlags(flags, 0, "networkPortDelete", "TEST");
      const { network, id } = find(node, port);
      network.ports.delete(id);
    },
  };
}
