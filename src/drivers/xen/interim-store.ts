import type { Socket } from "node:net";
import { LibvirtError } from "../../errors.ts";
import { connectUnix } from "../../host/unix.ts";
import type { Store } from "./roads.ts";

export async function openStore(path = "/run/xenstored/socket"): Promise<Store> {
  let socket: Socket;
  try {
    socket = (await connectUnix(path)) as Socket;
  } catch (cause) {
    throw new LibvirtError("NO_CONNECT", "XEN", `no xenstored: ${(cause as Error).message}`, { cause });
  }
  return new Client(socket);
}
class Client implements Store {
  #n = 1;
  #w = new Map<string, () => void>();
  #p = new Map<number, (t: number, b: Buffer) => void>();
  #buf = Buffer.alloc(0);
  readonly socket: Socket;
  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (d: Buffer) => {
      this.#buf = Buffer.concat([this.#buf, d]);
      while (this.#buf.length >= 16) {
        const [t, r, , l] = [0, 4, 8, 12].map((o) => this.#buf.readUInt32LE(o)) as [number, number, number, number];
        if (this.#buf.length < 16 + l) break;
        const body = this.#buf.subarray(16, 16 + l);
        this.#buf = this.#buf.subarray(16 + l);
        if (t === 15) this.#w.get(body.toString().split("\0")[1] ?? "")?.();
        else {
          const f = this.#p.get(r);
          this.#p.delete(r);
          f?.(t, body);
        }
      }
    });
  }
  #ask(type: number, ...words: string[]): Promise<Buffer> {
    const id = this.#n++;
    const body = Buffer.from(words.join("\0"));
    const h = Buffer.alloc(16);
    h.writeUInt32LE(type, 0);
    h.writeUInt32LE(id, 4);
    h.writeUInt32LE(body.length, 12);
    this.socket.write(Buffer.concat([h, body]));
    return new Promise((ok, no) =>
      this.#p.set(id, (t, b) => (t === 16 ? no(new Error(b.toString().replace(/\0/g, ""))) : ok(b))),
    );
  }
  read(path: string) {
    return this.#ask(2, path, "").then(
      (b) => b.toString(),
      () => null,
    );
  }
  async write(path: string, value: string) {
    await this.#ask(11, path, value);
  }
  async remove(path: string) {
    await this.#ask(13, path, "");
  }
  list(path: string) {
    return this.#ask(1, path, "").then(
      (b) => b.toString().split("\0").filter(Boolean),
      () => [] as string[],
    );
  }
  async watch(path: string, f: () => void) {
    const token = `t${this.#n}`;
    this.#w.set(token, f);
    await this.#ask(4, path, token, "");
    return async () => {
      this.#w.delete(token);
    };
  }
  async close() {
    this.socket.destroy();
  }
}
