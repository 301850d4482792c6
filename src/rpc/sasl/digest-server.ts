/** The server's side of DIGEST-MD5. */
import { randomBytes } from "node:crypto";
import { DigestLayer } from "./digest-layer.ts";
import {
  bufferOf,
  cipherNames,
  type DigestExchange,
  directive,
  directivesOf,
  maxBuffer,
  needed,
  proofOf,
  type Quality,
  quoted,
  sessionSecret,
} from "./digest-md5.ts";
import type { SecurityLayer } from "./layer.ts";
import { bytesOf, refuseOtherIdentity, SaslError, type ServerMechanism, type ServerStep, textOf } from "./mechanism.ts";
import { saslprep } from "./saslprep.ts";
import { newNonce, sameBytes } from "./scram.ts";

/** Finds the hash of name, realm and password of a user; null for a user that is not known. */
export type DigestLookup = (user: string, realm: string) => Promise<Uint8Array | null>;

export interface DigestServerOptions {
  readonly realm: string;
  readonly service: string;
  readonly quality: Quality;
  readonly lookup: DigestLookup;
  readonly nonce?: string;
}

export class DigestServer implements ServerMechanism {
  readonly name = "DIGEST-MD5";
  readonly #options: DigestServerOptions;
  readonly #nonce: string;
  #state: "start" | "challenged" | "over" = "start";

  constructor(options: DigestServerOptions) {
    this.#options = options;
    this.#nonce = options.nonce ?? newNonce();
  }

  async step(response: Uint8Array | null): Promise<ServerStep> {
    if (this.#state === "start") {
      if (response !== null && response.length > 0) throw new SaslError("the client answers before it was asked");
      this.#state = "challenged";
      return { data: bytesOf(this.#challenge()), success: null };
    }
    if (this.#state === "over") throw new SaslError("the exchange is over");
    this.#state = "over";
    return this.#verify(directivesOf(textOf(response ?? Buffer.alloc(0))));
  }

  #challenge(): string {
    const { realm, quality } = this.#options;
    const protection = quality === "auth" ? [] : [`cipher="${cipherNames.join(",")}"`, `maxbuf=${maxBuffer}`];
    return [
      `nonce=${quoted(this.#nonce)}`,
      `realm=${quoted(realm)}`,
      `qop="${quality}"`,
      ...protection,
      "charset=utf-8",
      "algorithm=md5-sess",
    ].join(",");
  }

  async #verify(directives: ReadonlyMap<string, readonly string[]>): Promise<ServerStep> {
    const { quality, lookup } = this.#options;
    const user = saslprep(needed(directives, "username"), "user name");
    const exchange = this.#exchangeOf(directives);
    const authzid = directive(directives, "authzid") ?? "";
    refuseOtherIdentity(authzid, user);
    const found = await lookup(user, exchange.realm);
    const secret = sessionSecret(found ?? randomBytes(16), exchange, authzid);
    const isProved = sameBytes(
      Buffer.from(needed(directives, "response")),
      Buffer.from(proofOf(secret, exchange, "client")),
    );
    if (!isProved || found === null) throw new SaslError(`'${user}' is not known or the password is wrong`);
    const layer = quality === "auth" ? null : layerOf(directives, secret);
    return { data: bytesOf(`rspauth=${proofOf(secret, exchange, "server")}`), success: { identity: user, layer } };
  }

  #exchangeOf(directives: ReadonlyMap<string, readonly string[]>): DigestExchange {
    const { realm, service, quality } = this.#options;
    const expected = { nonce: this.#nonce, nc: "00000001", qop: quality };
    const given = {
      nonce: needed(directives, "nonce"),
      nc: needed(directives, "nc"),
      qop: directive(directives, "qop") ?? "auth",
    };
    for (const name of ["nonce", "nc", "qop"] as const) {
      if (given[name] !== expected[name]) throw new SaslError(`the client's '${name}' is not the one it was given`);
    }
    if ((directive(directives, "realm") ?? "") !== realm) throw new SaslError("the client names another realm");
    const uri = needed(directives, "digest-uri");
    if (!uri.startsWith(`${service}/`)) throw new SaslError("the client means another service");
    return { realm, nonce: this.#nonce, clientNonce: needed(directives, "cnonce"), quality, uri };
  }
}

function layerOf(directives: ReadonlyMap<string, readonly string[]>, secret: Uint8Array): SecurityLayer {
  const asked = needed(directives, "cipher").toLowerCase();
  const cipher = cipherNames.find((name) => name === asked);
  if (cipher === undefined) throw new SaslError("the client chose a cipher that was not offered");
  return new DigestLayer({ secret, side: "server", cipher, peerBuffer: bufferOf(directive(directives, "maxbuf")) });
}
