/** The client's side of DIGEST-MD5. */
import { DigestLayer } from "./digest-layer.ts";
import {
  bufferOf,
  cipherNames,
  type DigestExchange,
  directive,
  directivesOf,
  maxBuffer,
  needed,
  passwordHash,
  proofOf,
  type Quality,
  quoted,
  sessionSecret,
  wordsOf,
} from "./digest-md5.ts";
import type { SecurityLayer } from "./layer.ts";
import { bytesOf, type ClientMechanism, SaslError, textOf } from "./mechanism.ts";
import { newNonce, sameBytes } from "./scram.ts";

export interface DigestClientOptions {
  readonly user: string;
  readonly password: string;
  /** The realm of the user; without one, the first that the server names. */
  readonly realm?: string | undefined;
  /** The server's host, as the client was told to reach it. */
  readonly host: string;
  readonly service: string;
  /** Whether the connection needs a security layer. */
  readonly quality: Quality;
  readonly nonce?: string;
}

export class DigestClient implements ClientMechanism {
  readonly name = "DIGEST-MD5";
  layer: SecurityLayer | null = null;
  readonly #options: DigestClientOptions;
  #started = false;
  #answered = false;
  #expected: string | null = null;
  done = false;

  constructor(options: DigestClientOptions) {
    this.#options = options;
  }

  step(challenge: Uint8Array | null): Uint8Array | null {
    if (!this.#started) {
      this.#started = true;
      return null;
    }
    const directives = directivesOf(textOf(challenge ?? Buffer.alloc(0)));
    if (!this.#answered) return bytesOf(this.#answer(directives));
    if (this.done) throw new SaslError("the server goes on after its proof");
    const proof = Buffer.from(needed(directives, "rspauth"));
    if (!sameBytes(proof, Buffer.from(this.#expected ?? "")))
      throw new SaslError("the server does not know the password");
    this.done = true;
    return null;
  }

  #answer(directives: ReadonlyMap<string, readonly string[]>): string {
    const { user, password, host, service, quality } = this.#options;
    if (needed(directives, "algorithm").toLowerCase() !== "md5-sess")
      throw new SaslError("the algorithm is not md5-sess");
    if (!wordsOf(directive(directives, "qop") ?? "auth").includes(quality)) {
      throw new SaslError(`the server does not offer '${quality}'`);
    }
    const exchange: DigestExchange = {
      realm: this.#realm(directives.get("realm") ?? []),
      nonce: needed(directives, "nonce"),
      clientNonce: this.#options.nonce ?? newNonce(),
      quality,
      uri: `${service}/${host}`,
    };
    const secret = sessionSecret(passwordHash(user, exchange.realm, password), exchange, "");
    this.#expected = proofOf(secret, exchange, "server");
    this.#answered = true;
    return [
      directive(directives, "charset") === undefined ? null : "charset=utf-8",
      `username=${quoted(user)}`,
      `realm=${quoted(exchange.realm)}`,
      `nonce=${quoted(exchange.nonce)}`,
      `cnonce=${quoted(exchange.clientNonce)}`,
      "nc=00000001",
      `qop=${quality}`,
      this.#protect(directives, secret),
      `digest-uri=${quoted(exchange.uri)}`,
      `response=${proofOf(secret, exchange, "client")}`,
    ]
      .filter((part) => part !== null)
      .join(",");
  }

  #realm(offered: readonly string[]): string {
    const { realm } = this.#options;
    if (realm === undefined) return offered[0] ?? "";
    if (offered.length > 0 && !offered.includes(realm))
      throw new SaslError(`the server does not have the realm '${realm}'`);
    return realm;
  }

  /** Sets the layer up when one was asked for, and says so. */
  #protect(directives: ReadonlyMap<string, readonly string[]>, secret: Uint8Array): string | null {
    if (this.#options.quality === "auth") return null;
    const offered = wordsOf(directive(directives, "cipher") ?? "");
    const cipher = cipherNames.find((name) => offered.includes(name));
    if (cipher === undefined) throw new SaslError("the server offers no cipher that is known and strong enough");
    const peerBuffer = bufferOf(directive(directives, "maxbuf"));
    this.layer = new DigestLayer({ secret, side: "client", cipher, peerBuffer });
    return `cipher=${cipher},maxbuf=${maxBuffer}`;
  }
}
