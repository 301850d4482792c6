/** Virtual networks, of which Xen knows nothing but their bridges. */
import type { Caller } from "../../driver/session.ts";
import type { Domain as Definition } from "../../model/domain/index.ts";

/**
 * The definition with the bridge of each virtual network that its cards are on.
 * @throws {LibvirtError} NO_NETWORK, and what the network says that has no bridge
 */
export async function withBridges(definition: Definition, peers: Caller): Promise<Definition> {
  const onNetwork = definition.devices.interfaces.some(({ connection }) => connection.type === "network");
  if (!onNetwork) return definition;
  const bridged = structuredClone(definition);
  for (const { connection } of bridged.devices.interfaces) {
    if (connection.type !== "network" || connection.source?.bridge !== undefined) continue;
    const { net } = await peers("networkLookupByName", { name: connection.source?.network ?? "" });
    const { name: bridge } = await peers("networkGetBridgeName", { net });
    connection.source = { ...connection.source, bridge };
  }
  return bridged;
}
