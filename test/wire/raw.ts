/** A client that sends any bytes to a daemon and sees what comes back. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { MessageStatus, remoteError, remoteProgram } from "../../src/protocol/index.ts";
import { fromBytes } from "../../src/protocol/xdr/index.ts";
import { Framer } from "../../src/rpc/framer.ts";

/** The words of a message's header and its body; what is not given is that of an ordinary call. */
export interface Words {
  readonly prog?: number;
  readonly vers?: number;
  readonly proc?: number;
  readonly type?: number;
  readonly serial?: number;
  readonly status?: number;
  readonly body?: Uint8Array;
  /** A length that is not the message's own. */
  readonly length?: number;
}

/** The bytes of a message. */
export function messageOf(words: Words): Buffer {
  const { prog = remoteProgram.number, vers = 1, proc = 0, type = 0, serial = 0, status = 0 } = words;
  const { body = new Uint8Array(), length = 28 + body.length } = words;
  const prefix = Buffer.alloc(28);
  [length, prog, vers, proc, type, serial, status].forEach((word, index) => {
    prefix.writeUInt32BE(word >>> 0, index * 4);
  });
  return Buffer.concat([prefix, body]);
}

/** A message as a test compares it: an error by its fields, anything else by its bytes. */
export type Seen = Readonly<Record<string, unknown>>;

export class RawClient {
  readonly socket: Socket;
  readonly #framer = new Framer();
  #over = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("data", (chunk) => this.#framer.push(chunk));
    socket.once("close", () => {
      this.#over = true;
    });
  }

  static async connect(path: string): Promise<RawClient> {
    const socket = connect(path);
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** Connects and opens the connection to a driver. */
  static async open(path: string, uri: string): Promise<RawClient> {
    const client = await RawClient.connect(path);
    const name = Buffer.from(uri);
    const body = Buffer.concat([word(1), word(name.length), name, Buffer.alloc(-name.length & 3), word(0)]);
    await client.call({ proc: 66 });
    const opened = await client.call({ proc: 1, serial: 1, body });
    if (opened?.status !== 0) throw new Error(`cannot open ${uri}: ${JSON.stringify(opened)}`);
    return client;
  }

  /** Whether the daemon has ended the connection. */
  get over(): boolean {
    return this.#over;
  }

  send(...messages: readonly Words[]): void {
    this.socket.write(Buffer.concat(messages.map(messageOf)));
  }

  async call(words: Words): Promise<Seen | null> {
    this.send(words);
    return this.next();
  }

  /** The next message; null when the daemon ends the connection. */
  async next(): Promise<Seen | null> {
    for (;;) {
      if (this.#framer.next()) return this.#seen();
      if (this.#over) return null;
      await this.#changed();
    }
  }

  close(): void {
    this.socket.destroy();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.socket.off("data", done);
        this.socket.off("close", done);
        resolve();
      };
      this.socket.on("data", done);
      this.socket.on("close", done);
    });
  }

  #seen(): Seen {
    const { bytes, start, end } = this.#framer;
    const view = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    const [prog, vers, proc, type, serial, status] = [4, 8, 12, 16, 20, 24].map((at) => view.readUInt32BE(at));
    const body = Uint8Array.from(view.subarray(28));
    const isError = status === MessageStatus.ERROR && body.length > 0;
    const content = isError ? fromBytes(remoteError, body) : Buffer.from(body).toString("hex");
    return { prog, vers, proc, type, serial, status, [isError ? "error" : "body"]: content };
  }
}

export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
