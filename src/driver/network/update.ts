/** Changing parts of a network (virNetworkUpdate): which of its definitions is meant, and what they become. */
import { LibvirtError } from "../../errors.ts";
import { type Network, updateCommands, updateNetwork, updateSections } from "../../model/network/index.ts";
import { type ArgsOf, NetworkUpdateFlags } from "../../protocol/index.ts";
import type { VirtualNetwork } from "./network.ts";

const { AFFECT_LIVE, AFFECT_CONFIG } = NetworkUpdateFlags;
export const impactFlags: number = AFFECT_LIVE | AFFECT_CONFIG;

/** The definitions of a network after a change; those that the flags do not mean are the ones of before. */
export interface ChangedNetwork {
  readonly live: Network | null;
  readonly config: Network;
}

/**
 * Changes the definitions that the flags mean, all or none.
 * @throws {LibvirtError} OPERATION_INVALID when the flags mean one that is not there
 */
export function changedNetwork(
  { live, config, persistent }: Pick<VirtualNetwork, "live" | "config" | "persistent">,
  flags: number,
  change: (definition: Network) => Network,
): ChangedNetwork {
  const invalid = (detail: string) => new LibvirtError("OPERATION_INVALID", "NETWORK", detail);
  const current = (flags & impactFlags) === 0;
  const meansLive = current ? live !== null : (flags & AFFECT_LIVE) !== 0;
  const meansConfig = current ? live === null : (flags & AFFECT_CONFIG) !== 0;
  if (meansLive && !live) throw invalid("network is not running");
  if (meansConfig && !persistent) throw invalid("cannot change persistent config of a transient network");
  return { live: meansLive && live ? change(live) : live, config: meansConfig ? change(config) : config };
}

/** The network with the update that a call asks for. */
export function updatedNetwork(network: VirtualNetwork, args: ArgsOf<"networkUpdate">): ChangedNetwork {
  const { command, section, parentIndex, xml, flags } = args;
  const update = {
    command: updateCommands[command] ?? "none",
    section: updateSections[section] ?? "none",
    parentIndex,
    xml,
  } as const;
  return changedNetwork(network, flags, (definition) => updateNetwork(definition, update));
}
