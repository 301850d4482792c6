import assert from "node:assert/strict";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type TestContext, test } from "node:test";
import type { StreamEnd } from "../../rpc/stream.ts";
import {
  type Connection,
  isLibvirtError,
  open,
  registerDriver,
  type StorageVol,
  StorageVolDownloadFlags,
  StorageVolUploadFlags,
  silenceErrors,
} from "../index.ts";

silenceErrors();

const mebibyte = 1024 * 1024;

async function opened(t: TestContext): Promise<Connection> {
  const conn = await open("test:///default");
  t.after(() => conn.close());
  return conn;
}

async function volume(conn: Connection, name: string, size: number): Promise<StorageVol> {
  const pool = await conn.storagePoolLookupByName("default-pool");
  return pool.createXML(`<volume><name>${name}</name><capacity>${size}</capacity></volume>`);
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("what is uploaded through a pipeline comes back by download", async (t) => {
  const conn = await opened(t);
  const vol = await volume(conn, "piped", 8 * mebibyte);
  const data = Buffer.from(Uint8Array.from({ length: 3 * mebibyte }, (_, index) => index * 7));
  await pipeline(Readable.from([data.subarray(0, 1000), data.subarray(1000)]), await vol.upload(512n, data.length));
  assert.ok((await bytesOf(await vol.download(512, data.length))).equals(data));
  const kept: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      kept.push(chunk);
      setImmediate(done);
    },
  });
  await pipeline(await vol.download(), sink);
  const whole = Buffer.concat(kept);
  assert.equal(whole.length, 8 * mebibyte);
  assert.ok(whole.subarray(512, 512 + data.length).equals(data));
});

test("an upload is over when the other side has taken everything", async (t) => {
  const conn = await opened(t);
  const vol = await volume(conn, "sent", 1000);
  const upload = await vol.upload();
  assert.equal(await upload.send(Buffer.from("abc")), 3);
  await upload.finish();
  assert.equal(upload.destroyed, true);
  const download = await vol.download(1, 4);
  assert.deepEqual(await download.recv(2), Buffer.from("bc"));
  assert.deepEqual(await download.recv(10), Buffer.from("\0\0"));
  assert.equal((await download.recv(10)).length, 0);
});

test("what does not fit is refused, to pipeline, finish and sendAll alike", async (t) => {
  const conn = await opened(t);
  const vol = await volume(conn, "small", 10);
  const tooMuch = Buffer.alloc(11);
  const refused = { message: /No space left on device/ };
  await assert.rejects(pipeline(Readable.from([tooMuch]), await vol.upload()), refused);
  const upload = await vol.upload();
  await upload.send(tooMuch);
  await assert.rejects(upload.finish(), refused);
  await assert.rejects((await vol.upload()).sendAll([tooMuch]), refused);
  assert.match(conn.getLastError()?.message ?? "", refused.message);
  await assert.rejects(vol.download(11), (error) => isLibvirtError(error, "INVALID_ARG"));
});

test("holes go as holes where they are asked for, and read as zeros elsewhere", async (t) => {
  const conn = await opened(t);
  const vol = await volume(conn, "sparse", 4 * mebibyte);
  const upload = await vol.upload(0, 0, StorageVolUploadFlags.SPARSE_STREAM);
  await upload.send(Buffer.from("begin"));
  await upload.sendHole(mebibyte);
  await upload.send(Buffer.from("end"));
  await upload.finish();
  let [data, holes] = [0, 0n];
  for await (const chunk of (await vol.download(0, 0, StorageVolDownloadFlags.SPARSE_STREAM)).chunks()) {
    if ("hole" in chunk) holes += chunk.hole;
    else data += chunk.length;
  }
  assert.equal(BigInt(data) + holes, BigInt(4 * mebibyte));
  assert.ok(holes > 3n * BigInt(mebibyte) - 200_000n);
  const plain = await bytesOf(await vol.download(0, 0, StorageVolDownloadFlags.SPARSE_STREAM));
  assert.equal(plain.length, 4 * mebibyte);
  assert.equal(plain.toString("latin1", 0, 5), "begin");
  assert.equal(plain.toString("latin1", mebibyte + 5, mebibyte + 8), "end");
  assert.ok(plain.subarray(mebibyte + 8).every((byte) => byte === 0));
  const copy = await volume(conn, "copy", 4 * mebibyte);
  const source = await vol.download(0, 0, StorageVolDownloadFlags.SPARSE_STREAM);
  await (await copy.upload(0, 0, StorageVolUploadFlags.SPARSE_STREAM)).sendAll(source.chunks());
  assert.ok((await bytesOf(await copy.download())).equals(plain));
});

test("recvAll hands over everything", async (t) => {
  const conn = await opened(t);
  const vol = await volume(conn, "all", mebibyte);
  let received = 0;
  await (await vol.download()).recvAll(async (data) => {
    received += data.length;
  });
  assert.equal(received, mebibyte);
});

test("a source that fails aborts the upload", async (t) => {
  const conn = await opened(t);
  const vol = await volume(conn, "failing", 1000);
  const upload = await vol.upload();
  const source = (async function* () {
    yield Buffer.from("a");
    throw new Error("mine");
  })();
  await assert.rejects(upload.sendAll(source), { message: "mine" });
  assert.equal(upload.destroyed, true);
  await assert.rejects(upload.send(Buffer.from("b")), (error) => isLibvirtError(error, "OPERATION_INVALID"));
});

/** A driver whose console gives back what it gets, in capitals. */
function echoDriver(): { readonly ends: StreamEnd[] } {
  const ends: StreamEnd[] = [];
  registerDriver({
    name: "echo",
    accepts: (uri) => uri.driver === "echo",
    open: () => ({
      domainLookupByName: ({ name }) => ({ dom: { name, uuid: new Uint8Array(16), id: 1 } }),
      domainOpenConsole(_, { stream }) {
        assert.ok(stream);
        ends.push(stream);
        stream.on("data", (chunk: Uint8Array) =>
          stream.write(Buffer.from(Buffer.from(chunk).toString().toUpperCase())),
        );
        stream.on("end", () => stream.end());
      },
    }),
  });
  return { ends };
}

test("a console goes both ways, and ends by signal, by abort and with its connection", async () => {
  const { ends } = echoDriver();
  const conn = await open("echo:///");
  const domain = await conn.lookupByName("x");
  const console = await domain.openConsole();
  console.write("hello");
  assert.deepEqual(await console.recv(5), Buffer.from("HELLO"));
  console.end();
  assert.equal((await console.recv(1)).length, 0);

  const control = new AbortController();
  const signalled = await domain.openConsole(null, 0, { signal: control.signal });
  control.abort(new Error("enough"));
  await assert.rejects(signalled.finish(), (error) => isLibvirtError(error, "OPERATION_ABORTED"));

  const aborted = await domain.openConsole();
  aborted.abort();
  assert.equal(aborted.destroyed, true);

  const open1 = await domain.openConsole();
  await conn.close();
  await assert.rejects(open1.finish(), (error) => isLibvirtError(error, "INVALID_STREAM"));
  // The driver's side learns of every end.
  for (const end of ends) assert.equal(end.destroyed || end.writableEnded, true);
});

test("a picture of the screen is a PNG", async (t) => {
  const conn = await opened(t);
  const { mimeType, stream } = await (await conn.lookupByName("test")).screenshot();
  assert.equal(mimeType, "image/png");
  assert.equal((await bytesOf(stream)).toString("latin1", 1, 4), "PNG");
});
