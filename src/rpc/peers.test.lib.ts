/** Both ends of a connection in one process, or a raw end that sends and sees bytes. */
import { once } from "node:events";
import type { LibvirtError } from "../errors.ts";
import {
  type MessageHeader,
  MessageStatus,
  MessageType,
  messageHeader,
  qemuProgram,
  remoteError,
  remoteProgram,
} from "../protocol/index.ts";
import { decode, fromBytes, Reader, toBytes } from "../protocol/xdr/index.ts";
import { RpcClient } from "./client.ts";
import { Framer } from "./framer.ts";
import { transportPair } from "./memory-transport.ts";
import { type RpcServerOptions, RpcServerPeer } from "./server.ts";
import type { Transport } from "./transport.ts";

export type Dispatch = RpcServerOptions["dispatch"];

function serve(transport: Transport, dispatch: Dispatch, options: Partial<RpcServerOptions>) {
  const closed: (Error | undefined)[] = [];
  const server = new RpcServerPeer(transport, {
    programs: [remoteProgram, qemuProgram],
    dispatch,
    onClose: (reason) => closed.push(reason),
    ...options,
  });
  return { server, closed };
}

/** A client and a server that answers by `dispatch`. */
export function connected(dispatch: Dispatch, options: Partial<RpcServerOptions> = {}) {
  const [near, far] = transportPair();
  const events: (readonly [string, unknown])[] = [];
  const reasons: LibvirtError[] = [];
  const client = new RpcClient(near, {
    onEvent: (name, message) => events.push([name, message]),
    onClose: (reason) => reasons.push(reason),
  });
  return { client, events, reasons, ...serve(far, dispatch, options) };
}

/** A server, and the raw other end of its connection. */
export function rawClient(dispatch: Dispatch, options: Partial<RpcServerOptions> = {}) {
  const [near, far] = transportPair();
  return { raw: new RawEnd(near), ...serve(far, dispatch, options) };
}

/** A client, and the raw other end of its connection. */
export function rawServer() {
  const [near, far] = transportPair();
  const events: (readonly [string, unknown])[] = [];
  const reasons: LibvirtError[] = [];
  const client = new RpcClient(near, {
    onEvent: (name, message) => events.push([name, message]),
    onClose: (reason) => reasons.push(reason),
  });
  return { raw: new RawEnd(far), client, events, reasons };
}

export interface RawMessage extends MessageHeader {
  readonly body: Uint8Array;
}

export type Words = Partial<Omit<MessageHeader, "type" | "status">> & {
  readonly type?: number;
  readonly status?: number;
  readonly body?: Uint8Array;
};

/** The bytes of a message; what is not given is a call of procedure 0. */
export function bytesOf({ body = new Uint8Array(), ...words }: Words): Buffer {
  const { prog = remoteProgram.number, vers = 1, proc = 0, type = 0, serial = 0, status = 0 } = words;
  const prefix = Buffer.alloc(28);
  [28 + body.length, prog, vers, proc, type, serial, status].forEach((word, index) => {
    prefix.writeUInt32BE(word >>> 0, index * 4);
  });
  return Buffer.concat([prefix, body]);
}

export class RawEnd {
  readonly transport: Transport;
  over = false;
  readonly #framer = new Framer();
  readonly #changed = new EventTarget();

  constructor(transport: Transport) {
    this.transport = transport;
    transport.start({
      data: (chunk) => {
        this.#framer.push(chunk);
        this.#changed.dispatchEvent(new Event("change"));
      },
      drain() {},
      end: () => {
        this.over = true;
        this.#changed.dispatchEvent(new Event("change"));
      },
    });
  }

  send(...messages: Words[]): void {
    this.transport.send(Buffer.concat(messages.map(bytesOf)));
  }

  /** The next message from the other end; null when the connection ends. */
  async next(): Promise<RawMessage | null> {
    for (;;) {
      if (this.#framer.next()) {
        const { bytes, start, end } = this.#framer;
        const reader = new Reader(bytes, start + 4, end);
        const header = decode(messageHeader, reader);
        return { ...header, body: bytes.slice(reader.position, end) };
      }
      if (this.over) return null;
      await once(this.#changed, "change");
    }
  }

  /** A call and the next message. */
  async call(words: Words): Promise<RawMessage | null> {
    this.send(words);
    return this.next();
  }
}

/** What an error message says. */
export function errorOf(message: RawMessage | null): string {
  if (message?.status !== MessageStatus.ERROR) throw new Error(`no error: ${JSON.stringify(message?.status)}`);
  const { code, domain, message: text } = fromBytes(remoteError, message.body);
  return `${code}/${domain} ${text}`;
}

/** Everything that is ready to happen in this process has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}

export { MessageStatus, MessageType, toBytes };
