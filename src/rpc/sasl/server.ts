/** The server's way through libvirt's SASL procedures. */

import { cipherStrengths, type Quality } from "./digest-md5.ts";
import { type DigestLookup, DigestServer } from "./digest-server.ts";
import type { SecurityLayer } from "./layer.ts";
import { type MechanismName, mechanismNames, SaslError, type ServerMechanism, type ServerStep } from "./mechanism.ts";
import { type ScramLookup, ScramServer } from "./scram-server.ts";
import { ExternalServer, type PasswordCheck, PlainServer } from "./simple.ts";
import { fromWire, type SaslReply, toWire, type WireData } from "./wire.ts";

/** What the server knows of its users. */
export interface SaslUsers {
  readonly scram: ScramLookup;
  readonly digest: DigestLookup;
  readonly password: PasswordCheck;
}

export interface SaslServerOptions {
  /** Those that the administrator allows. */
  readonly mechanisms: readonly MechanismName[];
  readonly users: SaslUsers;
  /** The realm of DIGEST-MD5. */
  readonly realm: string;
  /** Whether nobody can listen to the connection: a unix socket or TLS. */
  readonly isPrivate: boolean;
  /** Least strength of a security layer on a connection that is not private, in bits (`tcp_min_ssf`). */
  readonly minStrength: number;
  /** The name in the client's certificate, if it has shown one. */
  readonly certificateName: string | null;
}

/** Whom a client has proved to be. */
export interface SaslSuccess {
  readonly mechanism: MechanismName;
  readonly identity: string;
  /** What everything after the last reply goes through, both ways; null for nothing. */
  readonly layer: SecurityLayer | null;
}

/** The mechanisms that a connection may use, the strongest first. */
export function mechanismsFor(options: SaslServerOptions): readonly MechanismName[] {
  return mechanismNames.filter((name) => options.mechanisms.includes(name) && fits(name, options));
}

function fits(name: MechanismName, { isPrivate, minStrength, certificateName }: SaslServerOptions): boolean {
  if (name === "EXTERNAL") return isPrivate && certificateName !== null;
  if (name === "DIGEST-MD5") return isPrivate || minStrength <= Math.max(...Object.values(cipherStrengths));
  return isPrivate;
}

/** One client's attempt. All failures are SaslErrors, for the log; the client is told only that it failed. */
export class SaslServer {
  readonly #options: SaslServerOptions;
  #mechanism: ServerMechanism | null = null;
  #success: SaslSuccess | null = null;

  constructor(options: SaslServerOptions) {
    this.#options = options;
  }

  /** Whom the client has proved to be; null until it has. */
  get success(): SaslSuccess | null {
    return this.#success;
  }

  /** The answer to `authSaslInit`. */
  list(): string {
    const names = mechanismsFor(this.#options);
    if (names.length === 0) throw new SaslError("no SASL mechanism of those configured may be used on this connection");
    return names.join(",");
  }

  /** The answer to `authSaslStart`. */
  async start(args: WireData & { readonly mech: string }): Promise<SaslReply> {
    if (this.#mechanism !== null) throw new SaslError("the exchange has begun already");
    const name = mechanismsFor(this.#options).find((candidate) => candidate === args.mech.toUpperCase());
    if (name === undefined) throw new SaslError(`the mechanism '${args.mech.slice(0, 40)}' was not offered`);
    this.#mechanism = this.#create(name);
    return this.#answer(this.#mechanism, args);
  }

  /** The answer to `authSaslStep`. */
  async step(args: WireData): Promise<SaslReply> {
    if (this.#mechanism === null || this.#success !== null) throw new SaslError("no exchange is under way");
    return this.#answer(this.#mechanism, args);
  }

  async #answer(mechanism: ServerMechanism, args: WireData): Promise<SaslReply> {
    const { data, success }: ServerStep = await mechanism.step(fromWire(args));
    if (success !== null) {
      const strength = success.layer?.strength ?? 0;
      if (!this.#options.isPrivate && strength < this.#options.minStrength) {
        throw new SaslError(`negotiated SSF ${strength} is not strong enough`);
      }
      this.#success = { mechanism: mechanism.name, ...success };
    }
    return { complete: success === null ? 0 : 1, ...toWire(data) };
  }

  #create(name: MechanismName): ServerMechanism {
    const { users, realm, isPrivate, certificateName } = this.#options;
    if (name === "EXTERNAL") return new ExternalServer(certificateName ?? "");
    if (name === "PLAIN") return new PlainServer(users.password);
    if (name !== "DIGEST-MD5") return new ScramServer(name, users.scram);
    const quality: Quality = isPrivate ? "auth" : "auth-conf";
    return new DigestServer({ realm, service: "libvirt", quality, lookup: users.digest });
  }
}
