/** The host's ends of a guest's network cards. */
import { LibvirtError } from "../../../errors.ts";
import { createTap, deleteTap, tapAddress } from "../../../host/tap.ts";
import type { Identity } from "../../../host/users.ts";
import type { Domain as Definition, Interface } from "../../../model/domain/index.ts";

/** Makes the tap devices that a guest's cards need, and says their names in the definition. */
export async function makeTaps({ devices }: Definition, identity: Identity | null): Promise<void> {
  for (const card of devices.interfaces) {
    if (!needsTap(card)) continue;
    const { connection } = card;
    if (process.geteuid?.() !== 0) {
      throw new LibvirtError(
        "CONFIG_UNSUPPORTED",
        "QEMU",
        `an interface of type '${connection.type}' needs root, which may make network devices; type='user' does not`,
      );
    }
    const name = await createTap({
      ...(card.target?.dev !== undefined && { name: card.target.dev }),
      ...(connection.type === "bridge" &&
        connection.source?.bridge !== undefined && { bridge: connection.source.bridge }),
      ...(card.mac !== undefined && { mac: tapAddress(card.mac.address) }),
      ...(card.mtu !== undefined && { mtu: card.mtu }),
      ...(identity && { owner: identity }),
      domain: "QEMU",
    });
    card.target = { ...card.target, dev: name };
  }
}

/** The name of a card's tap device; undefined for those that have none. */
export function tapOf({ devices }: Definition, alias: string): string | undefined {
  const card = devices.interfaces.find((candidate) => candidate.alias === alias);
  return card && needsTap(card) ? card.target?.dev : undefined;
}

/** Puts a guest's tap devices away. */
export async function deleteTaps({ devices }: Definition): Promise<void> {
  for (const card of devices.interfaces) {
    const name = card.target?.dev;
    if (!needsTap(card) || name === undefined) continue;
    await deleteTap(name, "QEMU").catch((error) => process.emitWarning(String(error), "TsvirtWarning"));
  }
}

/** A card whose device is managed by somebody else is only used. */
function needsTap(card: Interface): boolean {
  if (card.connection.type === "ethernet") return card.target?.managed !== false;
  return card.connection.type === "bridge";
}
