/** What SASL mechanisms have in common, at both ends (RFC 4422). They compute and do no I/O. */
import { SaslError } from "./error.ts";
import type { SecurityLayer } from "./layer.ts";

/** The mechanisms of this implementation, the strongest first: the order in which they are offered and chosen. */
export const mechanismNames = ["EXTERNAL", "SCRAM-SHA-256", "SCRAM-SHA-1", "DIGEST-MD5", "PLAIN"] as const;
export type MechanismName = (typeof mechanismNames)[number];

/** The longest message of a mechanism that is looked at, in bytes. None that is real comes near it. */
export const maxMessage = 8 * 1024;

export { SaslError };

/** The client's side of one exchange. */
export interface ClientMechanism {
  readonly name: MechanismName;
  /**
   * The answer to the server's message; for the first call, which has none, the initial response, or null for nothing.
   * @throws SaslError when the server's message is wrong, or proves that it does not know the password
   */
  step(challenge: Uint8Array | null): Promise<Uint8Array | null> | Uint8Array | null;
  /** Whether the exchange has come to its end, with the server's proof where the mechanism has one. */
  readonly done: boolean;
  /** What protects the bytes after the exchange; null for nothing. */
  readonly layer: SecurityLayer | null;
}

/** What the server says to a client's message. */
export interface ServerStep {
  readonly data: Uint8Array | null;
  /** Who the client is; null while the exchange goes on. */
  readonly success: { readonly identity: string; readonly layer: SecurityLayer | null } | null;
}

/** The server's side of one exchange. */
export interface ServerMechanism {
  readonly name: MechanismName;
  /**
   * Answers the client's message; null is none.
   * @throws SaslError when the client has not proved who it is
   */
  step(response: Uint8Array | null): Promise<ServerStep> | ServerStep;
}

/** A message as text. */
export function textOf(message: Uint8Array): string {
  if (message.length > maxMessage) throw new SaslError(`a message of ${message.length} bytes is too long`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(message);
  } catch {
    throw new SaslError("a message is not UTF-8");
  }
}

export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}

/** An identity that is asked for beside the one that was proved is refused: nobody acts for another here. */
export function refuseOtherIdentity(asked: string, proved: string): void {
  if (asked !== "" && asked !== proved) throw new SaslError(`'${proved}' may not act for '${asked}'`);
}
