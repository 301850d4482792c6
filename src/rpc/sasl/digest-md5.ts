/** What both ends of DIGEST-MD5 compute (RFC 2831). It is here because it alone protects plain TCP; it is weak. */
import { createHash } from "node:crypto";
import { SaslError } from "./mechanism.ts";
import { saslprep } from "./saslprep.ts";

/** Whether the exchange ends with a security layer (`auth-conf`) or without one (`auth`). */
export type Quality = "auth" | "auth-conf";

/** Ciphers of the security layer, the stronger first, and their strength in bits. */
export const cipherStrengths = { rc4: 128, "3des": 112 } as const;
export type CipherName = keyof typeof cipherStrengths;
export const cipherNames = Object.keys(cipherStrengths) as readonly CipherName[];

/** Longest sealed buffer that we take, in bytes; libvirt's own. */
export const maxBuffer = 65_536;

/** What both ends have agreed on. */
export interface DigestExchange {
  readonly realm: string;
  readonly nonce: string;
  readonly clientNonce: string;
  readonly quality: Quality;
  readonly uri: string;
}

/** The hash of name, realm and password, which is what a server keeps; whoever has it can log in. */
export function passwordHash(user: string, realm: string, password: string): Uint8Array {
  const separator = Buffer.from(":");
  const parts = [saslprep(user, "user name"), realm, saslprep(password, "password")];
  const [name, place, word] = parts.map(hashedBytes) as [Buffer, Buffer, Buffer];
  return md5(Buffer.concat([name, separator, place, separator, word]));
}

/** The bytes of a text as they are hashed: Latin-1 when it fits into that, UTF-8 otherwise. */
function hashedBytes(text: string): Buffer {
  const narrow = Buffer.from(text, "latin1");
  return narrow.toString("latin1") === text ? narrow : Buffer.from(text, "utf8");
}

/** H(A1): the secret of this one exchange. */
export function sessionSecret(hash: Uint8Array, { nonce, clientNonce }: DigestExchange, authzid: string): Uint8Array {
  const rest = `:${nonce}:${clientNonce}${authzid === "" ? "" : `:${authzid}`}`;
  return md5(Buffer.concat([hash, Buffer.from(rest)]));
}

/** The proof of knowing the secret: the client's, or the server's. */
export function proofOf(secret: Uint8Array, exchange: DigestExchange, side: "client" | "server"): string {
  const { nonce, clientNonce, quality, uri } = exchange;
  const zeros = quality === "auth" ? "" : `:${"0".repeat(32)}`;
  const action = hex(md5(Buffer.from(`${side === "client" ? "AUTHENTICATE" : ""}:${uri}${zeros}`)));
  return hex(md5(Buffer.from(`${hex(secret)}:${nonce}:00000001:${clientNonce}:${quality}:${action}`)));
}

export function md5(bytes: Uint8Array): Buffer {
  return createHash("md5").update(bytes).digest();
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** Directives of a message; those that may stand several times keep all of their values. */
export function directivesOf(message: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const pattern = /[\s,]*([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([^\s",]+))\s*(?=,|$)/y;
  let count = 0;
  while (pattern.lastIndex < message.length) {
    if (/^[\s,]*$/.test(message.slice(pattern.lastIndex))) break;
    const match = pattern.exec(message);
    if (match === null || ++count > 64) throw new SaslError("a message is no list of directives");
    const [, name = "", quoted, token = ""] = match;
    const value = quoted === undefined ? token : quoted.replace(/\\([\s\S])/g, "$1");
    found.set(name.toLowerCase(), [...(found.get(name.toLowerCase()) ?? []), value]);
  }
  return found;
}

/** The one value of a directive; undefined when it is not there. */
export function directive(directives: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  const values = directives.get(name);
  if (values !== undefined && values.length > 1) throw new SaslError(`the directive '${name}' stands more than once`);
  return values?.[0];
}

export function needed(directives: ReadonlyMap<string, readonly string[]>, name: string): string {
  const value = directive(directives, name);
  if (value === undefined || value === "") throw new SaslError(`the directive '${name}' is missing`);
  return value;
}

/** The words of a list such as `auth,auth-conf`. */
export function wordsOf(list: string): readonly string[] {
  return list.split(",").map((word) => word.trim().toLowerCase());
}

export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** The largest buffer that the other end takes, in bytes; without the directive, RFC 2831's default. */
export function bufferOf(text: string | undefined): number {
  if (text === undefined) return maxBuffer;
  const size = /^\d{1,8}$/.test(text) ? Number(text) : 0;
  if (size < 64) throw new SaslError(`a largest buffer of '${text.slice(0, 20)}' bytes cannot be`);
  return Math.min(size, maxBuffer);
}
