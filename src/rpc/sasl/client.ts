/** The client's way through libvirt's SASL procedures: chooses a mechanism, runs it, and demands what it must. */
import { LibvirtError } from "../../errors.ts";
import { DigestClient } from "./digest-client.ts";
import type { SecurityLayer } from "./layer.ts";
import { type ClientMechanism, type MechanismName, mechanismNames, SaslError } from "./mechanism.ts";
import { ScramClient } from "./scram-client.ts";
import { externalClient, plainClient } from "./simple.ts";
import { fromWire, type SaslReply, toWire, type WireData } from "./wire.ts";

/** The three procedures, as a connection calls them. */
export interface SaslCalls {
  init(): Promise<{ readonly mechlist: string }>;
  start(args: WireData & { readonly mech: string }): Promise<SaslReply>;
  step(args: WireData): Promise<SaslReply>;
}

/** Who logs in. */
export interface SaslCredentials {
  readonly user: string;
  readonly password: string;
  readonly realm?: string | undefined;
}

/** Strength that a connection which others can listen to needs at the least, in bits: libvirt's. */
export const minStrength = 56;

export interface SaslClientOptions {
  /** Whether nobody can listen to the connection: a unix socket, TLS, ssh. Over others only a security layer will do. */
  readonly isPrivate: boolean;
  /** Whether the client has shown a certificate, which EXTERNAL then stands on. */
  readonly hasCertificate?: boolean;
  /** The one mechanism that is wanted (`?auth=sasl.NAME`); null chooses the strongest that the server has. */
  readonly mechanism: string | null;
  /** The server's host as the URI names it. */
  readonly host: string;
  /** Asked for name and password, if the mechanism needs them. */
  credentials(mechanism: MechanismName): Promise<SaslCredentials>;
}

export interface SaslOutcome {
  readonly mechanism: MechanismName;
  /** What everything after the last reply goes through, both ways; null for nothing. */
  readonly layer: SecurityLayer | null;
}

/** More messages than any mechanism has. */
const maxRounds = 8;

/**
 * Logs in.
 * @throws LibvirtError AUTH_FAILED when no mechanism fits, or the server refuses, or cannot prove that it knows the password
 */
export async function authenticateSasl(calls: SaslCalls, options: SaslClientOptions): Promise<SaslOutcome> {
  const { mechlist } = await calls.init();
  const name = chooseMechanism(mechlist, options);
  const mechanism = await mechanismFor(name, options);
  try {
    await exchange(calls, mechanism);
    demandStrength(mechanism.layer, options);
  } catch (error) {
    if (error instanceof SaslError) throw failed(`${name} with '${options.host}': ${error.message}`, error);
    throw error;
  }
  return { mechanism: name, layer: mechanism.layer };
}

async function exchange(calls: SaslCalls, mechanism: ClientMechanism): Promise<void> {
  let reply = await calls.start({ mech: mechanism.name, ...toWire(await mechanism.step(null)) });
  for (let round = 0; round < maxRounds; round++) {
    const challenge = fromWire(reply);
    if (reply.complete !== 0) {
      if (challenge !== null || !mechanism.done) await mechanism.step(challenge);
      if (!mechanism.done) throw new SaslError("the server ends without proof that it knows the password");
      return;
    }
    reply = await calls.step(toWire(await mechanism.step(challenge)));
  }
  throw new SaslError("the server does not come to an end");
}

/** The strongest mechanism that both ends have and that this connection may use, or the one that was asked for. */
function chooseMechanism(mechlist: string, options: SaslClientOptions): MechanismName {
  const offered = mechlist
    .toUpperCase()
    .split(/[\s,]+/)
    .filter((name) => name !== "");
  const wanted = options.mechanism?.toUpperCase() ?? null;
  const usable = mechanismNames.filter((name) => (wanted === null ? isUsable(name, options) : name === wanted));
  const chosen = usable.find((name) => offered.includes(name));
  if (chosen !== undefined) {
    if (chosen === "PLAIN" && !options.isPrivate)
      throw failed("PLAIN would show the password to all who listen; use TLS");
    return chosen;
  }
  if (wanted !== null && usable.length === 0) throw failed(`SASL mechanism ${wanted} is not supported`);
  if (wanted !== null && !offered.includes(wanted)) {
    throw failed(`SASL mechanism ${wanted} not supported by server, which has: ${offered.join(", ") || "none"}`);
  }
  const hint = offered.includes("DIGEST-MD5") ? "; '?auth=sasl.digest-md5' in the URI allows DIGEST-MD5" : "";
  throw failed(`none of the server's SASL mechanisms (${offered.join(", ") || "none"}) may be used here${hint}`);
}

/** Whether a mechanism is taken without having been asked for by name. */
function isUsable(name: MechanismName, { isPrivate, hasCertificate = false }: SaslClientOptions): boolean {
  if (name === "DIGEST-MD5") return false;
  return isPrivate && (name !== "EXTERNAL" || hasCertificate);
}

async function mechanismFor(name: MechanismName, options: SaslClientOptions): Promise<ClientMechanism> {
  if (name === "EXTERNAL") return externalClient();
  const { user, password, realm } = await options.credentials(name);
  if (name === "PLAIN") return plainClient(user, password);
  if (name !== "DIGEST-MD5") return new ScramClient(name, user, password);
  const quality = options.isPrivate ? "auth" : "auth-conf";
  return new DigestClient({ user, password, realm, host: options.host, service: "libvirt", quality });
}

function demandStrength(layer: SecurityLayer | null, { isPrivate }: SaslClientOptions): void {
  if (!isPrivate && (layer?.strength ?? 0) < minStrength) {
    throw new SaslError(`negotiation SSF ${layer?.strength ?? 0} was not strong enough`);
  }
}

function failed(detail: string, cause?: unknown): LibvirtError {
  return new LibvirtError("AUTH_FAILED", "REMOTE", detail, { cause });
}
