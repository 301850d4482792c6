/** The security layer of DIGEST-MD5 (RFC 2831, section 2.4): a checksum and a cipher over each buffer. */
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { type CipherName, cipherStrengths, maxBuffer, md5 } from "./digest-md5.ts";
import type { SecurityLayer } from "./layer.ts";
import { SaslError } from "./mechanism.ts";
import { Rc4 } from "./rc4.ts";
import { sameBytes } from "./scram.ts";

/** Bytes of the checksum, and of the version and number that follow it in clear. */
const checksumLength = 10;
const trailerLength = 6;
const version = 1;
/** Most that a buffer grows by: checksum, trailer, one block of padding. */
const maxGrowth = checksumLength + trailerLength + 8;

interface StreamCipher {
  readonly block: number;
  update(bytes: Uint8Array): Buffer;
}

/** One direction of the connection. */
interface Direction {
  readonly integrityKey: Uint8Array;
  readonly cipher: StreamCipher;
  sequence: number;
}

export interface DigestLayerOptions {
  /** H(A1). */
  readonly secret: Uint8Array;
  readonly side: "client" | "server";
  readonly cipher: CipherName;
  /** Largest buffer that the other end takes, in bytes. */
  readonly peerBuffer: number;
}

export class DigestLayer implements SecurityLayer {
  readonly strength: number;
  readonly maxPlain: number;
  readonly maxSealed = maxBuffer;
  readonly #out: Direction;
  readonly #in: Direction;

  constructor({ secret, side, cipher, peerBuffer }: DigestLayerOptions) {
    this.strength = cipherStrengths[cipher];
    this.maxPlain = peerBuffer - maxGrowth;
    const other = side === "client" ? "server" : "client";
    this.#out = direction(secret, side, cipher, "seal");
    this.#in = direction(secret, other, cipher, "open");
  }

  seal(plain: Uint8Array): Uint8Array {
    const { integrityKey, cipher, sequence } = this.#out;
    const { block } = cipher;
    const padding = block === 1 ? 0 : block - ((plain.length + checksumLength) % block);
    const checksum = checksumOf(integrityKey, sequence, plain);
    const sealed = cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding), checksum]));
    this.#out.sequence = (sequence + 1) >>> 0;
    return Buffer.concat([sealed, trailerOf(sequence)]);
  }

  open(sealed: Uint8Array): Uint8Array {
    const { integrityKey, cipher, sequence } = this.#in;
    const end = sealed.length - trailerLength;
    if (end < checksumLength || end % cipher.block !== 0) throw new SaslError("a sealed buffer is cut short");
    if (!sameBytes(sealed.subarray(end), trailerOf(sequence))) throw new SaslError("a sealed buffer is out of order");
    const clear = cipher.update(sealed.subarray(0, end));
    const body = clear.subarray(0, -checksumLength);
    const padding = cipher.block === 1 ? 0 : (body.at(-1) ?? 0);
    const plain = body.subarray(0, Math.max(0, body.length - padding));
    const isPadded = padding <= Math.min(cipher.block, body.length) && (cipher.block === 1 || padding > 0);
    const isOwn = sameBytes(clear.subarray(-checksumLength), checksumOf(integrityKey, sequence, plain));
    if (!isPadded || !isOwn) throw new SaslError("a sealed buffer has been changed on the way");
    this.#in.sequence = (sequence + 1) >>> 0;
    return plain;
  }
}

function direction(secret: Uint8Array, from: "client" | "server", name: CipherName, use: "seal" | "open"): Direction {
  const way = from === "client" ? "client-to-server" : "server-to-client";
  const key = (magic: string) => md5(Buffer.concat([secret, Buffer.from(magic)]));
  const integrityKey = key(`Digest session key to ${way} signing key magic constant`);
  const cipherKey = key(`Digest H(A1) to ${way} sealing key magic constant`);
  return { integrityKey, cipher: cipherOf(name, cipherKey, use), sequence: 0 };
}

function cipherOf(name: CipherName, key: Buffer, use: "seal" | "open"): StreamCipher {
  if (name === "rc4") {
    const stream = new Rc4(key);
    return { block: 1, update: (bytes) => stream.update(bytes) };
  }
  const keys = Buffer.concat([desKey(key.subarray(0, 7)), desKey(key.subarray(7, 14))]);
  const create = use === "seal" ? createCipheriv : createDecipheriv;
  // Each buffer goes on where the last one ended, so that one cipher without padding of its own serves them all.
  const stream = create("des-ede-cbc", keys, key.subarray(8)).setAutoPadding(false);
  return { block: 8, update: (bytes) => stream.update(bytes) };
}

/** A DES key of eight bytes, seven bits each, from seven bytes. */
function desKey(seven: Uint8Array): Buffer {
  const bits = BigInt(`0x${Buffer.from(seven).toString("hex")}`);
  return Buffer.from(Array.from({ length: 8 }, (_, index) => Number((bits >> BigInt(49 - 7 * index)) & 0x7fn) << 1));
}

function checksumOf(key: Uint8Array, sequence: number, plain: Uint8Array): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(sequence);
  return createHmac("md5", key).update(number).update(plain).digest().subarray(0, checksumLength);
}

function trailerOf(sequence: number): Buffer {
  const trailer = Buffer.alloc(trailerLength);
  trailer.writeUInt16BE(version);
  trailer.writeUInt32BE(sequence, 2);
  return trailer;
}
