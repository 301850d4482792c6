/** Stands between a client and a daemon and writes down what they say. */
import { connect, createServer, type Server, type Socket } from "node:net";

/** A call and its answer, as they went over the wire. */
export interface Recorded {
  readonly program: number;
  readonly procedure: number;
  readonly serial: number;
  readonly args: Buffer;
  /** Null as long as there is none. */
  answer: { readonly status: number; readonly body: Buffer } | null;
}

const callType = 0;
const replyType = 1;

export class Recorder {
  readonly path: string;
  /** All calls, in the order in which they were made. */
  readonly calls: Recorded[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(path: string, daemon: string) {
    this.path = path;
    this.#server = createServer((client) => this.#accept(client, connect({ path: daemon })));
  }

  static async start(path: string, daemon: string): Promise<Recorder> {
    const recorder = new Recorder(path, daemon);
    await new Promise<void>((resolve) => recorder.#server.listen(path, resolve));
    return recorder;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket, daemon: Socket): void {
    const open = new Map<number, Recorded>();
    const said = frames((program, procedure, type, serial, _status, body) => {
      if (type !== callType) return;
      const call: Recorded = { program, procedure, serial, args: body, answer: null };
      open.set(serial, call);
      this.calls.push(call);
    });
    const answered = frames((_program, _procedure, type, serial, status, body) => {
      const call = open.get(serial);
      if (type !== replyType || !call) return;
      open.delete(serial);
      call.answer = { status, body };
    });
    for (const [from, to, look] of [[client, daemon, said] as const, [daemon, client, answered] as const]) {
      this.#sockets.add(from);
      from.on("data", (chunk: Buffer) => {
        look(chunk);
        to.write(chunk);
      });
      from.on("error", () => {});
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}

type Look = (program: number, procedure: number, type: number, serial: number, status: number, body: Buffer) => void;

/** Cuts a direction's bytes into messages. */
function frames(look: Look): (chunk: Buffer) => void {
  let waiting = Buffer.alloc(0);
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 28 && waiting.length >= waiting.readUInt32BE(0)) {
      const length = waiting.readUInt32BE(0);
      const word = (at: number) => waiting.readUInt32BE(at);
      look(word(4), word(12), word(16), word(20), word(24), Buffer.from(waiting.subarray(28, length)));
      waiting = waiting.subarray(length);
    }
  };
}
