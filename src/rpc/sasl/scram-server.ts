/** The server's side of SCRAM. */
import { createHmac, randomBytes } from "node:crypto";
import { bytesOf, refuseOtherIdentity, SaslError, type ServerMechanism, type ServerStep, textOf } from "./mechanism.ts";
import { saslprep } from "./saslprep.ts";
import {
  digest,
  fromBase64,
  hmac,
  newNonce,
  type ScramName,
  type ScramVerifier,
  sameBytes,
  unescapeName,
  valuesOf,
  xor,
} from "./scram.ts";

/** Finds what is kept of a user's password; null for a user that is not known. */
export type ScramLookup = (user: string, mechanism: ScramName) => Promise<ScramVerifier | null>;

/** Rounds that a user who is not known appears to have. */
const usualIterations = 16_384;
/** Makes the salts of unknown users the same each time, as those of known ones are. */
const saltSecret = randomBytes(32);

interface Exchange {
  readonly user: string;
  readonly verifier: ScramVerifier;
  readonly known: boolean;
  readonly header: string;
  readonly nonce: string;
  readonly signed: string;
}

export class ScramServer implements ServerMechanism {
  readonly name: ScramName;
  readonly #lookup: ScramLookup;
  readonly #nonce: string;
  #exchange: Exchange | null = null;
  #over = false;

  constructor(name: ScramName, lookup: ScramLookup, nonce: string = newNonce()) {
    this.name = name;
    this.#lookup = lookup;
    this.#nonce = nonce;
  }

  async step(response: Uint8Array | null): Promise<ServerStep> {
    if (this.#over) throw new SaslError("the exchange is over");
    if (this.#exchange !== null) return this.#verify(this.#exchange, textOf(response ?? Buffer.alloc(0)));
    if (response === null || response.length === 0) return { data: null, success: null };
    return this.#begin(textOf(response));
  }

  async #begin(message: string): Promise<ServerStep> {
    const match = /^(n|y|p=[A-Za-z0-9.-]+),(?:a=([^,]*))?,(.*)$/s.exec(message);
    if (!match) throw new SaslError("the client's first message has no header");
    const [, binding = "", asked = "", bare = ""] = match;
    if (binding.startsWith("p=")) throw new SaslError("the client demands channel binding, which was not offered");
    const [name = "", clientNonce = ""] = valuesOf(bare, ["n", "r"]);
    if (!/^[\x21-\x7e]{8,256}$/.test(clientNonce)) throw new SaslError("the client's nonce is not one");
    const user = saslprep(unescapeName(name), "user name");
    refuseOtherIdentity(unescapeName(asked), user);
    const found = await this.#lookup(user, this.name);
    const verifier = found ?? unknownUser(this.name, user);
    const nonce = clientNonce + this.#nonce;
    const answer = `r=${nonce},s=${Buffer.from(verifier.salt).toString("base64")},i=${verifier.iterations}`;
    const header = message.slice(0, message.length - bare.length);
    this.#exchange = { user, verifier, known: found !== null, header, nonce, signed: `${bare},${answer}` };
    return { data: bytesOf(answer), success: null };
  }

  #verify({ user, verifier, known, header, nonce, signed }: Exchange, message: string): ServerStep {
    this.#over = true;
    const [binding = "", echoed = ""] = valuesOf(message, ["c", "r"]);
    if (fromBase64(binding, "channel binding").toString("utf8") !== header) {
      throw new SaslError("the client's header has changed on the way");
    }
    if (echoed !== nonce) throw new SaslError("the client answers another server's nonce");
    const end = message.lastIndexOf(",p=");
    if (end < 0) throw new SaslError("the client's message has no proof");
    const proof = fromBase64(message.slice(end + 3), "client's proof");
    const all = `${signed},${message.slice(0, end)}`;
    const clientKey = xor(proof, hmac(this.name, verifier.storedKey, all));
    if (!sameBytes(digest(this.name, clientKey), verifier.storedKey) || !known) {
      throw new SaslError(`'${user}' is not known or the password is wrong`);
    }
    const signature = hmac(this.name, verifier.serverKey, all).toString("base64");
    return { data: bytesOf(`v=${signature}`), success: { identity: user, layer: null } };
  }
}

/** What a client is shown for a user that is not known, so that it cannot tell; no proof fits it. */
function unknownUser(mechanism: ScramName, user: string): ScramVerifier {
  const salt = createHmac("sha256", saltSecret).update(user).digest().subarray(0, 16);
  const keyLength = digest(mechanism, salt).length;
  return { salt, iterations: usualIterations, storedKey: randomBytes(keyLength), serverKey: randomBytes(keyLength) };
}
