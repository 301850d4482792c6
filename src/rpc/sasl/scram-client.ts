/** The client's side of SCRAM. */
import { bytesOf, type ClientMechanism, SaslError, textOf } from "./mechanism.ts";
import { saslprep } from "./saslprep.ts";
import {
  attributesOf,
  escapeName,
  fromBase64,
  hmac,
  maxIterations,
  minIterations,
  newNonce,
  type ScramName,
  sameBytes,
  scramKeys,
  valuesOf,
  xor,
} from "./scram.ts";

/** Channel binding is not supported, and the client says so. */
const header = "n,,";

export class ScramClient implements ClientMechanism {
  readonly name: ScramName;
  readonly layer = null;
  readonly #user: string;
  readonly #password: string;
  readonly #nonce: string;
  #state: "start" | "first" | "final" | "done" = "start";
  #firstBare = "";
  #serverSignature: Uint8Array = Buffer.alloc(0);

  constructor(name: ScramName, user: string, password: string, nonce: string = newNonce()) {
    this.name = name;
    this.#user = user;
    this.#password = password;
    this.#nonce = nonce;
  }

  get done(): boolean {
    return this.#state === "done";
  }

  async step(challenge: Uint8Array | null): Promise<Uint8Array | null> {
    // A server that was given no initial response answers with an empty challenge to ask for it.
    if (this.#state === "start") return this.#begin();
    const message = textOf(challenge ?? Buffer.alloc(0));
    if (this.#state === "first") return this.#prove(message);
    if (this.#state === "final") return this.#checkServer(message);
    throw new SaslError("the server goes on after its proof");
  }

  #begin(): Uint8Array {
    this.#firstBare = `n=${escapeName(saslprep(this.#user, "user name"))},r=${this.#nonce}`;
    this.#state = "first";
    return bytesOf(header + this.#firstBare);
  }

  async #prove(serverFirst: string): Promise<Uint8Array> {
    const [nonce = "", saltText = "", rounds = ""] = valuesOf(serverFirst, ["r", "s", "i"]);
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length) {
      throw new SaslError("the server's nonce does not continue ours");
    }
    const iterations = /^[1-9][0-9]{0,8}$/.test(rounds) ? Number(rounds) : 0;
    if (iterations < minIterations || iterations > maxIterations) {
      throw new SaslError(`the server's iteration count is not between ${minIterations} and ${maxIterations}`);
    }
    const keys = await scramKeys(this.name, this.#password, fromBase64(saltText, "salt"), iterations);
    const finalBare = `c=${Buffer.from(header).toString("base64")},r=${nonce}`;
    const signed = `${this.#firstBare},${serverFirst},${finalBare}`;
    this.#serverSignature = hmac(this.name, keys.serverKey, signed);
    const proof = xor(keys.clientKey, hmac(this.name, keys.storedKey, signed));
    this.#state = "final";
    return bytesOf(`${finalBare},p=${proof.toString("base64")}`);
  }

  #checkServer(message: string): null {
    const [name, value = ""] = attributesOf(message)[0] ?? [];
    if (name === "e") throw new SaslError(`the server refuses: ${value.slice(0, 100)}`);
    if (name !== "v" || !sameBytes(fromBase64(value, "server's proof"), this.#serverSignature)) {
      throw new SaslError("the server does not know the password");
    }
    this.#state = "done";
    return null;
  }
}
