/** Whether a migration makes sense and both sides can do it, before anything is moved. */
import { isLibvirtError, LibvirtError } from "../../errors.ts";
import { ConnectFeature, DomainMigrateFlags } from "../../protocol/index.ts";
import type { Link } from "../core/link.ts";
import { invalidArgument } from "../errors/invalid-argument.ts";

const { PEER2PEER, TUNNELLED } = DomainMigrateFlags;

/** Whether a driver has one of the features that only clients ask for. */
export async function supports({ router }: Link, feature: ConnectFeature): Promise<boolean> {
  try {
    return (await router.call("connectSupportsFeature", { feature })).supported !== 0;
  } catch (error) {
    if (isLibvirtError(error, "NO_SUPPORT")) return false;
    throw error;
  }
}

function refusal(cFunction: string, argument: string, message: string): LibvirtError {
  return invalidArgument({ domain: "DOMAIN", cFunction, argument, message });
}

/** Refuses what a client cannot conduct between two connections. @throws {LibvirtError} INVALID_ARG, NO_SUPPORT */
export async function requireMigration(source: Link, target: Link, flags: number): Promise<void> {
  const cFunction = "virDomainMigrate3";
  if ((flags & PEER2PEER) !== 0) {
    throw source.report(refusal(cFunction, "flags", "use virDomainMigrateToURI3 for peer-to-peer migration"));
  }
  if ((flags & TUNNELLED) !== 0) {
    const message = "cannot perform tunnelled migration without using peer2peer flag";
    throw source.report(refusal(cFunction, "flags", message));
  }
  for (const link of [source, target]) {
    if (await supports(link, ConnectFeature.MIGRATION_PARAMS)) continue;
    throw source.report(new LibvirtError("NO_SUPPORT", "DOMAIN", cFunction));
  }
}

/** Refuses what the source's host cannot do by itself. @throws {LibvirtError} INVALID_ARG, ARGUMENT_UNSUPPORTED */
export async function requireMigrationToUri(source: Link, dconnuri: string | null, flags: number): Promise<void> {
  const peerToPeer = (flags & PEER2PEER) !== 0;
  if (peerToPeer && dconnuri === null) {
    const message = "dconnuri in virDomainMigrateToURI3 must not be NULL";
    throw source.report(refusal("virDomainMigrateToURI3", "dconnuri", message));
  }
  if (await supports(source, peerToPeer ? ConnectFeature.MIGRATION_P2P : ConnectFeature.MIGRATION_DIRECT)) return;
  const detail = `${peerToPeer ? "p2p" : "direct"} migration is not supported by the source host`;
  throw source.report(new LibvirtError("ARGUMENT_UNSUPPORTED", "DOMAIN", detail));
}
