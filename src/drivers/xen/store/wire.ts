/** The Xen Store's messages: what a client says and hears, as bytes. Pure. */

/** What messages are about (enum xsd_sockmsg_type). */
export const MessageType = {
  DIRECTORY: 1,
  READ: 2,
  GET_PERMS: 3,
  WATCH: 4,
  UNWATCH: 5,
  TRANSACTION_START: 6,
  TRANSACTION_END: 7,
  INTRODUCE: 8,
  GET_DOMAIN_PATH: 10,
  WRITE: 11,
  MKDIR: 12,
  RM: 13,
  SET_PERMS: 14,
  WATCH_EVENT: 15,
  ERROR: 16,
  DIRECTORY_PART: 22,
} as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

/** Longest payload of a request, in bytes. */
export const maxPayload = 4096;
/** Longest answer that is taken: oxenstored gives programs of the host longer ones than it may. */
export const maxAnswer = 1024 * 1024;
/** Longest paths, in bytes: absolute ones, and those that are relative to the asking domain's own. */
export const maxPath = 3072;
export const maxRelativePath = 2048;

/** Why something cannot be a path (or one of the daemon's own signs, such as `@releaseDomain`); null when it can. */
export function checkPath(path: string): string | null {
  if (!/^[A-Za-z0-9\-/_@]+$/.test(path)) return "it takes letters and digits of ASCII, and '-', '/', '_' and '@'";
  if (path.includes("//") || (path.endsWith("/") && path !== "/")) return "a name in it is empty";
  const most = /^[/@]/.test(path) ? maxPath : maxRelativePath;
  return path.length <= most ? null : `it is longer than ${most} characters`;
}

const headerLength = 16;

export interface Message {
  readonly type: number;
  /** The request that it answers. */
  readonly request: number;
  /** The transaction that it belongs to; 0 for none. */
  readonly transaction: number;
  readonly payload: Buffer;
}

export function encodeMessage({ type, request, transaction, payload }: Message): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt32LE(type, 0);
  header.writeUInt32LE(request, 4);
  header.writeUInt32LE(transaction, 8);
  header.writeUInt32LE(payload.length, 12);
  return Buffer.concat([header, payload]);
}

/** The stream broke the protocol: it cannot be read any further. */
export class StoreProtocolError extends Error {
  override readonly name = "StoreProtocolError";
}

/** Cuts what comes into messages. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that are whole with what has come. @throws {StoreProtocolError} */
  push(chunk: Buffer): Message[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: Message[] = [];
    for (;;) {
      if (this.#rest.length < headerLength) return messages;
      const length = this.#rest.readUInt32LE(12);
      if (length > maxAnswer)
        throw new StoreProtocolError(`a message of ${length} bytes came: the most is ${maxAnswer}`);
      if (this.#rest.length < headerLength + length) return messages;
      const [type, request, transaction] = [0, 4, 8].map((at) => this.#rest.readUInt32LE(at));
      const payload = this.#rest.subarray(headerLength, headerLength + length);
      messages.push({ type: type ?? 0, request: request ?? 0, transaction: transaction ?? 0, payload });
      this.#rest = this.#rest.subarray(headerLength + length);
    }
  }
}

/** Words, each with an end of its own: how most requests are made. */
export function words(...texts: readonly string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\0`).join(""));
}

/** Words that came, each with an end of its own. */
export function wordsOf(payload: Buffer): string[] {
  const parts = payload.toString("utf8").split("\0");
  if (parts.at(-1) === "") parts.pop();
  return parts;
}
