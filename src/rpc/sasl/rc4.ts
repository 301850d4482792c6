/**
 * The stream cipher RC4. It is broken for most uses; DIGEST-MD5, the one password mechanism of libvirt that encrypts a
 * plain TCP connection, has nothing that more peers understand, and OpenSSL 3 no longer offers it.
 */
export class Rc4 {
  readonly #state: Uint8Array;
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    const state = Uint8Array.from({ length: 256 }, (_, index) => index);
    for (let i = 0, j = 0; i < 256; i++) {
      const held = state[i] as number;
      j = (j + held + (key[i % key.length] as number)) & 0xff;
      state[i] = state[j] as number;
      state[j] = held;
    }
    this.#state = state;
  }

  /** Encrypts or decrypts what comes next in the stream. */
  update(bytes: Uint8Array): Buffer {
    const out = Buffer.allocUnsafe(bytes.length);
    const state = this.#state;
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < bytes.length; at++) {
      i = (i + 1) & 0xff;
      const first = state[i] as number;
      j = (j + first) & 0xff;
      const second = state[j] as number;
      state[i] = second;
      state[j] = first;
      out[at] = (bytes[at] as number) ^ (state[(first + second) & 0xff] as number);
    }
    this.#i = i;
    this.#j = j;
    return out;
  }
}
