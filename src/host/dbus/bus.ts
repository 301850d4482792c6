/**
 * A connection to a D-Bus message bus, as much of one as calling methods takes: no objects of our own, no signals, no
 * descriptors.
 */
import { connect, type Socket } from "node:net";
import { DbusFormatError, DbusReader, type DbusValue, DbusWriter, typesIn } from "./marshal.ts";

export interface MethodCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly args?: readonly DbusValue[];
}

/** An answer of the called program or of the bus: `org.freedesktop.DBus.Error.ServiceUnknown`. */
export class DbusError extends Error {
  override readonly name = "DbusError";
  readonly errorName: string;

  constructor(errorName: string, message: string) {
    super(message);
    this.errorName = errorName;
  }
}

const messageTypes = { call: 1, reply: 2, error: 3 } as const;
const fieldCodes = { path: 1, interface: 2, member: 3, errorName: 4, replySerial: 5, destination: 6, signature: 8 };
/** Where the length of the header fields stands, which is all that has a fixed size. */
const fixedHeader = 16;
/** The largest message that is taken, in bytes. */
const maxMessage = 1024 * 1024;
/** How long connecting may take, in milliseconds. */
const connectTime = 10_000;

interface Pending {
  resolve(values: readonly DbusValue[]): void;
  reject(error: Error): void;
}

/** Where the system bus is, from the environment or at its usual place; null for an address of another kind. */
export function systemBusPath(env: NodeJS.ProcessEnv = process.env): string | null {
  const address = env.DBUS_SYSTEM_BUS_ADDRESS || "unix:path=/var/run/dbus/system_bus_socket";
  for (const one of address.split(";")) {
    const [, keys] = /^unix:(.*)$/.exec(one) ?? [];
    const values = new Map((keys ?? "").split(",").map((pair) => pair.split("=", 2) as [string, string]));
    const path = values.get("path");
    if (path !== undefined) return decodeURIComponent(path);
    const abstract = values.get("abstract");
    if (abstract !== undefined) return `\0${decodeURIComponent(abstract)}`;
  }
  return null;
}

export class Bus {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #received = Buffer.alloc(0);
  #serial = 0;
  #ended: Error | null = null;

  /** Connects, as the user who runs this process. */
  static async open(path: string): Promise<Bus> {
    const socket = connect({ path });
    const timer = setTimeout(() => socket.destroy(new Error("the message bus does not answer")), connectTime);
    try {
      const rest = await authenticate(socket);
      const bus = new Bus(socket, rest);
      await bus.call({ ...theBus, member: "Hello" });
      return bus;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private constructor(socket: Socket, received: Buffer) {
    this.#socket = socket;
    socket.removeAllListeners();
    socket.on("error", (error) => this.#end(error));
    socket.on("close", () => this.#end(new Error("the message bus has closed the connection")));
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#take(received);
    socket.resume();
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  /** Calls a method. Rejects with a DbusError, or with what ended the connection. */
  call(call: MethodCall): Promise<readonly DbusValue[]> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    this.#serial = (this.#serial % 0x7fffffff) + 1;
    const serial = this.#serial;
    return new Promise((resolve, reject) => {
      this.#pending.set(serial, { resolve, reject });
      // Only who waits for an answer keeps the program running.
      this.#socket.ref();
      this.#socket.write(format(call, serial));
    });
  }

  close(): void {
    this.#end(new Error("the connection to the message bus was closed"));
  }

  #end(error: Error): void {
    if (this.#ended !== null) return;
    this.#ended = error;
    this.#socket.destroy();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    try {
      for (;;) {
        const size = sizeOf(this.#received);
        if (size === null || this.#received.length < size) return;
        const message = this.#received.subarray(0, size);
        this.#received = this.#received.subarray(size);
        this.#answer(message);
      }
    } catch (error) {
      this.#end(error as Error);
    }
  }

  #answer(bytes: Buffer): void {
    const { type, fields, body } = parse(bytes);
    if (type !== messageTypes.reply && type !== messageTypes.error) return;
    const pending = this.#pending.get(Number(fields.get(fieldCodes.replySerial)));
    if (pending === undefined) return;
    this.#pending.delete(Number(fields.get(fieldCodes.replySerial)));
    if (this.#pending.size === 0) this.#socket.unref();
    if (type === messageTypes.reply) pending.resolve(body);
    else pending.reject(new DbusError(String(fields.get(fieldCodes.errorName)), String(body[0] ?? "no reason given")));
  }
}

const theBus = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
} as const;

/** Says who we are, which the bus checks with the kernel. @returns what came after the answer */
async function authenticate(socket: Socket): Promise<Buffer> {
  const uid = Buffer.from(String(process.geteuid?.() ?? 0)).toString("hex");
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the message bus has closed the connection")));
    socket.once("connect", () => socket.write(`\0AUTH EXTERNAL ${uid}\r\n`));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf("\r\n");
      if (end < 0 && received.length < 512) return;
      socket.pause();
      const answer = received.toString("latin1", 0, Math.max(end, 0));
      if (!/^OK( |$)/.test(answer)) return reject(new Error(`the message bus refuses: '${answer.slice(0, 80)}'`));
      socket.write("BEGIN\r\n");
      resolve(received.subarray(end + 2));
    });
  });
}

function format(call: MethodCall, serial: number): Buffer {
  const { signature = "", args = [] } = call;
  const body = new DbusWriter();
  for (const [index, type] of typesIn(signature).entries()) body.value(type, args[index] ?? 0);
  const fields: DbusValue[] = [
    [fieldCodes.path, { signature: "o", value: call.path }],
    [fieldCodes.interface, { signature: "s", value: call.interface }],
    [fieldCodes.member, { signature: "s", value: call.member }],
    [fieldCodes.destination, { signature: "s", value: call.destination }],
    ...(signature === "" ? [] : [[fieldCodes.signature, { signature: "g", value: signature }]]),
  ];
  const header = new DbusWriter();
  header.bytes(Buffer.from(["l".charCodeAt(0), messageTypes.call, 0, 1]));
  header.value("u", body.length);
  header.value("u", serial);
  header.value("a(yv)", fields);
  header.align(8);
  return Buffer.concat([header.take(), body.take()]);
}

/** The size of the message that begins here; null when too little of it has come to know. */
function sizeOf(bytes: Buffer): number | null {
  if (bytes.length < fixedHeader) return null;
  const isLittle = bytes[0] === "l".charCodeAt(0);
  const word = (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const fields = word(12);
  const size = fixedHeader + fields + ((8 - (fields % 8)) % 8) + word(4);
  if (size > maxMessage) throw new DbusFormatError(`a message of ${size} bytes`);
  return size;
}

function parse(bytes: Buffer) {
  const isLittle = bytes[0] === "l".charCodeAt(0);
  const reader = new DbusReader(bytes, isLittle, 12);
  const pairs = reader.value("a(yv)") as readonly (readonly [number, { readonly value: DbusValue }])[];
  const fields = new Map(pairs.map(([code, { value }]) => [code, value]));
  reader.align(8);
  const signature = String(fields.get(fieldCodes.signature) ?? "");
  const bodyReader = new DbusReader(bytes.subarray(reader.at), isLittle);
  const body = typesIn(signature).map((type) => bodyReader.value(type));
  return { type: bytes[1], fields, body };
}
