/** A guest's screen, read as a VNC client does (RFB 3.8, RFC 6143). */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface Screen {
  readonly width: number;
  readonly height: number;
  /** Its title. */
  readonly name: string;
  /** Four bytes for each pixel, row by row. */
  readonly pixels: Buffer;
}

/** Reads as much as is asked for, as it comes. */
class Reader {
  readonly #socket: Socket;
  #have = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (bytes) => {
      this.#have = Buffer.concat([this.#have, bytes]);
    });
  }

  async take(length: number): Promise<Buffer> {
    while (this.#have.length < length) {
      await once(this.#socket, "data", { signal: AbortSignal.timeout(60_000) });
    }
    const taken = this.#have.subarray(0, length);
    this.#have = this.#have.subarray(length);
    return taken;
  }
}

/** Connects to a screen without a password on this machine, looks at it once, and leaves. */
export async function screenAt(port: number): Promise<Screen> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  try {
    return await look(socket, new Reader(socket));
  } finally {
    socket.destroy();
  }
}

async function look(socket: Socket, reader: Reader): Promise<Screen> {
  assert.equal((await reader.take(12)).toString(), "RFB 003.008\n");
  socket.write("RFB 003.008\n");
  const [kinds = 0] = await reader.take(1);
  const noPassword = 1;
  assert.ok((await reader.take(kinds)).includes(noPassword), "the screen wants a password");
  socket.write(Buffer.from([noPassword]));
  assert.equal((await reader.take(4)).readUInt32BE(), 0, "the screen was refused");
  const shared = 1;
  socket.write(Buffer.from([shared]));
  const begin = await reader.take(24);
  const [width, height] = [begin.readUInt16BE(0), begin.readUInt16BE(2)];
  assert.equal(begin[4], 32, "bits of a pixel");
  const name = (await reader.take(begin.readUInt32BE(20))).toString();
  return { width, height, name, pixels: await wholePicture(socket, reader, width, height) };
}

/** Asks for the whole picture, which comes in rectangles of raw pixels. */
async function wholePicture(socket: Socket, reader: Reader, width: number, height: number): Promise<Buffer> {
  const setEncodings = Buffer.from([2, 0, 0, 1, 0, 0, 0, 0]);
  const request = Buffer.alloc(10);
  request[0] = 3;
  request.writeUInt16BE(width, 6);
  request.writeUInt16BE(height, 8);
  socket.write(Buffer.concat([setEncodings, request]));
  const pixels = Buffer.alloc(width * height * 4);
  const update = await reader.take(4);
  assert.equal(update[0], 0, "a picture");
  for (let left = update.readUInt16BE(2); left > 0; left--) {
    const rectangle = await reader.take(12);
    const [x = 0, y = 0, columns = 0, rows = 0] = [0, 2, 4, 6].map((at) => rectangle.readUInt16BE(at));
    assert.equal(rectangle.readInt32BE(8), 0, "raw pixels");
    for (let row = 0; row < rows; row++) {
      (await reader.take(columns * 4)).copy(pixels, ((y + row) * width + x) * 4);
    }
  }
  return pixels;
}
