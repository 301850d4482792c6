/** The host's ends of a guest's network cards. */
import { LibvirtError } from "../../../../errors.ts";
import { runProgram } from "../../../../host/program.ts";
import { createTap, deleteTap, deviceExists, tapAddress } from "../../../../host/tap.ts";
import { limitTraffic, type TrafficLimits } from "../../../../host/traffic.ts";
import type { Identity } from "../../../../host/users.ts";
import type { Domain as Definition, Interface } from "../../../../model/domain/index.ts";

/** Makes the tap devices that a guest's cards need, all or none, and says their names in the definition. */
export async function makeTaps({ devices }: Definition, identity: Identity | null): Promise<void> {
  const made: Interface[] = [];
  try {
    for (const card of devices.interfaces) {
      if (!hasTap(card)) continue;
      await makeTap(card, identity);
      made.push(card);
    }
  } catch (error) {
    await deleteTaps(made);
    throw error;
  }
}

async function makeTap(card: Interface, identity: Identity | null): Promise<void> {
  const name = isOurs(card) ? await createFor(card, identity) : await foundFor(card);
  card.target = { ...card.target, dev: name };
  try {
    const limits = limitsOf(card);
    if (limits) await limitTraffic(name, limits, "QEMU");
    if (card.connection.type === "ethernet" && card.script) await runProgram(card.script, [name], { domain: "QEMU" });
  } catch (error) {
    await deleteTaps([card]);
    throw error;
  }
}

function createFor({ connection, target, port, mac, mtu }: Interface, identity: Identity | null): Promise<string> {
  if (process.geteuid?.() !== 0) {
    throw unsupported(
      `an interface of type '${connection.type}' needs root, which may make network devices; type='user' does not, ` +
        "nor does type='ethernet' with the name of a tap device of yours in <target dev='...' managed='no'/>",
    );
  }
  const bridge = bridgeOf(connection);
  return createTap({
    ...(target?.dev !== undefined && { name: target.dev }),
    ...(bridge !== undefined && { bridge }),
    ...(port?.isolated === true && { isolated: true }),
    ...(mac !== undefined && { mac: tapAddress(mac.address) }),
    ...(mtu !== undefined && { mtu }),
    ...(identity && { owner: identity }),
    domain: "QEMU",
  });
}

/** The device of a card whose host side is somebody else's business. */
async function foundFor({ target }: Interface): Promise<string> {
  const name = target?.dev;
  if (name === undefined) throw unsupported("target dev must be supplied when managed='no'");
  if (!name.includes("/") && (await deviceExists(name))) return name;
  throw unsupported(`target managed='no' but specified dev '${name}' doesn't exist`);
}

/** How fast a card may be; undefined where nothing limits it. */
export function limitsOf({ bandwidth }: Interface): TrafficLimits | undefined {
  const inbound = rateOf(bandwidth?.inbound);
  const outbound = rateOf(bandwidth?.outbound);
  return inbound || outbound ? { inbound, outbound } : undefined;
}

type GivenRate = { readonly average?: number; readonly peak?: number; readonly burst?: number };

function rateOf(given: { [Key in keyof GivenRate]: GivenRate[Key] | undefined } | undefined) {
  if (given?.average === undefined) return undefined;
  const { average, peak, burst } = given;
  return { average, peak, burst };
}

/** The name of a card's tap device; undefined for those that have none. */
export function tapOf({ devices }: Definition, alias: string): string | undefined {
  const card = devices.interfaces.find((candidate) => candidate.alias === alias);
  return card && hasTap(card) ? card.target?.dev : undefined;
}

/** Puts the tap devices of cards away; what cannot be done is reported and left. */
export async function deleteTaps(cards: readonly Interface[]): Promise<void> {
  for (const card of cards) {
    const name = card.target?.dev;
    if (!hasTap(card) || name === undefined) continue;
    if (card.connection.type === "ethernet" && card.downscript) {
      await runProgram(card.downscript, [name], { domain: "QEMU" }).catch(report);
    }
    if (isOurs(card)) await deleteTap(name, "QEMU").catch(report);
  }
}

function report(error: unknown): void {
  process.emitWarning(String(error), "TsvirtWarning");
}

const hasTap = ({ connection: { type } }: Interface): boolean =>
  type === "network" || type === "bridge" || type === "ethernet";

/** The bridge of a card: its own choice, or its virtual network's. */
const bridgeOf = (connection: Interface["connection"]): string | undefined =>
  connection.type === "bridge" || connection.type === "network" ? connection.source?.bridge : undefined;

/** A device that is managed by somebody else is only used. */
const isOurs = ({ connection, target }: Interface): boolean =>
  connection.type !== "ethernet" || target?.managed !== false;

function unsupported(detail: string): LibvirtError {
  return new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
}
