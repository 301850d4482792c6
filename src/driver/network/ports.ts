/** Ports of virtual networks: where guests' interfaces hang on. */
import { randomBytes } from "node:crypto";
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import { formatNetworkPort, type NetworkPort, parseNetworkPort } from "../../model/network/port.ts";
import {
  NetworkPortCreateFlags,
  type Network as NetworkRef,
  type NetworkPort as PortRef,
} from "../../protocol/index.ts";
import { bandwidthParams, bandwidthTypes, ratesWith } from "../domain/bandwidth.ts";
import { checkFlags } from "../flags.ts";
import type { Handlers } from "../handler.ts";
import { formatUuid, type ObjectList, parseUuid } from "../object-list.ts";
import { listed } from "../twins.ts";
import { countedParams, takeParams } from "../typed-parameters.ts";
import { findNetwork, networkRef, type VirtualNetwork } from "./network.ts";

type PortProcedures =
  | "networkListAllPorts"
  | "networkPortLookupByUuid"
  | "networkPortCreateXml"
  | "networkPortGetXmlDesc"
  | "networkPortGetParameters"
  | "networkPortSetParameters"
  | "networkPortDelete";

/** What a driver does beyond keeping ports in mind. */
export interface PortKeeper {
  readonly networks: ObjectList<VirtualNetwork>;
  /** Who reports errors. */
  readonly domain: ErrorDomainName;
  /** Whether a network that does not run cannot even be asked for its ports. */
  readonly onlyActive?: boolean;
  /** Completes a new port: what the guest is connected to. `reclaim` is whether it is in use already. */
  plug?(network: VirtualNetwork, port: NetworkPort, reclaim: boolean): NetworkPort | Promise<NetworkPort>;
  /** The ports of a network have changed. */
  changed?(network: VirtualNetwork): void | Promise<void>;
}

interface FoundPort {
  readonly network: VirtualNetwork;
  readonly id: string;
  readonly port: NetworkPort;
}

function findKept({ networks, domain, onlyActive }: PortKeeper, net: NetworkRef): VirtualNetwork {
  const network = findNetwork(networks, net, domain);
  return onlyActive === true ? requireActive(network, domain) : network;
}

function find(keeper: PortKeeper, { net, uuid }: PortRef): FoundPort {
  const { domain } = keeper;
  const network = findKept(keeper, net);
  const id = formatUuid(uuid);
  const port = network.ports.get(id);
  if (port) return { network, id, port };
  throw new LibvirtError("NO_NETWORK_PORT", domain, `Network port with UUID ${id} does not exist`);
}

function requireActive(network: VirtualNetwork, domain: ErrorDomainName): VirtualNetwork {
  if (network.live) return network;
  throw new LibvirtError("OPERATION_INVALID", domain, `network '${network.name}' is not active`);
}

async function create(keeper: PortKeeper, network: VirtualNetwork, xml: string, flags: number): Promise<Uint8Array> {
  const given = parseNetworkPort(xml, { strict: (flags & NetworkPortCreateFlags.VALIDATE) !== 0 });
  const uuid = (given.uuid === undefined ? null : parseUuid(given.uuid)) ?? new Uint8Array(randomBytes(16));
  const id = formatUuid(uuid);
  const reclaim = (flags & NetworkPortCreateFlags.RECLAIM) !== 0;
  const port = { ...given, uuid: id };
  const plugged = (await keeper.plug?.(network, port, reclaim)) ?? port;
  if (network.ports.has(id)) {
    throw new LibvirtError("NETWORK_PORT_EXIST", keeper.domain, `Network port with UUID ${id} already exists`);
  }
  network.ports.set(id, plugged);
  await keeper.changed?.(network);
  return uuid;
}

function withRates(port: NetworkPort, given: ReadonlyMap<string, unknown>): NetworkPort {
  return { ...port, bandwidth: { ...port.bandwidth, ...ratesWith(port.bandwidth, given) } };
}

export function networkPortHandlers(keeper: PortKeeper): Handlers<PortProcedures> {
  const { networks, domain } = keeper;
  return {
    networkListAllPorts({ network, needResults, flags }) {
      checkFlags(flags, 0, "networkListAllPorts", domain);
      const found = findKept(keeper, network);
      const { items, ret } = listed([...found.ports.keys()], needResults);
      const net = networkRef(found);
      return { ports: items.map((id) => ({ net, uuid: parseUuid(id) ?? new Uint8Array(16) })), ret };
    },
    networkPortLookupByUuid({ network, uuid }) {
      const found = find(keeper, { net: network, uuid });
      return { port: { net: networkRef(found.network), uuid } };
    },
    async networkPortCreateXml({ network, xml, flags }) {
      const { RECLAIM, VALIDATE } = NetworkPortCreateFlags;
      checkFlags(flags, RECLAIM | VALIDATE, "networkPortCreateXml", domain);
      const found = requireActive(findNetwork(networks, network, domain), domain);
      return { port: { net: networkRef(found), uuid: await create(keeper, found, xml, flags) } };
    },
    networkPortGetXmlDesc({ port, flags }) {
      checkFlags(flags, 0, "networkPortGetXmlDesc", domain);
      return { xml: formatNetworkPort(find(keeper, port).port) };
    },
    networkPortGetParameters({ port, nparams, flags }) {
      checkFlags(flags, 0, "networkPortGetParameters", domain);
      const { bandwidth } = find(keeper, port).port;
      return countedParams(bandwidthParams(bandwidth), nparams);
    },
    async networkPortSetParameters({ port, params, flags }) {
      checkFlags(flags, 0, "networkPortSetParameters", domain);
      const found = find(keeper, port);
      found.network.ports.set(found.id, withRates(found.port, takeParams(params, bandwidthTypes, domain)));
      await keeper.changed?.(found.network);
    },
    async networkPortDelete({ port, flags }) {
      checkFlags(flags, 0, "networkPortDelete", domain);
      const { network, id } = find(keeper, port);
      network.ports.delete(id);
      await keeper.changed?.(network);
    },
  };
}
