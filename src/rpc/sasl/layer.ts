/** A security layer: what a mechanism puts around the bytes of a connection once the exchange has succeeded (RFC 4422). */
import { SaslError } from "./error.ts";

/** Seals and opens the buffers of one connection, each direction in its order. */
export interface SecurityLayer {
  /** Strength of the encryption in bits, as libvirt's `tcp_min_ssf` counts it. */
  readonly strength: number;
  /** Longest plain text for one call of `seal`, in bytes. */
  readonly maxPlain: number;
  /** Longest sealed buffer that may come in, in bytes without its length word. */
  readonly maxSealed: number;
  seal(plain: Uint8Array): Uint8Array;
  /** @throws SaslError when the buffer was not sealed by the other end, or not as the next one */
  open(sealed: Uint8Array): Uint8Array;
}

/** The bytes as they go on the wire: sealed buffers, each after its length. */
export function sealAll(layer: SecurityLayer, bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += layer.maxPlain) {
    const sealed = layer.seal(bytes.subarray(at, at + layer.maxPlain));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(sealed.length);
    parts.push(length, sealed);
  }
  return Buffer.concat(parts);
}

/** Finds the sealed buffers in what comes in, however it is cut into pieces, and opens them. */
export class LayerReader {
  readonly #layer: SecurityLayer;
  readonly #word = Buffer.alloc(4);
  #wordFilled = 0;
  #sealed: Buffer | null = null;
  #filled = 0;

  constructor(layer: SecurityLayer) {
    this.#layer = layer;
  }

  /** The plain bytes that are complete with this piece. Throws SaslError; the connection is then at its end. */
  push(piece: Uint8Array): Uint8Array[] {
    const opened: Uint8Array[] = [];
    let at = 0;
    while (at < piece.length) {
      at += this.#sealed === null ? this.#takeLength(piece, at) : this.#take(this.#sealed, piece, at);
      if (this.#sealed === null || this.#filled < this.#sealed.length) continue;
      const plain = this.#layer.open(this.#sealed);
      this.#sealed = null;
      if (plain.length > 0) opened.push(plain);
    }
    return opened;
  }

  #takeLength(piece: Uint8Array, at: number): number {
    const taken = Math.min(4 - this.#wordFilled, piece.length - at);
    this.#word.set(piece.subarray(at, at + taken), this.#wordFilled);
    this.#wordFilled += taken;
    if (this.#wordFilled < 4) return taken;
    const length = this.#word.readUInt32BE();
    if (length === 0 || length > this.#layer.maxSealed) {
      throw new SaslError(`a sealed buffer of ${length} bytes is not between 1 and ${this.#layer.maxSealed}`);
    }
    this.#wordFilled = 0;
    this.#filled = 0;
    this.#sealed = Buffer.alloc(length);
    return taken;
  }

  #take(sealed: Buffer, piece: Uint8Array, at: number): number {
    const taken = Math.min(sealed.length - this.#filled, piece.length - at);
    sealed.set(piece.subarray(at, at + taken), this.#filled);
    this.#filled += taken;
    return taken;
  }
}
