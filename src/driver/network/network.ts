/** Virtual networks as every driver that has them knows them: what they are, and the answers that follow from that. */
import { randomBytes } from "node:crypto";
import { type ErrorDomainName, LibvirtError } from "../../errors.ts";
import { formatNetwork, type Network, parseNetwork } from "../../model/network/index.ts";
import type { NetworkPort } from "../../model/network/port.ts";
import {
  ConnectListAllNetworksFlags,
  NetworkDefineFlags,
  type Network as NetworkRef,
  NetworkXMLFlags,
} from "../../protocol/index.ts";
import { checkFlags } from "../flags.ts";
import type { Handlers } from "../handler.ts";
import { type ListQuestion, questionFlags, selectByFlags, yesOrNo } from "../list-filter.ts";
import { formatUuid, type ObjectList, parseUuid } from "../object-list.ts";
import { listed, networkListTwins } from "../twins.ts";

/** A network: its definition for the next start, and the one it runs with while it does. */
export interface VirtualNetwork {
  readonly name: string;
  readonly uuid: Uint8Array;
  config: Network;
  live: Network | null;
  persistent: boolean;
  autostart: boolean;
  /** By UUID, as text. */
  readonly ports: Map<string, NetworkPort>;
}

/** A network that is not known yet. */
export function newNetwork(config: Network, uuid: Uint8Array): VirtualNetwork {
  return { name: config.name, uuid, config, live: null, persistent: false, autostart: false, ports: new Map() };
}

/** How clients refer to the network. */
export function networkRef({ name, uuid }: NetworkRef): NetworkRef {
  return { name, uuid };
}

/** Reads the definition that a client gives; without a UUID it gets one. */
export function readNetwork(xml: string, flags: number): { readonly definition: Network; readonly uuid: Uint8Array } {
  const given = parseNetwork(xml, { strict: (flags & NetworkDefineFlags.VALIDATE) !== 0, inactive: true });
  const uuid = (given.uuid === undefined ? null : parseUuid(given.uuid)) ?? new Uint8Array(randomBytes(16));
  return { definition: { ...given, uuid: formatUuid(uuid) }, uuid };
}

const { ACTIVE, INACTIVE, PERSISTENT, TRANSIENT, AUTOSTART, NO_AUTOSTART } = ConnectListAllNetworksFlags;
const questions: readonly ListQuestion<VirtualNetwork>[] = [
  yesOrNo(ACTIVE, INACTIVE, ({ live }) => live !== null),
  yesOrNo(PERSISTENT, TRANSIENT, ({ persistent }) => persistent),
  yesOrNo(AUTOSTART, NO_AUTOSTART, ({ autostart }) => autostart),
];

/** The network a client means, or NO_NETWORK. */
export function findNetwork<T extends VirtualNetwork>(
  networks: ObjectList<T>,
  { uuid }: Pick<NetworkRef, "uuid">,
  domain: ErrorDomainName,
): T {
  const network = networks.byUuid(uuid);
  if (network) return network;
  throw new LibvirtError("NO_NETWORK", domain, `no network with matching uuid '${formatUuid(uuid)}'`);
}

type QueryProcedures =
  | "connectListAllNetworks"
  | "networkLookupByName"
  | "networkLookupByUuid"
  | "networkGetXmlDesc"
  | "networkGetAutostart"
  | "networkGetBridgeName"
  | "networkIsActive"
  | "networkIsPersistent";

/**
 * The handlers that only tell of networks.
 * @param domain who reports errors
 * @param shown the running definition as clients see it
 */
export function networkQueryHandlers(
  networks: ObjectList<VirtualNetwork>,
  domain: ErrorDomainName,
  shown: (network: VirtualNetwork) => Network | null = ({ live }) => live,
) {
  const find = (net: Pick<NetworkRef, "uuid">) => findNetwork(networks, net, domain);
  const handlers: Handlers<QueryProcedures> = {
    connectListAllNetworks({ needResults, flags }) {
      checkFlags(flags, questionFlags(questions), "connectListAllNetworks", domain);
      const { items, ret } = listed(selectByFlags(networks, flags, questions).map(networkRef), needResults);
      return { nets: items, ret };
    },
    networkLookupByName({ name }) {
      const network = networks.byName(name);
      if (!network) throw new LibvirtError("NO_NETWORK", domain, `no network with matching name '${name}'`);
      return { net: networkRef(network) };
    },
    networkLookupByUuid: ({ uuid }) => ({ net: networkRef(find({ uuid })) }),
    networkGetXmlDesc({ net, flags }) {
      checkFlags(flags, NetworkXMLFlags.INACTIVE, "networkGetXmlDesc", domain);
      const network = find(net);
      const { config } = network;
      const live = shown(network);
      const inactive = (flags & NetworkXMLFlags.INACTIVE) !== 0;
      return { xml: formatNetwork(inactive ? config : (live ?? config), { inactive: inactive || !live }) };
    },
    networkGetAutostart: ({ net }) => ({ autostart: Number(find(net).autostart) }),
    networkGetBridgeName({ net }) {
      const { name, live, config } = find(net);
      const bridge = (live ?? config).bridge?.name;
      if (bridge !== undefined) return { name: bridge };
      throw new LibvirtError("INTERNAL_ERROR", domain, `network '${name}' does not have a bridge name.`);
    },
    networkIsActive: ({ net }) => ({ active: Number(find(net).live !== null) }),
    networkIsPersistent: ({ net }) => ({ persistent: Number(find(net).persistent) }),
  };
  return { ...networkListTwins(handlers.connectListAllNetworks), ...handlers };
}
