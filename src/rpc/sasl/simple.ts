/** The mechanisms of one message: PLAIN (RFC 4616), for protected connections only, and EXTERNAL (RFC 4422). */
import {
  bytesOf,
  type ClientMechanism,
  refuseOtherIdentity,
  SaslError,
  type ServerMechanism,
  type ServerStep,
  textOf,
} from "./mechanism.ts";
import { saslprep } from "./saslprep.ts";

/** A client that says one thing and is done. */
class OneMessageClient implements ClientMechanism {
  readonly name: "PLAIN" | "EXTERNAL";
  readonly layer = null;
  readonly #message: () => string;
  #sent = false;

  constructor(name: "PLAIN" | "EXTERNAL", message: () => string) {
    this.name = name;
    this.#message = message;
  }

  get done(): boolean {
    return this.#sent;
  }

  step(challenge: Uint8Array | null): Uint8Array | null {
    if (!this.#sent) {
      this.#sent = true;
      return bytesOf(this.#message());
    }
    if (challenge !== null && challenge.length > 0) throw new SaslError("the server goes on after the last message");
    return null;
  }
}

export function plainClient(user: string, password: string): ClientMechanism {
  return new OneMessageClient("PLAIN", () => `\0${saslprep(user, "user name")}\0${saslprep(password, "password")}`);
}

/** The client is who its TLS certificate says. */
export function externalClient(): ClientMechanism {
  return new OneMessageClient("EXTERNAL", () => "");
}

/** Whether a user's password is the right one; a user that is not known has none. */
export type PasswordCheck = (user: string, password: string) => Promise<boolean>;

export class PlainServer implements ServerMechanism {
  readonly name = "PLAIN";
  readonly #check: PasswordCheck;
  #over = false;

  constructor(check: PasswordCheck) {
    this.#check = check;
  }

  async step(response: Uint8Array | null): Promise<ServerStep> {
    if (this.#over) throw new SaslError("the exchange is over");
    if (response === null) return { data: null, success: null };
    this.#over = true;
    const parts = textOf(response).split("\0");
    const [asked = "", name = "", password = ""] = parts;
    if (parts.length !== 3 || name === "" || password === "") throw new SaslError("the message is not PLAIN's");
    const user = saslprep(name, "user name");
    refuseOtherIdentity(asked, user);
    if (!(await this.#check(user, saslprep(password, "password")))) {
      throw new SaslError(`'${user}' is not known or the password is wrong`);
    }
    return { data: null, success: { identity: user, layer: null } };
  }
}

export class ExternalServer implements ServerMechanism {
  readonly name = "EXTERNAL";
  readonly #identity: string;
  #over = false;

  /** @param identity who the client has already proved to be: the name in its certificate */
  constructor(identity: string) {
    this.#identity = identity;
  }

  step(response: Uint8Array | null): ServerStep {
    if (this.#over) throw new SaslError("the exchange is over");
    if (response === null) return { data: null, success: null };
    this.#over = true;
    refuseOtherIdentity(textOf(response), this.#identity);
    return { data: null, success: { identity: this.#identity, layer: null } };
  }
}
