/** What both ends of SCRAM compute (RFC 5802, RFC 7677). */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { SaslError } from "./mechanism.ts";
import { saslprep } from "./saslprep.ts";

export type ScramName = "SCRAM-SHA-256" | "SCRAM-SHA-1";

export const scramHashes = { "SCRAM-SHA-256": "sha256", "SCRAM-SHA-1": "sha1" } as const;

/** Fewer rounds than this guard nothing; more than the upper bound would keep a client busy for seconds. */
export const minIterations = 4096;
export const maxIterations = 1_000_000;

/** What a server keeps of a password: enough to check it, not enough to log in with. */
export interface ScramVerifier {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** Keys of a password. The client key must not be kept. */
export interface ScramKeys {
  readonly clientKey: Uint8Array;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

const derive = promisify(pbkdf2);

/** Computes the keys of a password, off the main thread. */
export async function scramKeys(
  mechanism: ScramName,
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<ScramKeys> {
  const hash = scramHashes[mechanism];
  const length = createHash(hash).digest().length;
  const salted = await derive(saslprep(password, "password"), salt, iterations, length, hash);
  const clientKey = hmac(mechanism, salted, "Client Key");
  return { clientKey, storedKey: digest(mechanism, clientKey), serverKey: hmac(mechanism, salted, "Server Key") };
}

/** A verifier for a new password, with a salt of its own. */
export async function scramVerifier(
  mechanism: ScramName,
  password: string,
  iterations: number,
  salt: Uint8Array = randomBytes(16),
): Promise<ScramVerifier> {
  const { storedKey, serverKey } = await scramKeys(mechanism, password, salt, iterations);
  return { salt, iterations, storedKey, serverKey };
}

/** Whether the password is the one of the verifier. */
export async function passwordMatches(
  mechanism: ScramName,
  verifier: ScramVerifier,
  password: string,
): Promise<boolean> {
  const { storedKey } = await scramKeys(mechanism, password, verifier.salt, verifier.iterations);
  return sameBytes(storedKey, verifier.storedKey);
}

export function hmac(mechanism: ScramName, key: Uint8Array, text: string): Buffer {
  return createHmac(scramHashes[mechanism], key).update(text, "utf8").digest();
}

export function digest(mechanism: ScramName, bytes: Uint8Array): Buffer {
  return createHash(scramHashes[mechanism]).update(bytes).digest();
}

export function xor(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}

/** Compares without telling by its time where the difference is. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A random nonce; its letters need no quoting in any mechanism. */
export function newNonce(): string {
  return randomBytes(24).toString("base64");
}

export function escapeName(name: string): string {
  return name.replaceAll("=", "=3D").replaceAll(",", "=2C");
}

export function unescapeName(text: string): string {
  if (/=(?!2C|3D)/.test(text)) throw new SaslError("a name has a '=' that escapes nothing");
  return text.replaceAll("=2C", ",").replaceAll("=3D", "=");
}

/** The attributes of a message, `r=...,s=...`; the order of the first ones is part of the protocol. */
export function attributesOf(message: string): readonly (readonly [string, string])[] {
  return message.split(",").map((part) => {
    const match = /^([A-Za-z])=(.*)$/s.exec(part);
    if (!match) throw new SaslError("a message is no list of attributes");
    return [match[1] ?? "", match[2] ?? ""] as const;
  });
}

/** The values of the attributes with which a message must begin. What follows them is an extension that may be ignored. */
export function valuesOf(message: string, names: readonly string[]): string[] {
  const attributes = attributesOf(message);
  if (attributes.some(([name]) => name === "m")) throw new SaslError("the other end demands an unknown extension");
  return names.map((name, index) => {
    const attribute = attributes[index];
    if (attribute?.[0] !== name) throw new SaslError(`a message lacks the attribute '${name}'`);
    return attribute[1];
  });
}

/** Bytes written in base64, to the letter: what is not base64 is refused rather than skipped. */
export function fromBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (text === "" || bytes.toString("base64") !== text) throw new SaslError(`the ${what} is not base64`);
  return bytes;
}
